"""What can be set of a SeedLink source: one entry is one server."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from forewave.errors import ConfigError
from forewave.formats.seedlink_selection import is_selector
from forewave.sources.seedlink_dialogue import Wanted

PORT, TLS_PORT = 18000, 18500
_Seconds = Annotated[float, Meta(gt=0)]


class SeedLinkSettings(Struct, frozen=True, tag_field="kind", tag="seedlink"):
    """One server, and what is wanted of it.

    server: "host" or "host:port". stations: "NET.STA", with ? and * where the server knows them;
    after a colon its own selectors: "GE.WLF:HH? 10HN?". selectors: of stations without. auth: as
    SeedLink 4 has it, e.g. "USERPASS name word". tls_ca: file with the certificates that are
    trusted, instead of the machine's. connect_s: for connecting, and for every answer before data
    flow. ask: whether a silent server is asked if it lives. poll_s: seconds between two INFO ID
    requests while data flow, which wake a server that looks for new packets only now and then
    (ringserver); for servers of your own only, since each request costs the server an answer. The
    same station may be named in the settings of several servers.
    """

    server: str
    stations: tuple[str, ...]
    selectors: tuple[str, ...] = ()
    protocol: Literal["auto", "3", "4"] = "auto"
    stations_per_connection: Annotated[int, Meta(ge=1)] | None = None
    tls: bool = False
    tls_ca: str = ""
    auth: str = ""
    connect_s: _Seconds = 2.0
    ask: bool = True
    answer_s: _Seconds = 1.2
    idle_s: _Seconds = 10.0
    dataless_s: _Seconds = 60.0
    resume_s: Annotated[float, Meta(ge=0)] = 30.0
    poll_s: Annotated[float, Meta(ge=0.01)] | None = None


def stations_wanted(settings: SeedLinkSettings) -> list[Wanted]:
    """What to ask the server for. Raises ConfigError, one line."""
    if not settings.stations:
        raise ConfigError(f"{settings.server}: expected at least one station")
    return [_wanted(entry, settings.selectors) for entry in settings.stations]


def address(settings: SeedLinkSettings) -> tuple[str, int]:
    """Host and port. Raises ConfigError, one line."""
    host, colon, port = settings.server.rpartition(":")
    if not colon:
        return settings.server, TLS_PORT if settings.tls else PORT
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ConfigError(f'{settings.server!r}: expected "host:port"')
    return host, int(port)


def _wanted(entry: str, selectors: tuple[str, ...]) -> Wanted:
    """A station of the settings."""
    station, _, own = entry.partition(":")
    chosen = tuple(own.split()) or selectors
    network, dot, code = station.strip().upper().partition(".")
    wrong = [selector for selector in chosen if not is_selector(selector)]
    if not dot or not network or not code or not station.isascii() or " " in station:
        raise ConfigError(f'{entry!r}: expected a station as "NET.STA"')
    if wrong:
        raise ConfigError(f'{wrong[0]!r}: expected a selector like "HH?" or "00_H_H_?"')
    return Wanted(f"{network}_{code}", chosen)
