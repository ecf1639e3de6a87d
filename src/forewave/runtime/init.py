"""forewave.toml for a region, with its stations from an FDSN station service and a signing key."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from forewave import config, settings
from forewave.delivery import signing
from forewave.errors import ForewaveError
from forewave.formats import fdsn_text, inventory, sensor, stations_csv
from forewave.formats.faults import REMARKS
from forewave.runtime import seedlink_servers
from forewave.runtime.fdsn import FdsnError, Provider
from forewave.sources import entries, entry_text
from forewave.sources.seedlink_settings import SeedLinkSettings, address
from forewave.types import Dropped, Station

# Accelerometers and broadband or short-period seismometers; others hear no strong motion.
CHANNELS = "?N?,?L?,?G?,?H?"
NOBODY = "seedlink.example.org:18000"
Region = tuple[float, float, float, float]


class Made(Struct, frozen=True):
    """What was written, and how often a channel was left out for which reason.

    servers: SeedLink servers that are asked for all of the stations; none: only an example is
    there, which asks nobody.
    """

    config: Path
    inventory: Path
    stations: tuple[Station, ...]
    left_out: Counter[str]
    servers: tuple[str, ...]


def init(
    region: Region,
    provider: str,
    output: Path,
    *,
    servers: Sequence[str] = (),
    timeout: float = 60.0,
    clock: Callable[[], float] = time.time,
) -> Made:
    """Write `output`, its inventory beside it, and a key where there is none.

    region: west, south, east, north. servers: "host" or "host:port" of SeedLink servers that have
    the stations; without, the provider's own where it is known. Raises ForewaveError where the
    provider does not answer, has no station there, or a file is there already.
    """
    servers = _servers(servers, provider)
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
    output.write_text(text(region, listing.name, provider, stations, servers), encoding="utf-8")
    left_out = Counter(word.reason for word in dropped if word.reason not in REMARKS)
    return Made(output, listing, stations, left_out, servers)


def text(
    region: Region,
    listing: str,
    provider: str,
    stations: Sequence[Station],
    servers: Sequence[str],
) -> str:
    """The commented forewave.toml, with a block for each server, or one as an example."""
    lines = config.default_text([*entries.NOTE, *_blocks(stations, servers)])
    lines = _with(_with(lines, "inventory", listing), "region", region)
    return (
        f"# {len(stations)} stations of {provider}, as its station service lists them now.\n"
        "# `forewave check` says what would not work with these settings.\n" + lines
    )


def _servers(named: Sequence[str], provider: str) -> tuple[str, ...]:
    """host:port of each, once. Raises ConfigError where one is no address."""
    known = seedlink_servers.of(provider)
    asked = named or ([known] if known else [])
    places = [address(SeedLinkSettings(server, ())) for server in asked]
    return tuple(dict.fromkeys(f"{host}:{port}" for host, port in places))


def _blocks(stations: Sequence[Station], servers: Sequence[str]) -> Iterator[str]:
    for server in servers:
        yield from ("", *entry_text.seedlink(server, stations))
    if not servers:
        yield "# Name a server that has these stations, and take away the leading #."
        yield "#"
        yield from entry_text.commented(entry_text.seedlink(NOBODY, stations))


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
