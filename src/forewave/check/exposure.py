"""What others on the network could reach or read: ports open beyond this machine, plain passwords.

Nothing of it keeps a live machine from running; each is a way in that somebody should know of.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from forewave.check.finding import Finding
from forewave.delivery.guard import is_loopback
from forewave.settings import RelaySettings, ServerSettings, Settings
from forewave.sources.datalink import DataLinkSettings
from forewave.sources.mqtt import MqttSettings
from forewave.sources.seedlink_settings import SeedLinkSettings
from forewave.sources.shake_udp import ANYBODY, ShakeSettings

SHORTEST_TOKEN = 16  # characters; a shorter one can be tried out
EVERYBODY = {"*", "0.0.0.0/0", "::/0"}  # as proxies: X-Forwarded-For of whoever connects
HOW = "see docs/how-to/serve-to-the-public.md"


def exposure(settings: Settings) -> Iterator[Finding]:
    """Everything, from the settings alone: no port is opened and nobody is asked."""
    yield from _server(settings.server)
    if settings.relay.on:
        yield from _relay(settings.relay)
    for entry in settings.sources:
        yield from _source(entry, alone=len(settings.sources) == 1)


def _server(server: ServerSettings) -> Iterator[Finding]:
    names = {name.strip() for name in server.proxies.split(",")}
    if names & EVERYBODY:
        what = "everybody's X-Forwarded-For is believed: who connects chooses their own address"
        yield Finding("warning", "server.proxies", what, "name the addresses of your proxies")
    if 0 < len(server.token) < SHORTEST_TOKEN:
        what = f"has {len(server.token)} characters: it can be tried out"
        remedy = f"make one of {SHORTEST_TOKEN} or more: openssl rand -hex 16"
        yield Finding("warning", "server.token", what, remedy)
    if is_loopback(server.host):
        return
    if not server.tls_cert:
        token = ", and the token can be read" if server.token else ""
        what = f"pages at {server.host} without TLS: they can be altered on the way{token}"
        remedy = f"set server.tls_cert, or 127.0.0.1 behind a proxy that speaks TLS; {HOW}"
        yield Finding("warning", "server.host", what, remedy)
    if not server.names:
        what = "pages may be asked for by address and by this machine's own name only"
        yield Finding("note", "server.names", what, "add the names under which people ask")


def _relay(relay: RelaySettings) -> Iterator[Finding]:
    if is_loopback(relay.host):
        return
    how = "" if relay.tls_cert else ", without TLS"
    what = f"all waveforms are handed on to whoever reaches port {relay.port} of {relay.host}{how}"
    remedy = "let a firewall admit only those who may have them"
    yield Finding("note" if relay.tls_cert else "warning", "relay.host", what, remedy)


def _source(entry: Struct, *, alone: bool) -> Iterator[Finding]:
    """alone: no other source's stations could be spoken for."""
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
        what = "the password goes over the network as it is"
        yield Finding("warning", subject, what, "set tls = true, if the server speaks it")


def _stations(subject: str, stations: Sequence[str], alone: bool) -> Iterator[Finding]:
    if not stations and not alone:
        what = "may send any station of the inventory, also those of other sources"
        yield Finding("note", subject, what, "name its own with stations")


def _shake(entry: ShakeSettings) -> Iterator[Finding]:
    subject = f"shake_udp {entry.host}:{entry.port}"
    if ANYBODY in entry.stations:
        what = f"whoever reaches this port may send as {entry.stations[ANYBODY]}"
        yield Finding("warning", subject, what, "name the sensor's address instead of *")
    else:
        what = "whoever reaches this port may send as these stations: UDP senders can be forged"
        yield Finding("note", subject, what, "let a firewall admit the sensors only")
