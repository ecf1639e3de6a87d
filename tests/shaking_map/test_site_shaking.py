from forewave.shaking_map.shaking_map import conditioned
from forewave.shaking_map.site_shaking import MEASURES
from tests.shaking_map.scene import RECORDS, SOLUTION


def test_every_measure_has_a_median_and_a_sigma():
    found = conditioned(SOLUTION, RECORDS).at([35.0, 35.5], [20.0, 20.5])
    assert set(found.median) == set(found.sigma) == set(MEASURES)
    assert all(len(values) == 2 for values in (*found.median.values(), *found.sigma.values()))
