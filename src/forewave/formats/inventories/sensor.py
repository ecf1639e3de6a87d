"""Selects the one sensor of each station that is used, among all channels of the inventory.

Channels of one sensor share network, station, location and all but the last letter of the channel
code. Preference, in this order: acceleration over velocity (it does not clip), three components,
least depth, highest rate, alphabetical order.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from forewave.types import Channel, Dropped, Station, StreamId

SLOWEST, QUICKEST = 20.0, 500.0  # samples/s that the detector can use
RATE_SLACK = 0.01


class Component(Struct, frozen=True):
    """One channel of an inventory. gain: counts per m/s^2 or m/s.

    remarks: what looks wrong about it, reported if it is used.
    """

    channel: Channel
    lat: float
    lon: float
    elevation_m: float
    depth_m: float = 0.0  # of the sensor below the surface
    vertical: bool = False
    remarks: tuple[Dropped, ...] = ()
    vs30_ms: float | None = None

    @property
    def sensor(self) -> tuple[str, str, str, str]:
        """Network, station, location, band and instrument."""
        stream = self.channel.stream
        return stream.network, stream.station, stream.location, stream.channel[:-1]


def below_highest(components: Sequence[Component]) -> list[Component]:
    """The components with depths from elevations: the highest sensor is at the surface."""
    top: dict[str, float] = {}
    for c in components:
        code = c.channel.stream.code
        top[code] = max(top.get(code, c.elevation_m), c.elevation_m)
    return [replace(c, depth_m=top[c.channel.stream.code] - c.elevation_m) for c in components]


def choose(components: Iterable[Component]) -> tuple[tuple[Station, ...], list[Dropped]]:
    """One station per code with its best sensor, ordered by code, and a Dropped per unused channel.

    Remarks on channels that are used (`faults.REMARKS`) are among the dropped.
    """
    dropped: list[Dropped] = []
    stations: dict[str, dict[tuple[str, str, str, str], list[Component]]] = defaultdict(dict)
    for component in _usable(components, dropped):
        sensors = stations[component.channel.stream.code]
        sensors.setdefault(component.sensor, []).append(component)
    chosen = []
    for code in sorted(stations):
        station = _best(code, list(stations[code].values()), dropped)
        if station:
            chosen.append(station)
    return tuple(chosen), dropped


def _usable(components: Iterable[Component], dropped: list[Dropped]) -> Iterable[Component]:
    seen: set[StreamId] = set()
    for component in components:
        stream = component.channel.stream
        fault = "listed twice" if stream in seen else _fault(component)
        seen.add(stream)
        if fault:
            dropped.append(Dropped(str(stream), fault))
        else:
            yield component


def _fault(component: Component) -> str | None:
    """Why a channel cannot be used, regardless of the others."""
    channel = component.channel
    if not (abs(component.lat) <= 90 and abs(component.lon) <= 180):
        return "coordinates missing or impossible"
    if not isfinite(channel.gain) or channel.gain == 0:
        return "gain missing or impossible"
    if not SLOWEST * (1 - RATE_SLACK) <= channel.rate <= QUICKEST * (1 + RATE_SLACK):
        return "sample rate out of range"
    return None


def _best(code: str, sensors: list[list[Component]], dropped: list[Dropped]) -> Station | None:
    ranked = sorted(sensors, key=_rank)
    used = _components(ranked[0])
    for sensor in ranked:
        for component in sensor:
            if component not in used:
                why = "other sensor of the station is used" if used else "no vertical component"
                spare = "not one of three components" if sensor is ranked[0] and used else why
                dropped.append(Dropped(str(component.channel.stream), spare))
            else:
                dropped.extend(component.remarks)
    if not used:
        return None
    first = used[0]
    channels = tuple(component.channel for component in used)
    return Station(code, first.lat, first.lon, first.elevation_m, channels, first.vs30_ms)


def _rank(sensor: list[Component]) -> tuple[bool, bool, int, float, float, tuple[str, ...]]:
    """Key of preference: the smallest is used."""
    used = _components(sensor)
    first = sensor[0]
    return (
        not used,
        first.channel.unit != "m/s^2",
        -len(used),
        first.depth_m,
        -first.channel.rate,
        first.sensor,
    )


def _components(sensor: list[Component]) -> list[Component]:
    """The vertical and up to two horizontals of its rate and unit; empty without a vertical."""
    # A channel code that ends in Z is preferred to one that is vertical by its dip.
    ordered = sorted(
        sensor, key=lambda c: (not c.channel.stream.channel.endswith("Z"), c.channel.stream)
    )
    verticals = [c for c in ordered if c.vertical]
    if not verticals:
        return []
    up = verticals[0]
    level = [
        c
        for c in ordered
        if not c.vertical
        and c.channel.unit == up.channel.unit
        and abs(c.channel.rate - up.channel.rate) < RATE_SLACK * up.channel.rate
    ]
    return [up, *level[:2]]
