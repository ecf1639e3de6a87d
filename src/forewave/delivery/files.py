"""Files and tables served from memory, compressed once.

Nothing is compressed while requests are answered, and nothing that an alert needs is read from the
disk then, so that a thousand pages opened at once during an earthquake do not delay an alert. The
many small files of maps and towns are read when they are first asked for.
"""

import gzip
import mimetypes
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import brotli
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

SMALL = 100_000  # bytes up to which the best compression takes a fraction of a second
_COMPRESSED = (".br", ".gz")  # files made by the build, beside the plain ones
mimetypes.add_type("application/manifest+json", ".webmanifest")
_DENSE = (".jpg", ".png", ".mp3", ".ogg", ".m4a", ".webm", ".woff2")  # nothing makes them smaller
_LATER = ("assets/map-", "assets/towns-")  # folders of files that are read when asked for
_WORTH = 0.9  # of its size, at most, for a compressed body to be sent


class File(Struct, frozen=True):
    """A body in each encoding, the most wanted first; the last is the plain one.

    etag: of the content; the encoding is added to it.
    """

    bodies: tuple[tuple[str, bytes], ...]
    media_type: str
    etag: str

    @property
    def plain(self) -> bytes:
        """The body without compression."""
        return self.bodies[-1][1]

    def answer(self, request: Request) -> Response:
        """The smallest body that the client takes, or 304 if it has it already."""
        encoding, body = next(
            each for each in self.bodies if not each[0] or _takes(request, each[0])
        )
        etag = f'"{self.etag}{encoding}"'
        headers = {"ETag": etag, "Vary": "Accept-Encoding"}
        known = request.headers.get("if-none-match", "")
        if etag in [each.strip().removeprefix("W/") for each in known.split(",")]:
            return Response(status_code=304, headers=headers)
        if encoding:
            headers["Content-Encoding"] = encoding
        return Response(body, media_type=self.media_type, headers=headers)


class LaterFile:
    """A file that is read when it is first asked for, and kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: File | None = None

    def answer(self, request: Request) -> Response:
        """As that of a file."""
        self._file = self._file or _read(self._path)
        return self._file.answer(request)


def folder(root: Path) -> dict[str, File | LaterFile]:
    """All files below a folder, by path relative to it."""
    paths = [path for path in _files(root) if path.suffix not in _COMPRESSED]
    return {
        name: _open(path, name) for path in paths if (name := path.relative_to(root).as_posix())
    }


def _open(path: Path, name: str) -> File | LaterFile:
    return LaterFile(path) if name.startswith(_LATER) else _read(path)


def table(plain: bytes) -> File:
    """A body of JSON."""
    return _file(plain, "application/json", _brotli(plain), _gzip(plain))


def _files(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file())


def _read(path: Path) -> File:
    plain = path.read_bytes()
    small, larger = (path.with_name(path.name + suffix) for suffix in _COMPRESSED)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix in _DENSE:
        return _file(plain, kind, plain, plain)
    return _file(
        plain,
        kind,
        small.read_bytes() if small.is_file() else _brotli(plain),
        larger.read_bytes() if larger.is_file() else _gzip(plain),
    )


def _file(plain: bytes, kind: str, small: bytes, larger: bytes) -> File:
    packed = [
        (encoding, body)
        for encoding, body in (("br", small), ("gzip", larger))
        if len(body) < _WORTH * len(plain)
    ]
    return File((*packed, ("", plain)), kind, sha256(plain).hexdigest()[:16])


@cache
def _brotli(plain: bytes) -> bytes:
    return bytes(brotli.compress(plain, quality=11 if len(plain) < SMALL else 5))


@cache
def _gzip(plain: bytes) -> bytes:
    return gzip.compress(plain, mtime=0)


def _takes(request: Request, encoding: str) -> bool:
    """Whether Accept-Encoding lists an encoding without refusing it (RFC 9110, 12.5.3)."""
    for each in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = each.partition(";")
        if name.strip() == encoding:
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
