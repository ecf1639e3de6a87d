"""What every measured Python server offers to the benchmark."""

import ssl
from collections.abc import Awaitable, Callable

from msgspec import Struct

Publish = Callable[[int, bytes], Awaitable[bytes]]
HOST = "127.0.0.1"


class Options(Struct, frozen=True):
    """port: 0 is any free one. shared: other processes listen on the same port too.

    private: the raw signing key in hex, which processes that share a port have in common; empty: a
    new one. certificate, key: PEM files; with them only TLS connections are accepted.
    """

    port: int = 0
    shared: bool = False
    private: str = ""
    certificate: str = ""
    key: str = ""

    def tls(self) -> ssl.SSLContext | None:
        """The context of the server, or None for plain connections."""
        if not self.certificate:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


class Server(Struct, frozen=True):
    """A listening server. path: of its WebSocket.

    publish: sends a payload to all clients and returns what was sent. It gets the number of the
    alert too, from 1; only the gateway makes its own message of it.
    """

    port: int
    publish: Publish
    path: str = "/"
