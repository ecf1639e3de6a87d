"""The head of an HTTP/1.1 request, read only as far as needed to decide who answers it.

Pure. What the pages' server answers it parses again itself (RFC 9112); here nothing is refused.
"""

import re
from collections.abc import Mapping

from msgspec import Struct

LONGEST = 16 * 1024  # bytes
_END = re.compile(rb"\r?\n\r?\n")
_REQUEST = re.compile(rb"([A-Z]+) (\S+) HTTP/1\.[01]")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Head(Struct, frozen=True):
    """path: without the query. headers: by name in lower case, repeated ones joined by commas.

    size: bytes of the head with the empty line at its end. query: what is behind the "?".
    """

    method: str
    path: str
    headers: Mapping[str, str]
    size: int
    query: str = ""

    def has(self, name: str, token: str) -> bool:
        """Whether a header that is a list of tokens contains one, in any case."""
        listed = self.headers.get(name, "").lower().split(",")
        return token in [each.strip() for each in listed]


def is_complete(data: bytes) -> bool:
    """Whether the head ends within `data`, or no request can come of it any more."""
    return not data[:1].isalpha() or len(data) > LONGEST or _END.search(data) is not None


def read_head(data: bytes) -> Head | None:
    """The head at the beginning of `data`; None if it is not a valid one of at most LONGEST."""
    end = _END.search(data, 0, LONGEST)
    if end is None:
        return None
    first, *lines = data[: end.start()].replace(b"\r\n", b"\n").split(b"\n")
    request = _REQUEST.fullmatch(first)
    headers = _headers(lines)
    if request is None or headers is None:
        return None
    path, _, query = request[2].decode("latin-1").partition("?")
    return Head(request[1].decode(), path, headers, end.end(), query)


def _headers(lines: list[bytes]) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for line in lines:
        raw, colon, value = line.partition(b":")
        if not colon or _NAME.fullmatch(raw) is None:
            return None
        name, text = raw.decode().lower(), value.strip().decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found
