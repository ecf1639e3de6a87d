"""Where a running forewave is asked, and what it tells everybody: where its stream is, its keys."""

import asyncio
import json
import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import msgspec
from msgspec import Struct

from forewave.delivery.signing import from_base64url, key_id
from forewave.errors import FormatError, InputError
from forewave.formats.protocols.alert_message import encode
from forewave.types import Place

TIMEOUT = 5.0
LONGEST = 100_000  # bytes of /config.json
LONGEST_TOWNS = 10_000_000  # bytes of /towns.json
KEY_BYTES = 32
_PATH = re.compile(r"\w[\w.-]*(/[\w.-]+)*", re.ASCII)


class Config(Struct, frozen=True):
    """What the service tells everybody.

    keys: raw public keys by id. stream: path of the stream relative to the pages. stream_port:
    where the stream is for a service of before there were such paths. key_list: the list signed by
    an offline root, if there is one.
    """

    keys: Mapping[str, bytes]
    stream: str | None = None
    stream_port: int | None = None
    key_list: bytes | None = None


class Service:
    """A service by the address of its pages; `tls`: for certificates that are not public.

    Under a prefix the address ends with a slash, as http://host/quake/.
    """

    def __init__(self, url: str, tls: ssl.SSLContext | None = None) -> None:
        self._url = _checked(url)
        self._tls = tls
        handlers = [urllib.request.ProxyHandler({}), _NoRedirect()]
        if self.secure:
            handlers.append(urllib.request.HTTPSHandler(context=self.tls))
        self._opener = urllib.request.build_opener(*handlers)

    @property
    def secure(self) -> bool:
        """Whether pages and stream speak TLS."""
        return self._url.scheme == "https"

    @property
    def tls(self) -> ssl.SSLContext | None:
        """How certificates are checked; None without TLS."""
        if not self.secure:
            return None
        self._tls = self._tls or ssl.create_default_context()
        return self._tls

    def stream(self, config: Config) -> str:
        """The address of the stream: it is where the pages are, or at a port of its own."""
        scheme = "wss" if self.secure else "ws"
        if config.stream is not None:
            return f"{scheme}{self._beside(config.stream).removeprefix(self._url.scheme)}"
        host = self._url.hostname or ""
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{config.stream_port}/"

    def _beside(self, path: str) -> str:
        """The address of a path relative to the pages."""
        return urljoin(f"{self._url.scheme}://{self._url.netloc}{self._url.path or '/'}", path)

    async def config(self) -> Config:
        """Ask what the service tells everybody. Raises OSError or FormatError, one line."""
        return await asyncio.to_thread(self._config)

    def _config(self) -> Config:
        return read_config(*self._get("config.json", LONGEST))

    def towns(self) -> list[Place]:
        """The towns that the service lists, the largest first, each as "Name, CC".

        The whole list, so that the service does not learn which one is meant. Blocks. Raises
        OSError or FormatError, one line.
        """
        return read_towns(*self._get("towns.json", LONGEST_TOWNS))

    def _get(self, name: str, longest: int) -> tuple[bytes, str]:
        """A file of the pages, and its address."""
        address = self._beside(name)
        try:
            with self._opener.open(address, timeout=TIMEOUT) as answer:
                data = answer.read(longest)
        except urllib.error.HTTPError as error:
            raise FormatError(f"{address}: {error.code} {error.reason}") from None
        except HTTPException as error:
            raise FormatError(f"{address}: {error!r}") from None
        return data, address


def read_config(data: bytes, where: str) -> Config:
    """Read /config.json. Raises FormatError."""
    try:
        found: dict[str, Any] = json.loads(data)
        keys = raw_keys(found["keys"].values())
        signed = found.get("key_list")
        listed = None if signed is None else encode(signed)
        if "stream" in found:
            return Config(keys, stream=_checked_path(found["stream"]), key_list=listed)
        port = found["stream_port"]
        if not isinstance(port, int) or not 0 < port < 65536:
            raise ValueError(f"stream_port is {port!r}")
        return Config(keys, stream_port=port, key_list=listed)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FormatError(f"{where}: is no forewave: {error!r}") from None


def read_towns(data: bytes, where: str) -> list[Place]:
    """Read /towns.json. Raises FormatError."""
    try:
        rows = msgspec.json.decode(data, type=list[tuple[str, float, float, int, str]])
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise FormatError(f"{where}: is no list of towns: {error}") from None
    return [Place(f"{name}, {country}", lat, lon) for name, lat, lon, _, country in rows]


def raw_keys(keys: Iterable[str]) -> dict[str, bytes]:
    """Public keys by id. Raises InputError where one is no Ed25519 key in base64url."""
    return {key_id(raw): raw for raw in map(_raw_key, keys)}


def _raw_key(key: str) -> bytes:
    try:
        raw = from_base64url(key)
    except (ValueError, TypeError, AttributeError):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise InputError(f"key {key!r}: expected an Ed25519 public key in base64url (43 letters)")
    return raw


def _checked_path(path: Any) -> str:
    """A path beside the pages, which cannot name another server."""
    if not isinstance(path, str) or _PATH.fullmatch(path) is None:
        raise ValueError(f"stream is {path!r}")
    return path


def _checked(url: str) -> SplitResult:
    try:
        found = urlsplit(url)
        good = found.scheme in ("http", "https") and found.hostname and found.port != 0
    except ValueError:
        good = None
    if not good:
        raise InputError(f"url is {url!r}, expected one as http://127.0.0.1:8460")
    return found


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Keys come from the address that was named, and from no other."""

    def redirect_request(self, *args: Any, **more: Any) -> None:
        """Follow nothing."""
        return
