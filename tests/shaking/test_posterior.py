import numpy as np
import pytest

from forewave.earth.gmm import MODELS
from forewave.earth.travel_time import TravelTimes
from forewave.shaking import posterior
from forewave.shaking.observed import NOT_FELT, Seen
from forewave.shaking.posterior import combine, source_alone
from forewave.shaking.sites import sites
from forewave.shaking.source_forecast import expect
from forewave.types import Magnitude, Origin, Place, Solution

X, Z = np.array([0.0, 1000.0]), np.array([0.0, 700.0])
TABLE = TravelTimes("straight", X, Z, (X[:, None] + Z) / 6.0, (X[:, None] + Z) / 3.5)
MANY = 300
CODES = [f"ST.{i}" for i in range(MANY)]
PLACES = [Place(code, 30.0 + 0.02 * i, 103.0, "station") for i, code in enumerate(CODES)]
WHERE = sites(PLACES, [], 400.0)
ORIGIN = Origin(0.0, 30.0, 103.0, 10.0, 0.5, 3.0, 3.0)
SOLUTION = Solution("ev", 1, ORIGIN, Magnitude(6.0, 0.3, "M", 5), None, (), 1.0)
EXPECTED = expect(SOLUTION, WHERE, TABLE, MODELS["boore_2014"])
FORECAST = EXPECTED.median[WHERE.observers]


def seen(mmi, settled=True, begun=True):
    flags = (np.broadcast_to(flag, MANY) for flag in (settled, begun))
    return Seen(np.asarray(mmi), *flags)


def nothing_but(rows, more):
    """Only these stations have anything to say: so much more than forecast."""
    mmi = np.full(MANY, np.nan)
    mmi[rows] = FORECAST[rows] + more
    return mmi


def test_nobody_has_spoken():
    alone = source_alone(EXPECTED)
    found = combine(EXPECTED, WHERE.observers, seen(np.full(MANY, np.nan)))
    assert found.median == pytest.approx(alone.median, nan_ok=True)
    assert found.bias == 0.0
    assert not posterior.cells_around(found)


def test_what_was_seen_moves_everything_and_leaves_it_surer():
    found = combine(EXPECTED, WHERE.observers, seen(nothing_but([5, 20, 35, 50], 0.5)))
    alone = source_alone(EXPECTED)
    known = np.isfinite(alone.median)
    assert (found.median[known] >= alone.median[known]).all()
    assert found.bias > 0.2
    assert (found.sigma[known] <= alone.sigma[known] + 1e-6).all()


def test_a_peak_that_may_yet_grow_counts_only_as_the_least():
    rows = [5, 20, 35, 50]
    early = {"settled": False, "begun": False}
    assert combine(EXPECTED, WHERE.observers, seen(nothing_but(rows, -1.0), **early)).bias == 0.0
    assert combine(EXPECTED, WHERE.observers, seen(nothing_but(rows, 0.8), **early)).bias > 0.2
    assert combine(EXPECTED, WHERE.observers, seen(nothing_but(rows, -1.0))).bias < -0.2


def test_where_nothing_was_felt_or_forecast_nobody_speaks():
    far = np.flatnonzero(FORECAST < NOT_FELT)
    quiet = np.full(MANY, np.nan)
    quiet[far] = NOT_FELT
    assert combine(EXPECTED, WHERE.observers, seen(quiet)).stations is None


def test_the_nearest_speak_and_not_too_many():
    mmi = np.where(np.isfinite(FORECAST), FORECAST + 0.5, np.nan)
    found = combine(EXPECTED, WHERE.observers, seen(mmi))
    assert found.stations is not None
    assert len(found.stations.nearby()) == posterior.MOST_STATIONS
    assert np.isfinite(found.median[:150]).all()


def test_motion_of_a_few_neighbours_makes_cells_strongest_first():
    mmi = np.where(np.isfinite(FORECAST), FORECAST, np.nan)
    mmi[60:70] += 2.0
    found = combine(EXPECTED, WHERE.observers, seen(mmi))
    assert found.exceeds[WHERE.observers[64]]
    assert not found.exceeds[WHERE.observers[5]]
    around = posterior.cells_around(found)
    assert 9 <= len(around) <= 9 * posterior.AROUND
    order = posterior.strongest(found)
    assert (np.diff(found.median[order]) <= 0).all()
    assert len(order) <= posterior.MOST_CELLS


def test_a_forecast_stays_within_the_scale():
    mmi = np.where(np.isfinite(FORECAST), 10.0, np.nan)
    found = combine(EXPECTED, WHERE.observers, seen(mmi))
    assert np.nanmax(found.median) <= 10.0
    assert np.nanmin(found.median) >= 1.0
