"""Webhooks: a POST of JSON to an address, signed with a shared secret.

    X-Forewave-Signature: t=1700000000,v1=<hex>

v1 is HMAC-SHA256 (RFC 2104) with the secret over the characters of t, a full stop, and the body.
The receiver computes it again, compares in constant time, and refuses a t of more than some minutes
ago, so that a captured request cannot be sent again. Redirects are not followed: a secret and an
alert go only where the settings say.
"""

import asyncio
import base64
import hashlib
import hmac
import ssl
from collections.abc import Iterator, Mapping
from typing import Annotated
from urllib.parse import unquote, urlsplit

import msgspec

from forewave.channels.card import Card, ChannelSettings, Context, DeliveryError, Notification
from forewave.channels.texts.payload import encoded
from forewave.channels.texts.words import Words
from forewave.errors import ConfigError
from forewave.field import about
from forewave.sources.exposure import Exposure
from forewave.sources.reconnect import why_lost
from forewave.sources.tls import trust

SIGNATURE = "X-Forewave-Signature"
OWN = ("host", "content-length", "connection", "transfer-encoding", SIGNATURE.lower())
LONGEST_LINE = 8192  # bytes of the line with the status
MOST_INTERIM = 10  # interim answers, such as 100 and 103, before one that decides
SWITCHING = 101  # is no interim answer: what follows is another protocol
AGAIN = (408, 425, 429)  # besides 5xx: may succeed later


class WebhookSettings(ChannelSettings, frozen=True, kw_only=True, tag="webhook"):
    """A POST of JSON to an address, signed with HMAC-SHA256."""

    url: Annotated[str, about("Address to POST to; use https outside of this machine")]
    secret: Annotated[
        str,
        about('Signs each request (HMAC-SHA256); "": not signed; keep the file readable to you'),
    ] = ""
    headers: Annotated[dict[str, str], about("Further headers, such as Authorization")] = (
        msgspec.field(default_factory=dict)
    )
    tls_ca: Annotated[str, about("File of the certificates to trust, instead of the machine's")] = (
        ""
    )


class Webhook:
    """One address. Raises ConfigError where a header or the certificate file cannot be used."""

    def __init__(self, settings: WebhookSettings, context: Context) -> None:
        self.name = settings.name or "webhook"
        parts = urlsplit(settings.url)
        assert parts.hostname is not None  # registry.py has checked it
        self._tls = trust(settings.tls_ca) if parts.scheme == "https" else None
        self._host, self._port = parts.hostname, parts.port or (443 if self._tls else 80)
        self._words, self._clock = Words(context.language), context.clock
        self._secret = settings.secret.encode()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        host = parts.netloc.rpartition("@")[2]
        self._head = _head(
            target, host, _authorised(settings.headers, parts.username, parts.password)
        )

    async def open(self) -> None:
        """Nothing: each request has a connection of its own."""

    async def send(self, notification: Notification) -> None:
        """POST it; anything but 2xx is a failure."""
        body = encoded(notification, self._words)
        signed = signature(self._secret, int(self._clock()), body) if self._secret else ""
        status = await self._post(self._head + _own_headers(signed, body) + body)
        if 200 <= status < 300:
            return
        again = status >= 500 or status in AGAIN
        why = "redirects are not followed" if 300 <= status < 400 else "refused"
        # What a server could not finish may have been done, or be done behind it.
        raise DeliveryError(f"HTTP {status}: {why}", retry=again, received=status >= 500)

    async def expire(self, event: str) -> None:
        """Nothing: the final notification has been sent."""

    async def close(self) -> None:
        """Nothing is open."""

    async def _post(self, request: bytes) -> int:
        """The status of the answer. Raises DeliveryError."""
        sent = False
        try:
            reader, writer = await asyncio.open_connection(
                self._host, self._port, ssl=self._tls, limit=LONGEST_LINE
            )
            try:
                sent = True
                writer.write(request)
                await writer.drain()
                return await _final_status(reader)
            finally:
                writer.transport.abort()
        except ssl.SSLCertVerificationError as error:
            raise DeliveryError(why_lost(error), received=False) from None
        except (OSError, ValueError) as error:
            raise DeliveryError(f"no connection: {why_lost(error)}", received=sent) from None


def signature(secret: bytes, time: int, body: bytes) -> str:
    """The value of the signature header. time: whole POSIX seconds."""
    made = hmac.new(secret, str(time).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={time},v1={made}"


def _authorised(
    headers: Mapping[str, str], user: str | None, password: str | None
) -> dict[str, str]:
    """The headers, with the user and password of the address, if it has any."""
    if user is None:
        return dict(headers)
    pair = f"{unquote(user)}:{unquote(password or '')}".encode()
    return {**headers, "Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _head(target: str, host: str, headers: Mapping[str, str]) -> bytes:
    """The request up to the headers that differ each time. Raises ConfigError."""
    for name, value in headers.items():
        if name.lower() in OWN or not _is_token(name) or not value.isprintable():
            raise ConfigError(f"headers: {name!r} cannot be set")
    lines = [f"POST {target} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += ["Content-Type: application/json", "User-Agent: forewave"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    try:
        return "".join(f"{line}\r\n" for line in lines).encode("ascii")
    except UnicodeEncodeError:
        raise ConfigError("url, headers: expected ASCII; write other letters as %XX") from None


def _is_token(name: str) -> bool:
    return bool(name) and all(letter.isalnum() or letter in "-_" for letter in name)


def _own_headers(signed: str, body: bytes) -> bytes:
    signing = f"{SIGNATURE}: {signed}\r\n" if signed else ""
    return f"{signing}Content-Length: {len(body)}\r\n\r\n".encode()


async def _final_status(reader: asyncio.StreamReader) -> int:
    """Of an answer, after the interim ones (RFC 9110, 15.2). Raises DeliveryError, ValueError."""
    for _ in range(MOST_INTERIM):
        status = _status(await reader.readline())
        if not 100 <= status < 200 or status == SWITCHING:
            return status
        while await reader.readline() not in (b"\r\n", b"\n", b""):
            pass
    raise DeliveryError("no HTTP: only interim answers")


def _status(line: bytes) -> int:
    """Of the first line of an answer. Raises DeliveryError."""
    parts = line.split()
    if len(parts) < 2 or not parts[0].startswith(b"HTTP/1.") or not parts[1].isdigit():
        raise DeliveryError("no HTTP: the answer is not HTTP/1.1")
    return int(parts[1])


def _exposure(settings: WebhookSettings) -> Iterator[Exposure]:
    parts = urlsplit(settings.url)
    subject, host = f"webhook {parts.hostname}", parts.hostname or ""
    if parts.scheme == "http":
        what = "alerts are sent unencrypted: they can be read, and changed in transit"
        yield Exposure("warning", subject, what, "use https", host=host)
    if not settings.secret:
        what = "requests are not signed: the receiver cannot tell them from forged ones"
        yield Exposure("note", subject, what, 'set secret = "..."', host=host)


CARD = Card("webhook", WebhookSettings, Webhook, _exposure)
