"""Magnitude and rupture of an event from what its own picks show."""

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events import restore
from forewave.events.associate import Member
from forewave.events.magnitude.measure import measure, s_peaks
from forewave.events.memory.network import Network
from forewave.events.other_events import OtherEvents
from forewave.types import Magnitude, Origin
from tests.events import made
from tests.events.made import NOBODY, PLANE, T0, Quake

STATIONS = made.grid(20.0, 6, 0.3, 3)
SMALL = Quake(4.0, -3.0, 8.0, 4.5)
GREAT = Quake(-90.0, 20.0, 12.0, 7.2, time=-10.0)  # its S is among the stations before SMALL's P


@pytest.fixture(scope="module")
def found(travel_times):
    """An event of M4.5 at 52 s, with the network that observed it."""
    packets = made.whole(SMALL, STATIONS, travel_times, 52.0)
    return made.begun(STATIONS, travel_times, packets)


def test_the_magnitude_is_that_of_the_event_and_there_is_no_line(found):
    network, event = found
    magnitude, rupture = measure(event, network, NOBODY)
    assert magnitude.value == pytest.approx(SMALL.magnitude, abs=0.4)
    assert rupture is None


def test_without_peaks_there_is_no_magnitude(found):
    event = found[1]
    picks_only = Network(STATIONS)
    for member in event.phases():
        picks_only.add_pick(member.pick)
    assert measure(event, picks_only, NOBODY)[0] is None


def test_waves_of_another_event_are_not_measured(travel_times, found):
    """Under a larger earthquake's S the small one's peaks are the large one's."""
    network, event = found
    _, other = made.begun(STATIONS, travel_times, made.whole(GREAT, STATIONS, travel_times, 80.0))
    # the same peaks, as an event there would cause them
    other.arrivals = replace(other.arrivals, p=[T0] * len(STATIONS), s=[T0 + 1.0] * len(STATIONS))
    others = OtherEvents(network, [other])
    assert others.events == [other]
    alone, beside = (measure(event, network, o)[0] for o in (NOBODY, others))
    assert beside is None or beside.stations <= alone.stations / 4


def test_the_search_for_a_line_uses_peaks_of_s(travel_times):
    """Where S has come: on rock, and whether the source can have ended there."""
    stations = tuple(made.station(f"S{i}", 20.0 * i, 0.0) for i in range(5))
    network = Network(stations)
    origin = Origin(T0 + 30.0, *PLANE.to_degrees(0.0, 0.0), 8.0, 0.3, 3.0, 4.0)
    source = restore.event_at("e", origin, Magnitude(7.0, 0.2, "Menv", 5), network, travel_times)
    members, peaks = [], []
    for i, after_s in ((0, -1.0), (1, 5.0), (2, 30.0), (3, 10.0)):
        pick = made.pick(stations[i], source.arrivals.p[i] - T0)
        since = source.arrivals.s[i] + after_s - pick.time
        members.append(Member(pick, "P", 0.0, 20.0 * i))
        peaks.append([replace(made.amplitude(pick, since, 1.0), clipped=i == 3)])
    found = s_peaks(network, source, members, peaks)
    assert found.x_km == pytest.approx([20.0, 40.0], abs=1e-6)
    assert found.log_pga == pytest.approx(np.log10([1.2, 1.2]))
    assert found.ended.tolist() == [False, True]
    nobody = s_peaks(network, source, [], [])
    assert len(nobody.x_km) == len(nobody.log_pga) == len(nobody.ended) == 0
