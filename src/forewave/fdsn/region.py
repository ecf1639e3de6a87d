"""Writes forewave.toml and a signing key: for a region of a data centre, or a stations file."""

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
from forewave.formats.faults import REMARKS
from forewave.formats.inventories import fdsn_channels, inventory, sensor, stations_csv
from forewave.sources import registry, registry_text
from forewave.sources.address import join
from forewave.sources.seedlink.settings import SeedLinkSettings, address
from forewave.types import Dropped, Station

# Accelerometers, broadband and short-period seismometers; others record no strong motion.
CHANNELS = "?N?,?L?,?G?,?H?"
NOBODY = "seedlink.example.org:18000"
Region = tuple[float, float, float, float]


class Written(Struct, frozen=True):
    """What was written. left_out: channels that are not used, by reason.

    servers: SeedLink servers in the settings; empty: there is a commented example only.
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
) -> Written:
    """Write `output`, its inventory beside it, and a key if there is none.

    region: west, south, east, north, degrees. servers: "host" or "host:port" of SeedLink servers
    with data of the stations; by default that of the provider, if known. timeout: seconds per
    request. Raises ForewaveError if the provider does not answer or has no station there, or if
    `output` exists already.
    """
    servers = _servers(servers, seedlink_servers.of(provider))
    _refuse_existing(output)
    kind, answer = _listing(provider, region, timeout, clock())
    output.parent.mkdir(parents=True, exist_ok=True)
    listing = output.with_name(f"{output.stem}-stations.{'csv' if kind == 'text' else 'xml'}")
    stations, dropped = _stations(kind, answer, listing, clock())
    if not stations:
        listing.unlink(missing_ok=True)
        raise ForewaveError(f"{provider}: no channel can be used{_why(dropped)}")
    written = Written(output, listing, stations, _left_out(dropped), servers)
    _write(written, f"{provider}, as its station service lists them now", region)
    return written


def from_file(
    listing: Path,
    output: Path,
    *,
    servers: Sequence[str] = (),
    clock: Callable[[], float] = time.time,
) -> Written:
    """Write `output` for the stations of a file (stations.csv or StationXML), and a key.

    Needs no network; the file stays where it is. servers: as in `init`. Raises ForewaveError if no
    station in the file can be used, or `output` exists already.
    """
    servers = _servers(servers)
    _refuse_existing(output)
    stations, dropped = inventory.read(listing, clock())
    if not stations:
        raise ForewaveError(f"{listing}: no channel can be used{_why(dropped)}")
    output.parent.mkdir(parents=True, exist_ok=True)
    written = Written(output, listing, stations, _left_out(dropped), servers)
    _write(written, listing.name)
    return written


def _left_out(dropped: Iterable[Dropped]) -> Counter[str]:
    """Channels that are not used, by reason; remarks on channels in use do not count."""
    return Counter(word.reason for word in dropped if word.reason not in REMARKS)


def _refuse_existing(output: Path) -> None:
    if output.exists():
        raise ForewaveError(f"{output}: exists already; choose another name or remove it")


def _write(written: Written, origin: str, region: Region | None = None) -> None:
    """Write the settings, and the key beside them. origin: of the stations, for the head line."""
    _key(written.config)
    listing = os.path.relpath(written.inventory.resolve(), written.config.parent.resolve())
    lines = config.default_text([*registry.NOTE, *_blocks(written.stations, written.servers)])
    lines = _with(lines, "inventory", listing)
    lines = lines if region is None else _with(lines, "region", region)
    head = (
        f"# {len(written.stations)} stations of {origin}.\n"
        "# `forewave check` reports problems of these settings.\n"
    )
    written.config.write_text(head + lines, encoding="utf-8")


def _servers(named: Sequence[str], known: str | None = None) -> tuple[str, ...]:
    """host:port of each server, no duplicates; by default the known one. Raises ConfigError."""
    asked = named or ([known] if known else [])
    places = [address(SeedLinkSettings(server, ())) for server in asked]
    return tuple(dict.fromkeys(join(host, port) for host, port in places))


def _blocks(stations: Sequence[Station], servers: Sequence[str]) -> Iterator[str]:
    for server in servers:
        yield from ("", *registry_text.seedlink(server, stations))
    if not servers:
        yield "# Set a server with data of these stations, and remove the leading #."
        yield "#"
        yield from registry_text.commented(registry_text.seedlink(NOBODY, stations))


def _with(lines: str, key: str, value: Any) -> str:
    """The settings text with another value of a key of [network], commented or not."""
    line = f"{key} = {msgspec.json.encode(value).decode()}"
    before, section, after = lines.partition("[network]\n")
    assigned = re.compile(rf"^(# )?{key} = (\[.*?\]|\".*?\")", re.MULTILINE)
    return before + section + assigned.sub(lambda _: line, after, count=1)


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
    """The stations; writes the inventory: a table of channels in use, or the XML as received."""
    if kind == "xml":
        listing.write_bytes(answer)
        return inventory.read(listing, now)
    components, dropped = fdsn_channels.channels(answer.decode("utf-8", "replace"), now)
    stations, unused = sensor.choose(components)
    stations_csv.write(listing, stations)
    return stations, [*dropped, *unused]


def _key(output: Path) -> None:
    """Write a signing key beside the settings, if there is none."""
    path = output.parent / settings.KeySettings().file
    if not path.exists():
        signing.generate().save(path)


def _why(dropped: Sequence[Dropped]) -> str:
    causes = Counter(word.reason for word in dropped).most_common(3)
    return ": " + ", ".join(f"{reason} ({count})" for reason, count in causes) if causes else ""
