"""One channel of an inventory, from whatever a reader found of it: rules that all readers share.

What is empty is as good as absent. A gain that is not known is missing, never 1. What is used
although something about it looks wrong is reported as a remark (see `faults.REMARKS`).
"""

from collections.abc import Iterator
from math import isfinite, nan

from msgspec import Struct

from forewave.formats import codes
from forewave.formats.inventories.ground_unit import ground_unit, is_per_count
from forewave.formats.inventories.sensor import Component
from forewave.types import Channel, Dropped, StreamId

# Counts per m/s^2 or m/s that no sensor with its digitizer has; floats may be motion itself (1).
SMALLEST, LARGEST = 1e-3, 1e13


class Listed(Struct, frozen=True):
    """As it is written. gain: counts per `unit`, None where it is not known; why: why not.

    remarks: (reason, detail) of what looks wrong, beyond the checks of every reader.
    """

    stream: StreamId
    gain: float | None
    unit: str
    rate: float
    lat: float = nan
    lon: float = nan
    elevation_m: float = 0.0
    depth_m: float = 0.0
    dip: float | None = None
    why: str = ""
    remarks: tuple[tuple[str, str], ...] = ()


def component(listed: Listed, where: str = "") -> Component | Dropped:
    """The channel as it is used, or why it is not. where: a file and line, for people."""
    unit = ground_unit(listed.unit, listed.stream.channel)
    if listed.gain is None or unit is None:
        return Dropped(str(listed.stream), _fault(listed), _detail(listed, where))
    name = listed.stream
    channel = Channel(name, listed.gain / unit[1], unit[0], listed.rate)
    return Component(
        channel,
        listed.lat,
        listed.lon,
        listed.elevation_m,
        listed.depth_m,
        codes.is_vertical(name, listed.dip),
        tuple(_remarks(listed, channel)),
    )


def number(text: str | None, otherwise: float | None = None) -> float:
    """A number; `otherwise` for nothing but blanks. Raises ValueError without that."""
    if not (text and text.strip()):
        if otherwise is None:
            raise ValueError("a number is missing")
        return otherwise
    return float(text)


def angle(text: str | None) -> float | None:
    """A dip in degrees; None where there is none that can be."""
    dip = number(text, nan)
    return dip if abs(dip) <= 90.0 else None


def _fault(listed: Listed) -> str:
    if is_per_count(listed.unit):
        return "gain is motion per count"
    missing = listed.gain is None
    return "gain missing" if missing else "units name no ground motion"


def _detail(listed: Listed, where: str) -> str:
    return ": ".join(part for part in (where, listed.why or listed.unit) if part)


def _remarks(listed: Listed, channel: Channel) -> Iterator[Dropped]:
    """What looks wrong about a channel that is used all the same."""
    name, gain = listed.stream, abs(channel.gain)
    if not codes.is_usual(name):
        yield Dropped(str(name), "channel code is not of three letters", name.channel)
    contradiction = codes.contradiction(name, listed.dip)
    if contradiction:
        yield Dropped(str(name), "dip contradicts code", contradiction)
    if gain and isfinite(gain) and not SMALLEST <= gain <= LARGEST:
        detail = f"{gain:.3g} counts per {channel.unit}"
        yield Dropped(str(name), "gain is implausible", detail)
    for reason, detail in listed.remarks:
        yield Dropped(str(name), reason, detail)
