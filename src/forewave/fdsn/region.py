"""forewave.toml and a signing key: for a region of an FDSN data centre, or for a stations file."""

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from forewave import config, settings
from forewave.delivery import signing
from forewave.errors import ForewaveError
from forewave.fdsn import seedlink_servers
from forewave.fdsn.client import FdsnError, Provider
from forewave.formats import fdsn_text, inventory, sensor, stations_csv
from forewave.formats.faults import REMARKS
from forewave.sources import registry, registry_text
from forewave.sources.address import join
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
    servers = _servers(servers, seedlink_servers.of(provider))
    _refuse_existing(output)
    kind, answer = _listing(provider, region, timeout, clock())
    output.parent.mkdir(parents=True, exist_ok=True)
    listing = output.with_name(f"{output.stem}-stations.{'csv' if kind == 'text' else 'xml'}")
    stations, dropped = _stations(kind, answer, listing, clock())
    if not stations:
        listing.unlink(missing_ok=True)
        raise ForewaveError(f"{provider}: no channel there can be used{_why(dropped)}")
    made = Made(output, listing, stations, _left_out(dropped), servers)
    _write(made, f"{provider}, as its station service lists them now", region)
    return made


def from_file(
    listing: Path,
    output: Path,
    *,
    servers: Sequence[str] = (),
    clock: Callable[[], float] = time.time,
) -> Made:
    """Write `output` for the stations of a file (stations.csv or StationXML), and a key.

    Needs no network, and leaves the file where it is. servers: as of `init`. Raises ForewaveError
    where no station in the file can be used, or `output` is there already.
    """
    servers = _servers(servers)
    _refuse_existing(output)
    stations, dropped = inventory.read(listing, clock())
    if not stations:
        raise ForewaveError(f"{listing}: no channel there can be used{_why(dropped)}")
    output.parent.mkdir(parents=True, exist_ok=True)
    made = Made(output, listing, stations, _left_out(dropped), servers)
    _write(made, listing.name)
    return made


def _left_out(dropped: Iterable[Dropped]) -> Counter[str]:
    """Channels that are not used, by reason; without remarks on those that are."""
    return Counter(word.reason for word in dropped if word.reason not in REMARKS)


def _refuse_existing(output: Path) -> None:
    if output.exists():
        raise ForewaveError(f"{output}: is there already; choose another name or remove it")


def _write(made: Made, origin: str, region: Region | None = None) -> None:
    """The settings, and the key beside them. origin: whose stations these are."""
    _key(made.config)
    listing = os.path.relpath(made.inventory.resolve(), made.config.parent.resolve())
    lines = config.default_text([*registry.NOTE, *_blocks(made.stations, made.servers)])
    lines = _with(lines, "inventory", listing)
    lines = lines if region is None else _with(lines, "region", region)
    head = (
        f"# {len(made.stations)} stations of {origin}.\n"
        "# `forewave check` says what would not work with these settings.\n"
    )
    made.config.write_text(head + lines, encoding="utf-8")


def _servers(named: Sequence[str], known: str | None = None) -> tuple[str, ...]:
    """host:port of each, once; of the known one, if none is named. Raises ConfigError."""
    asked = named or ([known] if known else [])
    places = [address(SeedLinkSettings(server, ())) for server in asked]
    return tuple(dict.fromkeys(join(host, port) for host, port in places))


def _blocks(stations: Sequence[Station], servers: Sequence[str]) -> Iterator[str]:
    for server in servers:
        yield from ("", *registry_text.seedlink(server, stations))
    if not servers:
        yield "# Name a server that has these stations, and take away the leading #."
        yield "#"
        yield from registry_text.commented(registry_text.seedlink(NOBODY, stations))


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
