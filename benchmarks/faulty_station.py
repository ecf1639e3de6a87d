"""One faulty station during an earthquake: N random faults, each recording with and without it.

    python benchmarks/faulty_station.py [--count 200] [--seed 1] [--only gain,clock]

Each case draws a grid of accelerometers, an earthquake of M5.5 to M7 inside it, one of the stations
nearest to the epicentre, and one fault of that station: place (0.3 to 1 degree off; a sign lost; 0,
0; 20 degrees off), gain (10 to 1,000 times off, either way), clock (1 s to 1 h off), polarity,
dead (silent or constant, from the start or just before), noise (0.02 to 2 m/s^2 throughout), swap
(the place of another station, or vertical and horizontal). The same recording is replayed with
and without the fault.

Aims: one event each, none cancelled, the last epicentre within 15 km, the first alert at most 2 s
later than without the fault. A case that misses them without the fault as well is marked "also
without". Exit status 1 if an aim is missed by the fault. About 5 s a case of one core.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.random import Generator

from forewave.archive import travel_time
from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.formats.recordings.event_directory import Recording
from forewave.live.places import places
from forewave.pipeline import Pipeline, run
from forewave.settings import TownSettings
from forewave.simulate.scenario import parse
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals
from forewave.types import Alert, Packet, Station

AFTER, LASTS = 30.0, 60.0  # seconds before and after the origin
NEAREST = 6  # of these one is faulty
WITHIN_KM, LATER_S = 15.0, 2.0
Packets = list[tuple[float, Packet]]


class Fault(Struct, frozen=True):
    """A station's metadata and packets as they should not be."""

    kind: str
    note: str
    stations: Callable[[Sequence[Station], int], tuple[Station, ...]] | None = None
    packet: Callable[[Packet, Station], Packet | None] | None = None


class Outcome(Struct, frozen=True):
    """Issued alerts of one recording; nan without any."""

    events: int
    cancelled: int
    epicentre_km: float
    first_s: float

    @property
    def missed_aims(self) -> list[str]:
        """In words, without the delay."""
        found = [] if self.events == 1 else [f"{self.events} events"]
        found += ["cancelled"] if self.cancelled else []
        return [*found, *([] if self.epicentre_km <= WITHIN_KM else ["epicentre"])]


def main() -> int:
    """Play all cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="number of cases (default 200)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first case (default 1)")
    parser.add_argument("--only", default="", help="kinds of fault, with commas (default all)")
    asked = parser.parse_args()
    kinds = [kind for kind in FAULTS if not asked.only or kind in asked.only.split(",")]
    tables = travel_time.load()
    print(
        f"{'case':>8} {'M':>4} {'stations':>8} {'km':>4}  {'fault':34} events cancelled"
        f"  {'error km (without)':>18}  {'first alert s (without)':>23}"
    )
    failed: list[str] = []
    for index in range(asked.count):
        failed += _case(asked.seed, index, kinds[index % len(kinds)], tables)
    print(f"\n{asked.count} cases, {len(failed)} missed an aim by the fault", *failed, sep="\n  ")
    return int(bool(failed))


def _case(seed: int, index: int, kind: str, tables: TravelTimes) -> list[str]:
    """Replay one case and print its row; returns its name if an aim is missed by the fault."""
    rng = np.random.default_rng([seed, index])
    recording = _recording(rng)
    away_km = [_away_km(recording, s.lat, s.lon) for s in recording.stations]
    which = int(np.argsort(away_km)[int(rng.integers(NEAREST))])
    fault = FAULTS[kind](rng)
    packets = arrivals(recording, 1.0, 0.5)
    without = _outcome(recording, recording.stations, packets, tables)
    beside = _outcome(recording, *_faulty(recording, which, fault, packets), tables)
    aims = beside.missed_aims
    if not beside.first_s <= without.first_s + LATER_S and np.isfinite(without.first_s):
        aims.append(f"{beside.first_s - without.first_s:.1f} s later")
    new = [aim for aim in aims if aim not in without.missed_aims]
    verdict = ", ".join(new) or ("also without: " + ", ".join(aims) if aims else "ok")
    print(
        f"{seed:>3}/{index:<4} {recording.info.magnitude or 0:4.1f} {len(recording.stations):8d}"
        f" {away_km[which]:4.0f}  {f'{kind}: {fault.note}':34} {beside.events:6d}"
        f" {beside.cancelled:9d}  {beside.epicentre_km:9.1f} ({without.epicentre_km:5.1f})"
        f"  {beside.first_s:14.1f} ({without.first_s:5.1f})  {verdict}",
        flush=True,
    )
    return [f"{seed}/{index} {kind}: {fault.note}: {', '.join(new)}"] if new else []


def _recording(rng: Generator) -> Recording:
    """An earthquake within a random grid."""
    spacing_km, count = float(np.exp(rng.uniform(*np.log((10.0, 30.0))))), int(rng.integers(25, 60))
    lat, lon = float(rng.uniform(-45.0, 45.0)), float(rng.uniform(-170.0, 170.0))
    north, east = rng.uniform(-1.0, 1.0, 2) * spacing_km / 111.2
    magnitude = round(float(rng.uniform(5.5, 7.0)), 1)
    text = f"""
