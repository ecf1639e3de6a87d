"""One channel of an inventory: the rules that all inventory readers share.

Empty values are treated as missing. An unknown gain is missing, never 1. A channel that is used
although something about it looks wrong is reported as a remark (`faults.REMARKS`).
"""

from collections.abc import Iterator
from math import isfinite, nan

from msgspec import Struct

from forewave.formats import codes
from forewave.formats.inventories.ground_unit import ground_unit, is_per_count
from forewave.formats.inventories.sensor import Component
from forewave.types import Channel, Dropped, StreamId

# Limits of a plausible gain, counts per m/s^2 or m/s; float samples may already be motion (1).
SMALLEST, LARGEST = 1e-3, 1e13


class Listed(Struct, frozen=True):
    """A channel as written. gain: counts per `unit`, None if unknown; why: why it is unknown.

    remarks: (reason, detail) of what looks wrong, in addition to the checks of `component`.
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
    vs30_ms: float | None = None


def component(listed: Listed, where: str = "") -> Component | Dropped:
    """The channel in SI units, or why it cannot be used. where: file and line, for messages."""
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
        listed.vs30_ms,
    )


def number(text: str | None, otherwise: float | None = None) -> float:
    """A number; `otherwise` if the text is None or blank. Raises ValueError of one line."""
    if not (text and text.strip()):
        if otherwise is None:
            raise ValueError("expected a number, found nothing")
        return otherwise
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"expected a number, found {text.strip()[:40]!r}") from None


def angle(text: str | None) -> float | None:
    """A dip in degrees; None if it is missing or impossible."""
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
    """What looks wrong about a channel that is used."""
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
