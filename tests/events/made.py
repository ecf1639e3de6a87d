"""Observations of synthetic earthquakes by a network, from the travel-time table and the envelopes.

No waveforms: picks, amplitudes and station states as the stations room emits them, with known
errors, so that the results of the events room can be tested.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from forewave.earth.distance import LocalPlane, distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.events.event import Event
from forewave.events.location.evidence import AGES, PER_SECOND, Evidence
from forewave.events.location.source_duration import visible_magnitude
from forewave.events.memory.network import Network
from forewave.events.other_events import OtherEvents
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.events.solver import Solver
from forewave.events.tracker import Tracker
from forewave.types import (
    Amplitude,
    Channel,
    Dropped,
    PhoneSighting,
    Pick,
    Solution,
    Station,
    StationState,
    StreamId,
)

T0 = 1_600_000_000.0
LAT, LON = 24.0, 121.0
PLANE = LocalPlane(LAT, LON)
QUIET, CHEAP = 2e-4, 2e-3  # one-second noise peaks, m/s^2: an accelerometer, a MEMS sensor
VISIBLE = 0.9  # log10 above noise from which a phase is picked
LATENCY = 0.5

Item = Pick | Amplitude | StationState | PhoneSighting
Arrivals = list[tuple[float, list[Item]]]


class Quake(Struct, frozen=True):
    """Where it is in km east and north of (LAT, LON), and when after T0."""

    east_km: float = 0.0
    north_km: float = 0.0
    depth_km: float = 10.0
    magnitude: float = 5.0
    time: float = 30.0

    @property
    def place(self) -> tuple[float, float]:
        return PLANE.to_degrees(self.east_km, self.north_km)


class Errors(Struct, frozen=True):
    """How the network errs, one sigma: picks by s plus a share of the travel time, sites by log10
    of amplitude.
    """

    pick: float = 0.1
    earth: float = 0.01
    site: float = 0.2
    seed: int = 1


NONE = Errors(0.0, 0.0, 0.0)
NOBODY = OtherEvents(Network([]), [])  # no other events


def station(code: str, east_km: float, north_km: float) -> Station:
    lat, lon = PLANE.to_degrees(east_km, north_km)
    channel = Channel(StreamId("XX", code, "", "HNZ"), 1.0, "m/s^2", 100.0)
    return Station(f"XX.{code}", lat, lon, 0.0, (channel,), vs30_ms=760.0)


def grid(spacing_km: float = 20.0, side: int = 6, jitter: float = 0.3, seed: int = 1) -> tuple:
    """side x side stations around the middle, each moved by a share of the spacing."""
    rng = np.random.default_rng(seed)
    at = (np.arange(side) - (side - 1) / 2) * spacing_km
    places = [(x, y) for x in at for y in at] + rng.uniform(-jitter, jitter, (side**2, 2)) * (
        spacing_km
    )
    return tuple(station(f"S{i:02d}", x, y) for i, (x, y) in enumerate(places))


def pick(at: Station, time: float, number: int = 0, sigma: float = 0.1) -> Pick:
    """A P at a station, `time` seconds after T0."""
    stream = at.channels[0].stream
    return Pick(f"{at.code}.{time:.3f}.{number}", stream, "P", T0 + time, sigma)


def amplitude(of: Pick, since: float, pa_ms2: float, pd_m: float = 1e-5) -> Amplitude:
    """Peaks `since` seconds after a pick; what is not given follows the acceleration."""
    return Amplitude(
        of.station, of.time + since, of.id, since,
        pd_m, pa_ms2 / 30.0, pa_ms2, 1.2 * pa_ms2, pa_ms2 / 25.0, 1.0, False, pd_m,
    )  # fmt: skip


def state(at: Station, time: float, noise_ms2: float = QUIET, **more) -> StationState:
    """Healthy and current."""
    noise_m = noise_ms2 / 1000
    made = StationState(at.code, T0 + time, LATENCY, "good", noise_ms2, noise_m, noise_m)
    return replace(made, **more)


def sighting(
    east_km: float, north_km: float, time: float, probability: float = 0.99, sigma_km: float = 12.0
) -> PhoneSighting:
    """What phones see of a source there, `time` seconds after T0."""
    lat, lon = PLANE.to_degrees(east_km, north_km)
    return PhoneSighting(T0 + time, lat, lon, sigma_km, 40, 12, probability)


def calm(
    stations: Iterable[Station], until: float, noise_ms2: float = QUIET, since: float = 0.0
) -> Arrivals:
    """The states of all stations each second, without picks."""
    return [
        (T0 + t + LATENCY, [state(s, t, noise_ms2) for s in stations])
        for t in np.arange(since, until + 0.5)
    ]


def arrivals(
    quake: Quake,
    stations: Sequence[Station],
    table: TravelTimes,
    until: float,
    errors: Errors = Errors(),  # noqa: B008 (frozen)
    noise_ms2: float = QUIET,
) -> Arrivals:
    """The picks and peaks of one earthquake up to `until` s after T0, by time of arrival.

    A station picks P, or S where P drowns in its noise, or nothing.
    """
    rng = np.random.default_rng(errors.seed)
    said: Arrivals = []
    for at in stations:
        late, strong = rng.normal(0, 1, 2) * (1.0, errors.site)
        said += _of_station(quake, at, table, until, late, strong, errors, noise_ms2)
    return said


def _of_station(quake, at, table, until, late, strong, errors, noise_ms2) -> Arrivals:
    away_km = float(distance_km(at.lat, at.lon, *quake.place))
    p, s = (quake.time + float(table.seconds(x, away_km, quake.depth_km)) for x in ("P", "S"))
    slant_km = envelopes.slant_km(away_km, quake.depth_km)

    def level(name: str, magnitude: float) -> float:
        found = envelopes.log_amplitude(getattr(envelopes, name), magnitude, slant_km)
        return float(found) + strong

    def clear(name: str) -> bool:
        return level(name, quake.magnitude) - np.log10(noise_ms2) > VISIBLE

    seen = [t for t, name in ((p, "P_ZA"), (s, "S_ZA")) if clear(name)]
    if not seen:
        return []
    onset = pick(at, seen[0] + late * (errors.pick + errors.earth * (seen[0] - quake.time)))
    if onset.time - T0 > until:
        return []
    known = np.arange(0.5, min(until - (onset.time - T0), 40.0), 0.5)
    peaks = [_peaks(onset, since, s + T0 - onset.time, quake.magnitude, level) for since in known]
    return [(onset.time + 0.3 + LATENCY, [onset])] + [(a.time + LATENCY, [a]) for a in peaks]


def _peaks(onset: Pick, since: float, s_after: float, magnitude: float, level) -> Amplitude:
    """Each phase's peak grows over its first two seconds, and with what has ruptured by then."""

    def grown(name: str, age: float) -> float:
        so_far = min(magnitude, visible_magnitude(age))
        return 10 ** (level(name, so_far) - 0.35 * max(0.0, 1 - age / 2))

    def peak(p: str, s: str) -> float:
        phases = [grown(p, since)]
        if since > s_after:
            phases.append(grown(s, since - s_after))
        return max(phases)

    vertical = [peak(f"P_{x}", f"S_{x}") for x in ("ZD", "ZV", "ZA")]
    vector = [peak("P_ZA", "S_HA"), peak("P_ZV", "S_HV")]
    return Amplitude(
        onset.station, onset.time + since, onset.id, since,
        *vertical, *vector, 3.0, False, vertical[0],
    )  # fmt: skip