title = "t"
duration = {AFTER + LASTS}
seed = {int(rng.integers(1 << 30))}
[[earthquake]]
after = {AFTER}
lat = {lat + north}
lon = {lon + east}
depth_km = {float(rng.uniform(6.0, 25.0))}
magnitude = {magnitude}
[network]
layout = "grid"
lat = {lat}
lon = {lon}
spacing_km = {spacing_km}
count = {count}
jitter = 0.3
sensor = "{rng.choice(["mems", "force_balance"])}"
site = "town"
"""
    return simulate(parse(text, "faulty_station"))


def _faulty(
    recording: Recording, which: int, fault: Fault, packets: Packets
) -> tuple[tuple[Station, ...], Packets]:
    """Metadata and packets with the fault."""
    station, stations = recording.stations[which], recording.stations
    changed: Packets = []
    for arrival, packet in packets:
        kept: Packet | None = packet
        if fault.packet is not None and packet.stream.code == station.code:
            kept = fault.packet(packet, station)
        if kept is not None:
            changed.append((arrival, kept))
    return (stations if fault.stations is None else fault.stations(stations, which)), changed


def _outcome(
    recording: Recording, stations: Sequence[Station], packets: Packets, tables: TravelTimes
) -> Outcome:
    """Alerts issued for these packets."""
    rooms = Pipeline(stations, places(stations, TownSettings()), tables)
    alerts = [word for _, word in run(rooms, packets) if isinstance(word, Alert)]
    if not alerts:
        return Outcome(0, 0, float("nan"), float("nan"))
    cancelled = sum(alert.why == "false" for alert in alerts)

    def error_km(alert: Alert) -> float:
        return _away_km(recording, alert.origin.lat, alert.origin.lon)

    last = {alert.event: alert for alert in alerts}
    main_event = min(last.values(), key=error_km).event
    first = next(alert for alert in alerts if alert.event == main_event)
    origin_time = recording.info.origin_time or 0.0
    return Outcome(len(last), cancelled, error_km(last[main_event]), first.issued - origin_time)


def _away_km(recording: Recording, lat: float, lon: float) -> float:
    """From the true epicentre."""
    quake = recording.info
    return float(distance_km(quake.lat or 0.0, quake.lon or 0.0, lat, lon))


def _moved(note: str, change: Callable[[Station], Station]) -> Fault:
    def moved(stations: Sequence[Station], which: int) -> tuple[Station, ...]:
        return tuple(change(s) if i == which else s for i, s in enumerate(stations))

    return Fault("place", note, moved)


def _place(rng: Generator) -> Fault:
    which = int(rng.integers(6))
    if which < 3:
        degrees, angle = float(rng.uniform(0.3, 1.0)), float(rng.uniform(0.0, 2.0 * np.pi))
        north, east = degrees * np.cos(angle), degrees * np.sin(angle)
        note = f"{degrees:.2f} degrees off"
        return _moved(note, lambda s: replace(s, lat=s.lat + north, lon=s.lon + east))
    if which == 3:
        return _moved("0, 0", lambda s: replace(s, lat=0.0, lon=0.0))
    if which == 4:
        return _moved("sign of longitude lost", lambda s: replace(s, lon=-s.lon))
    return _moved("20 degrees off", lambda s: replace(s, lat=s.lat + 20.0))


def _times(note: str, factor: float, kind: str) -> Fault:
    """Every sample times a factor, as with a wrong gain."""

    def louder(packet: Packet, station: Station) -> Packet:
        most = float(np.iinfo(np.int32).max)
        samples = np.clip(np.rint(packet.samples * factor), -most, most)
        return replace(packet, samples=samples.astype(np.int32))

    return Fault(kind, note, packet=louder)


def _gain(rng: Generator) -> Fault:
    factor = float(rng.choice([0.001, 0.01, 0.1, 10.0, 100.0, 1000.0]))

    def listed(stations: Sequence[Station], which: int) -> tuple[Station, ...]:
        channels = tuple(replace(c, gain=c.gain / factor) for c in stations[which].channels)
        return tuple(
            replace(s, channels=channels) if i == which else s for i, s in enumerate(stations)
        )

    return Fault("gain", f"motion x{factor:g}", listed)


def _clock(rng: Generator) -> Fault:
    seconds = float(rng.choice([-1, 1]) * rng.choice([1.0, 2.0, 4.0, 10.0, 60.0, 3600.0]))

    def shifted(packet: Packet, station: Station) -> Packet:
        return replace(packet, start=packet.start + seconds)

    return Fault("clock", f"{seconds:+g} s", packet=shifted)


def _polarity(rng: Generator) -> Fault:
    return _times("all components turned", -1.0, "polarity")


def _dead(rng: Generator) -> Fault:
    constant = bool(rng.integers(2))
    since = float(rng.choice([0.0, AFTER - 1.0]))
    first: list[float] = []

    def dead(packet: Packet, station: Station) -> Packet | None:
        first[:] = first or [packet.start]
        if packet.start < first[0] + since:
            return packet
        return replace(packet, samples=np.zeros_like(packet.samples)) if constant else None

    return Fault("dead", f"{'constant' if constant else 'silent'} from {since:g} s on", packet=dead)


def _noise(rng: Generator) -> Fault:
    size_ms2 = float(np.exp(rng.uniform(*np.log((0.02, 2.0)))))

    def shaken(packet: Packet, station: Station) -> Packet:
        gain = next(c.gain for c in station.channels if c.stream == packet.stream)
        added = rng.normal(0.0, size_ms2 * gain, len(packet.samples))
        return replace(packet, samples=(packet.samples + added).astype(np.int32))

    return Fault("noise", f"{size_ms2:.2f} m/s^2", packet=shaken)


def _swap(rng: Generator) -> Fault:
    if rng.integers(2):
        with_next = int(rng.integers(1, 12))

        def exchanged(stations: Sequence[Station], which: int) -> tuple[Station, ...]:
            other = (which + with_next) % len(stations)
            changed = list(stations)
            for here, there in ((which, other), (other, which)):
                place = stations[there]
                changed[here] = replace(stations[here], lat=place.lat, lon=place.lon)
            return tuple(changed)

        return Fault("swap", "places of two stations", exchanged)

    def turned(stations: Sequence[Station], which: int) -> tuple[Station, ...]:
        vertical, north, *rest = stations[which].channels
        channels = (
            replace(vertical, stream=north.stream),
            replace(north, stream=vertical.stream),
            *rest,
        )
        return tuple(
            replace(s, channels=channels) if i == which else s for i, s in enumerate(stations)
        )

    return Fault("swap", "vertical and a horizontal", turned)


FAULTS: dict[str, Callable[[Generator], Fault]] = {
    "place": _place,
    "gain": _gain,
    "clock": _clock,
    "polarity": _polarity,
    "dead": _dead,
    "noise": _noise,
    "swap": _swap,
}

if __name__ == "__main__":
    sys.exit(main())
