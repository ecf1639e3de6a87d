import math

import pytest

from forewave.shaking_map.observation import Observation, checked

GOOD = Observation("A", 35.0, 20.0, 1.0, 0.1)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (Observation("A", 95.0, 20.0, 1.0), "no place"),
        (Observation("A", math.nan, 20.0, 1.0), "no place"),
        (Observation("A", 35.0, 20.0), "nothing was observed"),
        (Observation("A", 35.0, 20.0, 0.0), "PGA is 0.0"),
        (Observation("A", 35.0, 20.0, -1.0), "PGA is -1.0"),
        (Observation("A", 35.0, 20.0, math.nan), "PGA is nan"),
        (Observation("A", 35.0, 20.0, 51.0), "at most 50"),
        (Observation("A", 35.0, 20.0, pgv_ms=11.0), "PGV is 11.0"),
        (Observation("A", 35.0, 20.0, mmi=13.0), "MMI is 13.0"),
        (Observation("A", 35.0, 20.0, 1.0, vs30_ms=5.0), "Vs30 is 5.0"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(wrong, reason):
    kept, refused = checked([GOOD, wrong])
    assert kept == [GOOD]
    assert [(one.name, reason in one.reason) for one in refused] == [("A", True)]


def test_each_is_used_once_in_one_order():
    other = Observation("B", 35.0, 20.0, mmi=5.0)
    assert checked([other, GOOD, GOOD, other])[0] == [GOOD, other]