def together(*parts: Arrivals) -> Arrivals:
    """By time of arrival; what arrives at one moment is one packet, in the order given."""
    packets: dict[float, list[Item]] = {}
    for now, items in sorted((pair for part in parts for pair in part), key=lambda pair: pair[0]):
        packets.setdefault(now, []).extend(items)
    return list(packets.items())


def play(tracker: Tracker, packets: Arrivals) -> list[tuple[float, Solution | Dropped]]:
    """As the pipeline does it: every deadline in between, then the packet, then what is due."""
    said = []
    for now, items in packets:
        while (deadline := tracker.deadline()) is not None and deadline < now:
            said += [(deadline, word) for word in tracker.tick(deadline)]
        for item in items:
            said += [(now, word) for word in tracker.feed(item, now)]
        if (deadline := tracker.deadline()) is not None and deadline <= now:
            said += [(now, word) for word in tracker.tick(now)]
    return said


def whole(
    quake: Quake,
    stations: Sequence[Station],
    table: TravelTimes,
    until: float,
    errors: Errors = Errors(),  # noqa: B008 (frozen)
    noise_ms2: float = QUIET,
) -> Arrivals:
    """The earthquake, and the state of every station, up to `until`."""
    return together(
        calm(stations, until, noise_ms2), arrivals(quake, stations, table, until, errors, noise_ms2)
    )


def solutions(said: Iterable[tuple[float, Solution | Dropped]]) -> list[Solution]:
    return [word for _, word in said if isinstance(word, Solution)]


def error_km(solution: Solution, quake: Quake) -> float:
    return float(distance_km(solution.origin.lat, solution.origin.lon, *quake.place))


def feed(network: Network, packets: Arrivals) -> list[Pick]:
    """Feed all packets to a network; return its picks by time."""
    how = {
        Pick: network.add_pick,
        Amplitude: network.add_amplitude,
        StationState: network.add_state,
    }
    for _, items in packets:
        for item in items:
            how[type(item)](item)
    return sorted(network.recent_picks(-np.inf), key=lambda pick: pick.time)


def begun(
    stations: Sequence[Station], table: TravelTimes, packets: Arrivals
) -> tuple[Network, Event]:
    """The network with all observations, and the event of one update."""
    network = Network(stations)
    picks = feed(network, packets)
    return network, Solver(network, table).begin(picks, NOBODY)


def known(east_km, north_km, time, log_a, until=3.0, **more) -> Evidence:
    """Evidence of picks at these places and times (s), with peaks known up to `until` s after
    them: each grows over its first two seconds. Displacement is unknown; no station is silent.
    """
    columns = np.broadcast_arrays(*(np.asarray(v, float) for v in (east_km, north_km, time, log_a)))
    x, y, at, peak = (column.copy() for column in columns)
    age = np.arange(1, AGES + 1) / PER_SECOND
    short = envelopes.GROWTH * np.maximum(0.0, 1.0 - age / envelopes.GROWTH_SPAN)
    every, nobody = np.ones(len(x)), np.empty(0)
    found = Evidence(
        x, y, at, 0.1 * every, peak, peak[:, None] - short, at + until, np.log10(QUIET) * every,
        np.nan * every, np.nan * every, every / 36_000.0, np.nan * every, np.zeros(len(x), bool),
        *[nobody] * 4,
    )  # fmt: skip
    return replace(found, **more)


def off_km(event: Event, quake: Quake) -> float:
    return float(distance_km(event.origin.lat, event.origin.lon, *quake.place))
