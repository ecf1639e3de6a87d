"""An event's magnitude and rupture, from the peaks at its nearest stations."""

from collections.abc import Sequence
from functools import partial
from itertools import chain

import numpy as np

from forewave.earth.site import DEFAULT_VS30_MS
from forewave.events.associate import Member
from forewave.events.event import Event
from forewave.events.location.likelihood import S_COME
from forewave.events.location.source_duration import half_duration
from forewave.events.magnitude import line_source, p_displacement
from forewave.events.magnitude.estimate import PhaseMagnitude, event_magnitude, station_magnitudes
from forewave.events.magnitude.line_source import Felt, Lines
from forewave.events.memory.network import Network
from forewave.events.observations import own_peaks
from forewave.events.other_events import OtherEvents
from forewave.events.relations.borcherdt_1994 import log_amplification
from forewave.events.relations.card import Relation
from forewave.types import Amplitude, Magnitude, Rupture

MOST_MEASURED = 60  # nearest stations; more change the median by less than its sigma
LINGERS = 20.0  # s after S and the end of the rupture in which motion may still grow


def measure(
    event: Event, network: Network, others: OtherEvents, relation: Relation | None = None
) -> tuple[Magnitude | None, Rupture | None]:
    """Magnitude and line source of an event.

    The magnitude is None while no station has peaks of the event's own, the line None while the
    source is a point. relation: what P is measured with where it holds; None: the envelopes.
    """
    with_p = [member for member in event.members.values() if member.role == "P"]
    nearest = sorted(with_p, key=lambda member: member.distance_km)[:MOST_MEASURED]
    peaks = [own_peaks(network, m.pick, event.members, others) for m in nearest]
    observed = s_peaks(network, event, nearest, peaks)
    size = event.magnitude.value
    lines = line_source.search(observed, event.plane, event.origin, size, network.newest)
    rupture = lines.answer(event.plane, event.origin, event.rupture is not None)
    of_stations = map(partial(_station_magnitudes, event, network, lines, relation), nearest, peaks)
    return event_magnitude(chain.from_iterable(of_stations)), rupture


def s_peaks(
    network: Network,
    event: Event,
    members: Sequence[Member],
    peaks: Sequence[Sequence[Amplitude]],
) -> Felt:
    """The S peaks so far at the members' stations, reduced to rock, for the search over lines."""
    lasts = 2.0 * half_duration(event.magnitude.value)
    rows = []
    for member, history in zip(members, peaks, strict=True):
        watch = network.watches[member.pick.station]
        newest = history[-1] if history else None
        if newest is None or newest.clipped or not newest.pga_ms2 > 0:
            continue
        after_s = newest.time - event.arrivals.s[watch.index]
        if after_s > S_COME:
            vs30_ms = watch.station.vs30_ms or DEFAULT_VS30_MS
            soil = log_amplification("acceleration", vs30_ms, newest.pa_ms2)
            rows.append((watch.index, np.log10(newest.pga_ms2) - soil, after_s > lasts))
    index = np.array([row[0] for row in rows], int)
    x, y = event.plane.to_km(network.lat[index], network.lon[index])
    return Felt(x, y, np.array([row[1] for row in rows]), np.array([row[2] for row in rows], bool))


def _station_magnitudes(
    event: Event,
    network: Network,
    lines: Lines,
    relation: Relation | None,
    member: Member,
    peaks: Sequence[Amplitude],
) -> list[PhaseMagnitude]:
    """Phases of one station, from the event's own motion up to the expected end of S."""
    watch = network.watches[member.pick.station]
    s_time = event.arrivals.s[watch.index]
    ends = s_time + 2.0 * half_duration(event.magnitude.value) + LINGERS
    peaks = [a for a in peaks if a.time <= ends or a.clipped]
    x, y = event.plane.to_km(watch.station.lat, watch.station.lon)
    east, north = event.location.x_km, event.location.y_km
    slant_km = lines.slant_km(
        float(x) - east, float(y) - north, member.distance_km, event.origin.depth_km
    )
    phases = station_magnitudes(watch, peaks, slant_km, s_time, member.pick)
    if relation is None:
        return phases
    where = s_time, member.distance_km, event.origin.depth_km
    of_p = p_displacement.station_magnitude(relation, watch, member.pick, peaks, *where)
    return phases if of_p is None else [of_p, *(each for each in phases if each.phase == "S")]
