"""The settings of a SeedLink source: one entry is one server."""

from typing import Annotated, Literal

from msgspec import Struct

from forewave.errors import ConfigError
from forewave.field import Timeout, about
from forewave.formats.protocols.seedlink_selection import is_selector
from forewave.sources.address import split
from forewave.sources.seedlink.dialogue import Wanted

PORT, TLS_PORT = 18000, 18500


class SeedLinkSettings(Struct, frozen=True, tag_field="kind", tag="seedlink"):
    """A SeedLink server, version 3 or 4. Several servers may send the same station."""

    server: Annotated[
        str, about('"host" or "host:port", IPv6 in brackets; port 18000, with TLS 18500')
    ]
    stations: Annotated[
        tuple[str, ...],
        about(
            '"NET.STA", with ? and * where the server knows them; after a colon the station\'s own '
            'selectors: "CI.PASC:HN? HHZ"'
        ),
    ]
    selectors: Annotated[
        tuple[str, ...],
        about(
            "Selectors of stations without their own, as in version 3 (HH?, 00BHZ, --BH?, !LH?) or "
            "4 (00_H_H_?)"
        ),
    ] = ()
    protocol: Annotated[
        Literal["auto", "3", "4"], about("Version of the protocol; auto: 4 where it is offered")
    ] = "auto"
    stations_per_connection: Annotated[
        Annotated[int, about(ge=1)] | None,
        about("Most stations in one connection, for servers that limit them; more are opened"),
    ] = None
    tls: Annotated[bool, about("Connect with TLS")] = False
    tls_ca: Annotated[str, about("File of the certificates to trust, instead of the machine's")] = (
        ""
    )
    auth: Annotated[str, about('AUTH of version 4, for example "USERPASS name word"')] = ""
    connect_s: Annotated[
        Timeout, about("Longest wait for a connection, and for each answer before data flow")
    ] = 2.0
    ask: Annotated[bool, about("Ask a silent server whether it lives")] = True
    answer_s: Annotated[
        Timeout, about("Silence after which it is asked; one that answered before is left at twice")
    ] = 1.2
    idle_s: Annotated[Timeout, about("Silence after which one that never answered is left")] = 10.0
    dataless_s: Annotated[
        Timeout, about("Time without data after which one that answers is left")
    ] = 60.0
    resume_s: Annotated[
        float, about("Longest loss of the connection, or restart, that is resumed", "s", ge=0)
    ] = 30.0
    poll_s: Annotated[
        Annotated[float, about(unit="s", ge=0.01)] | None,
        about(
            "Only for servers of your own: time between INFO ID requests while data flow, which "
            "wake a server that looks for new packets only now and then (ringserver)"
        ),
    ] = None


def stations_wanted(settings: SeedLinkSettings) -> list[Wanted]:
    """The requests to the server. Raises ConfigError, one line."""
    if not settings.stations:
        raise ConfigError(f"{settings.server}: expected at least one station")
    return [_wanted(entry, settings.selectors) for entry in settings.stations]


def address(settings: SeedLinkSettings) -> tuple[str, int]:
    """Host and port. Raises ConfigError, one line."""
    return split(settings.server, TLS_PORT if settings.tls else PORT)


def _wanted(entry: str, selectors: tuple[str, ...]) -> Wanted:
    """The request of one entry in `stations`."""
    station, _, own = entry.partition(":")
    chosen = tuple(own.split()) or selectors
    network, dot, code = station.strip().upper().partition(".")
    wrong = [selector for selector in chosen if not is_selector(selector)]
    if not dot or not network or not code or not station.isascii() or " " in station:
        raise ConfigError(f'{entry!r}: expected a station as "NET.STA"')
    if wrong:
        raise ConfigError(f'{wrong[0]!r}: expected a selector like "HH?" or "00_H_H_?"')
    return Wanted(f"{network}_{code}", chosen)
