"""forewave.toml for a region, with its stations from an FDSN station service and a signing key."""

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from forewave import config, settings
from forewave.delivery import signing
from forewave.errors import ForewaveError
from forewave.formats import fdsn_text, inventory, sensor, stations_csv
from forewave.runtime.fdsn import FdsnError, Provider
from forewave.types import Dropped, Station

# Accelerometers and broadband or short-period seismometers; others hear no strong motion.
CHANNELS = "?N?,?L?,?G?,?H?"
Region = tuple[float, float, float, float]


class Made(Struct, frozen=True):
    """What was written, and how often a channel was left out for which reason."""

    config: Path
    inventory: Path
    stations: tuple[Station, ...]
    left_out: Counter[str]


def init(
    region: Region,
    provider: str,
    output: Path,
    *,
    timeout: float = 60.0,
    clock: Callable[[], float] = time.time,
) -> Made:
    """Write `output`, its inventory beside it, and a key where there is none.

    region: west, south, east, north. Raises ForewaveError where the provider does not answer,
    has no station there, or a file is there already.
    """
    if output.exists():
        raise ForewaveError(f"{output}: is there already; choose another name or remove it")
    west, south, east, north = region
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ForewaveError("--bbox: expected west,south,east,north in degrees, west below east")
    kind, answer = _listing(provider, region, timeout, clock())
    output.parent.mkdir(parents=True, exist_ok=True)
    listing = output.with_name(f"{output.stem}-stations.{'csv' if kind == 'text' else 'xml'}")
    stations, dropped = _stations(kind, answer, listing, clock())
    if not stations:
        listing.unlink(missing_ok=True)
        raise ForewaveError(f"{provider}: no channel there can be used{_why(dropped)}")
    _key(output)
    output.write_text(text(region, listing.name, provider, len(stations)), encoding="utf-8")
    return Made(output, listing, stations, Counter(word.reason for word in dropped))


def text(region: Region, listing: str, provider: str, count: int) -> str:
    """The commented forewave.toml."""
    lines = _with(config.default_text(), "inventory", listing)
    lines = _with(lines, "region", region)
    return (
        f"# {count} stations of {provider}, as its station service lists them now.\n"
        "# `forewave check` says what would not work with these settings.\n" + lines
    )


def _with(lines: str, key: str, value: Any) -> str:
    """The settings with another value of a key, shown or not, and its note."""
    said = f"{key} = {msgspec.json.encode(value).decode()}"
    return re.sub(rf"^(# )?{key} = (\[.*?\]|\".*?\")", lambda _: said, lines, flags=re.MULTILINE)


def _listing(provider: str, region: Region, timeout: float, now: float) -> tuple[str, bytes]:
    from obspy import UTCDateTime

    west, south, east, north = region
    try:
        kind, answer = Provider(provider, timeout).channels(
            minlongitude=west,
            minlatitude=south,
            maxlongitude=east,
            maxlatitude=north,
            channel=CHANNELS,
            starttime=UTCDateTime(now),
        )
    except FdsnError as why:
        raise ForewaveError(f"{provider}: {why}") from None
    if not answer:
        raise ForewaveError(
            f"{provider}: lists no station between {west:g},{south:g} and {east:g},{north:g}"
        )
    return kind, answer


def _stations(
    kind: str, answer: bytes, listing: Path, now: float
) -> tuple[tuple[Station, ...], Sequence[Dropped]]:
    """The stations, and the inventory on disk: a table of what is used, or the XML as it came."""
    if kind == "xml":
        listing.write_bytes(answer)
        return inventory.read(listing, now)
    components, dropped = fdsn_text.channels(answer.decode("utf-8", "replace"), now)
    stations, unused = sensor.choose(components)
    stations_csv.write(listing, stations)
    return stations, [*dropped, *unused]


def _key(output: Path) -> None:
    """An own key beside the settings: devices show no unsigned alert."""
    path = output.parent / settings.KeySettings().file
    if not path.exists():
        signing.generate().save(path)


def _why(dropped: Sequence[Dropped]) -> str:
    causes = Counter(word.reason for word in dropped).most_common(3)
    return ": " + ", ".join(f"{reason} ({count})" for reason, count in causes) if causes else ""
