"""What others on the network could reach or read: open ports, passwords without TLS.

None of it prevents a live run; the operator should know of each.
"""

from collections.abc import Iterator

from msgspec import Struct

from forewave.check.finding import Finding
from forewave.delivery.guard import is_loopback
from forewave.settings import RelaySettings, ServerSettings, Settings
from forewave.sources import registry

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
    """What the card states. alone: there is no other source whose stations it could send."""
    for each in registry.exposures(entry):
        if not (each.host and is_loopback(each.host)) and not (alone and each.shared):
            yield Finding(each.severity, each.subject, each.what, each.remedy)
