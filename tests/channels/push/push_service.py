"""A push service of our own: takes encrypted messages, and devices that read them.

The devices decrypt with `http_ece`, which shares no code with forewave.
"""

import base64
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any, NamedTuple, Self

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Request(NamedTuple):
    """What a push service got. at: POSIX seconds."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float


class PushService:
    """An HTTP server on a free port. answers: status codes by path, one for each request."""

    def __init__(self) -> None:
        self.received: Queue[Request] = Queue()
        self.answers: dict[str, list[tuple[int, dict[str, str]]]] = {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                service.received.put(Request(self.path, headers, body, time.time()))
                planned = service.answers.get(self.path, [])
                status, extra = planned.pop(0) if planned else (201, {})
                self.send_response(status)
                for name, value in {"Content-Length": "0", **extra}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def next(self, timeout: float = 20.0) -> Request:
        return self.received.get(timeout=timeout)


class Device:
    """A browser's subscription: its keys, and how it reads a message."""

    def __init__(self, service: PushService, name: str = "device") -> None:
        self.path = f"/{name}"
        self.endpoint = service.origin + self.path
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    def subscription(self, cell: str) -> dict[str, str]:
        """The body of /push/subscribe."""
        public = self._private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        keys = {"p256dh": base64url(public), "auth": base64url(self._auth)}
        return {"endpoint": self.endpoint, **keys, "cell": cell}

    def read(self, request: Request) -> bytes:
        return http_ece.decrypt(request.body, private_key=self._private, auth_secret=self._auth)


def claims(authorization: str) -> dict[str, Any]:
    """The claims of a VAPID header (RFC 8292, 2), unverified."""
    token = authorization.removeprefix("vapid t=").partition(",")[0]
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
