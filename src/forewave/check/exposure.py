"""What others on the network could reach or read: open ports, passwords without TLS.

None of it prevents a live run; the operator should know of each.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from forewave.check.finding import Finding
from forewave.delivery.guard import is_loopback
from forewave.settings import RelaySettings, ServerSettings, Settings
from forewave.sources.datalink import DataLinkSettings
from forewave.sources.mqtt.source import MqttSettings
from forewave.sources.seedlink.settings import SeedLinkSettings
from forewave.sources.shake_udp import ANYBODY, ShakeSettings

SHORTEST_TOKEN = 16  # characters; a shorter one can be guessed
EVERYBODY = {"*", "0.0.0.0/0", "::/0"}  # as proxies: anybody's X-Forwarded-For is trusted
HOW = "see docs/how-to/serve-to-the-public.md"


def exposure(settings: Settings) -> Iterator[Finding]:
    """All of it, from the settings alone: nothing is opened or sent."""
    yield from _server(settings.server)
    if settings.relay.on:
        yield from _relay(settings.relay)
    for entry in settings.sources:
        yield from _source(entry, alone=len(settings.sources) == 1)


def _server(server: ServerSettings) -> Iterator[Finding]:
    names = {name.strip() for name in server.proxies.split(",")}
    if names & EVERYBODY:
        what = "X-Forwarded-For is trusted from everybody: clients can choose their address"
        yield Finding("warning", "server.proxies", what, "list the addresses of your proxies")
    if 0 < len(server.token) < SHORTEST_TOKEN:
        what = f"has {len(server.token)} characters: it can be guessed"
        remedy = f"make one of {SHORTEST_TOKEN} or more: openssl rand -hex 16"
        yield Finding("warning", "server.token", what, remedy)
    if is_loopback(server.host):
        return
    if not server.tls_cert:
        token = ", and the token can be intercepted" if server.token else ""
        what = f"pages at {server.host} without TLS: they can be altered in transit{token}"
        remedy = f"set server.tls_cert, or use 127.0.0.1 behind a proxy with TLS; {HOW}"
        yield Finding("warning", "server.host", what, remedy)
    if not server.names:
        what = "pages can be opened by address and by the name of this computer only"
        yield Finding("note", "server.names", what, "add the host names that people use")


def _relay(relay: RelaySettings) -> Iterator[Finding]:
    if is_loopback(relay.host):
        return
    how = "" if relay.tls_cert else ", without TLS"
    what = f"everybody who reaches port {relay.port} of {relay.host} can read all waveforms{how}"
    remedy = "allow only known clients in the firewall"
    yield Finding("note" if relay.tls_cert else "warning", "relay.host", what, remedy)


def _source(entry: Struct, *, alone: bool) -> Iterator[Finding]:
    """alone: there is no other source whose stations it could send."""
    if isinstance(entry, ShakeSettings) and not is_loopback(entry.host):
        yield from _shake(entry)
    elif isinstance(entry, MqttSettings):
        name = f"mqtt {entry.host}"
        yield from _password(name, entry.host, entry.password, entry.tls)
        yield from _stations(name, entry.stations, alone)
    elif isinstance(entry, SeedLinkSettings):
        host = entry.server.rpartition(":")[0] or entry.server
        yield from _password(f"seedlink {entry.server}", host, entry.auth, entry.tls)
    elif isinstance(entry, DataLinkSettings):
        yield from _stations(f"datalink {entry.server}", entry.stations, alone)


def _password(subject: str, host: str, password: str | None, tls: bool) -> Iterator[Finding]:
    if password and not tls and not is_loopback(host):
        what = "the password is sent unencrypted"
        yield Finding("warning", subject, what, "set tls = true, if the server supports it")


def _stations(subject: str, stations: Sequence[str], alone: bool) -> Iterator[Finding]:
    if not stations and not alone:
        what = "may send data of any station in the inventory, also of other sources"
        yield Finding("note", subject, what, "list its stations with the key stations")


def _shake(entry: ShakeSettings) -> Iterator[Finding]:
    subject = f"shake_udp {entry.host}:{entry.port}"
    if ANYBODY in entry.stations:
        what = f"everybody who reaches this port can send data as {entry.stations[ANYBODY]}"
        yield Finding("warning", subject, what, "set the address of the sensor instead of *")
    else:
        what = "everybody who reaches this port can send data as these stations: UDP can be forged"
        yield Finding("note", subject, what, "allow only the sensors in the firewall")
