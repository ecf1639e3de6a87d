"""Station magnitudes by a relation of peak P displacement, and events measured with one."""

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.errors import ModelError
from forewave.events.magnitude.expected_peaks import GRID
from forewave.events.magnitude.p_displacement import relation_named, station_magnitude
from forewave.events.memory.network import Network
from forewave.events.publication import TrackerSettings
from forewave.events.relations import ENVELOPES, RELATIONS
from forewave.events.relations.card import magnitude
from forewave.events.tracker import Tracker
from tests.events import made
from tests.events.made import Quake

AT = made.station("A", 40.0, 0.0)
RELATION = RELATIONS["kuyuk_allen_2013"]  # of 4 s of P, epicentral
KM, PD_M = 40.0, 1e-3


def measured(*peaks, relation=RELATION, s_after=20.0, km=KM, depth_km=10.0, noise_pd_m=1e-6, **own):
    """The station's magnitude of (seconds since the pick, displacement in m)."""
    network = Network((AT,))
    network.add_state(made.state(AT, 10.0, noise_pd_m=noise_pd_m))
    pick = replace(made.pick(AT, 10.0), **own)
    history = [made.amplitude(pick, since, 0.1, pd_m) for since, pd_m in peaks]
    watch = network.watches[AT.code]
    args = watch, pick, history, pick.time + s_after, km, depth_km
    return station_magnitude(relation, *args)


def test_it_gives_the_papers_magnitude():
    found = measured((4.0, PD_M))
    assert found.value == pytest.approx(float(magnitude(RELATION, PD_M, KM)), abs=0.03)
    assert (found.station, found.phase) == (AT.code, "P")
    at = int(np.argmax(found.log_likelihood))
    sigma = round(RELATION.sigma / (GRID[1] - GRID[0]))
    assert found.log_likelihood[at + sigma] == pytest.approx(-0.5, abs=0.1)


def test_the_distance_is_of_the_kind_that_the_paper_means():
    for name, km in (("kuyuk_allen_2013", KM), ("wu_zhao_2006", float(np.hypot(KM, 60.0)))):
        relation = RELATIONS[name]
        found = measured((relation.seconds, PD_M), relation=relation, depth_km=60.0)
        assert found.value == pytest.approx(float(magnitude(relation, PD_M, km)), abs=0.03)


def test_only_peaks_within_its_seconds_of_p_and_before_s_count():
    alone = measured((4.0, PD_M)).value
    assert measured((4.0, PD_M), (4.5, 9 * PD_M)).value == alone
    assert measured((3.0, PD_M), (3.5, 9 * PD_M), s_after=3.2).value == alone
    assert measured((3.0, PD_M), s_after=2.0) is None


def test_while_the_peak_may_grow_all_larger_magnitudes_are_as_likely():
    young, settled = measured((1.0, PD_M)), measured((4.0, PD_M))
    assert young.log_likelihood[-1] == young.log_likelihood.max() == 0.0
    assert settled.log_likelihood[-1] < -2.0
    assert young.weight < settled.weight
    assert measured((0.3, PD_M)) is None


@pytest.mark.parametrize(
    "how",
    [{"km": 300.0}, {"noise_pd_m": PD_M / 2}, {"noise_pd3_m": PD_M / 2}, {"noise_pd_m": np.nan}],
    ids=["beyond its range", "noise", "coda before the pick", "noise unknown"],
)
def test_where_it_does_not_hold_nothing_is_measured(how):
    assert measured((4.0, PD_M)) is not None
    assert measured((4.0, PD_M), **how) is None


def test_the_default_is_no_relation_and_a_wrong_name_is_refused(travel_times):
    assert relation_named(TrackerSettings().relation) is relation_named(ENVELOPES) is None
    assert relation_named(RELATION.name) is RELATION
    with pytest.raises(ModelError, match=r"'kuyuk': expected one of cua_heaton_2007, kuyuk_allen"):
        Tracker([AT], travel_times, TrackerSettings(relation="kuyuk"))


def test_an_event_is_measured_with_the_relation_that_the_settings_name(travel_times):
    """All stations report the same small displacement; their other peaks are an M6's."""
    stations = made.grid(20.0, 5, 0.3, 3)
    quake = Quake(4.0, 5.0, 12.0, 6.0)

    def weaker(item):
        return replace(item, pd_m=1e-4) if getattr(item, "pick", None) else item

    packets = [
        (now, [weaker(item) for item in items])
        for now, items in made.whole(quake, stations, travel_times, 38.0)
    ]

    def last(relation):
        tracker = Tracker(stations, travel_times, TrackerSettings(relation=relation))
        return made.solutions(made.play(tracker, packets))[-1].magnitude.value

    assert last(ENVELOPES) == pytest.approx(6.0, abs=0.5)
    assert last("kuyuk_allen_2013") < last(ENVELOPES) - 0.4
