import numpy as np
import pytest
from msgspec.structs import replace

from forewave.earth.gmm import MODELS
from forewave.earth.gmm.card import Source
from forewave.shaking import prior
from forewave.shaking.source_distance import Spread

BOORE = MODELS["boore_2014"]
R = np.array([5.0, 40.0, 200.0])
VS30 = np.full(3, 400.0)
SURE = prior.Unsure(0.0, 0.0)
KNOWN = Spread(R, np.zeros(3))


def test_a_source_known_exactly_leaves_the_scatter_of_model_and_conversion():
    found = prior.forecast(BOORE, Source(6.5), SURE, KNOWN, VS30)
    by_pga = np.hypot(np.hypot(0.495, 0.348) * 3.70 / np.log(10.0), 0.66)
    by_pgv = np.hypot(np.hypot(0.552, 0.346) * 3.16 / np.log(10.0), 0.63)
    assert found.sigma[0] == pytest.approx((by_pga + by_pgv) / 2)
    assert found.median == pytest.approx(prior.mmi(BOORE, Source(6.5), R, VS30).median)


@pytest.mark.parametrize("magnitude", [3.0, 5.0, 6.5, 8.5])
def test_what_is_unsure_of_the_source_widens_the_forecast(magnitude):
    source = Source(magnitude)
    least = prior.forecast(BOORE, source, SURE, KNOWN, VS30).sigma
    for unsure, distance in [
        (prior.Unsure(0.5, 0.0), KNOWN),
        (prior.Unsure(0.0, 15.0), KNOWN),
        (SURE, Spread(R, np.full(3, 0.4))),
    ]:
        wider = prior.forecast(BOORE, source, unsure, distance, VS30).sigma
        assert np.isfinite(wider).all()
        # At magnitude 3 the far places are at the bottom of the scale, where nothing moves.
        assert wider[0] > least[0]
        assert (wider >= least).all()


def test_half_a_magnitude_is_carried_over_by_the_slope_of_the_model():
    exact = prior.forecast(BOORE, Source(6.0), SURE, KNOWN, VS30)
    unsure = prior.forecast(BOORE, Source(6.0), prior.Unsure(0.05, 0.0), KNOWN, VS30)
    above, below = (prior.mmi(BOORE, Source(6.0 + d), R, VS30).median for d in (0.05, -0.05))
    added = np.sqrt(unsure.sigma**2 - exact.sigma**2)
    assert added == pytest.approx((above - below) / 2, rel=0.15)


def test_motion_is_felt_as_the_mean_of_what_acceleration_and_velocity_say():
    """From the independent values of tests/reference: M 7, 20 km, Vs30 400."""
    pga_g, pgv_cms = 0.1929656, 19.88335
    expected = (-1.60 + 3.70 * np.log10(pga_g * 980.665) + 2.89 + 3.16 * np.log10(pgv_cms)) / 2
    assert prior.mmi(BOORE, Source(7.0), 20.0, 400.0).median == pytest.approx(expected, abs=0.01)


def test_a_card_of_one_motion_is_felt_by_that_one_alone():
    alone = replace(BOORE, measures=("pga_ms2",))
    pga_gal = 0.1929656 * 980.665
    found = prior.mmi(alone, Source(7.0), 20.0, 400.0)
    assert found.median == pytest.approx(-1.60 + 3.70 * np.log10(pga_gal), abs=0.001)
    assert found.sigma == pytest.approx(np.hypot(0.605086 * 3.70 / np.log(10.0), 0.66), abs=0.001)


def test_a_card_of_mmi_is_taken_at_its_word():
    model = MODELS["allen_wald_worden_2012"]
    found = prior.mmi(model, Source(6.0), [50.0], [400.0])
    assert found.median[0] == pytest.approx(5.16, abs=0.01)
    assert found.sigma[0] == pytest.approx(0.82 + 0.37 / (1 + (50 / 22.9) ** 2))


def test_too_far_is_nan_and_not_a_number():
    found = prior.forecast(
        BOORE, Source(7.0), prior.Unsure(0.3, 5.0), Spread(R + 400.0, R * 0), VS30
    )
    assert np.isnan(found.median).all()
    assert np.isnan(found.sigma).all()
