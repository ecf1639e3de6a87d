"""Versions of a report in its folder: the same input is the same version, changed input a new one.

The folder keeps a digest and the key figures of every version, so a page can say what changed since
the version before. Nothing in it is a time of the clock: a second run gives the same bytes.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from forewave.errors import FormatError
from forewave.formats import bounded
from forewave.formats.storage import whole_file

NAME = "versions.json"
MOST_BYTES = 5_000_000
KEPT = 200  # versions


class Version(Struct, frozen=True):
    """One version. digest: of all that it was made from. figures: what people compare."""

    number: int
    digest: str
    figures: dict[str, str]


class Change(Struct, frozen=True):
    """A figure that differs. before, now: "" where a version does not have it."""

    name: str
    before: str
    now: str


class Versions(Struct, frozen=True):
    """This version, what changed since the one before, and whether it is new in its folder."""

    this: Version
    changes: tuple[Change, ...]
    is_new: bool
    all: tuple[Version, ...]


def digest_of(*parts: bytes) -> str:
    """A digest of the parts in their order."""
    sums = hashlib.sha256()
    for part in parts:
        sums.update(len(part).to_bytes(8, "big") + part)
    return sums.hexdigest()


def next_version(before: Sequence[Version], digest: str, figures: Mapping[str, str]) -> Versions:
    """The version with this digest: the last one again, or a new one."""
    is_new = not before or before[-1].digest != digest
    number = before[-1].number + 1 if before and is_new else before[-1].number if before else 1
    this = Version(number, digest, dict(figures)) if is_new else before[-1]
    every = (*before, this) if is_new else tuple(before)
    last = every[-2].figures if len(every) > 1 else None
    changes = () if last is None else _changes(last, this.figures)
    return Versions(this, changes, is_new, every[-KEPT:])


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[Change, ...]:
    names = dict.fromkeys((*now, *before))
    return tuple(
        Change(name, before.get(name, ""), now.get(name, ""))
        for name in names
        if before.get(name) != now.get(name)
    )


def read(folder: Path) -> tuple[Version, ...]:
    """The versions of a folder; none without its file. Raises FormatError, OSError."""
    file = folder / NAME
    if not file.exists():
        return ()
    try:
        with bounded.faults_of(file):
            return msgspec.json.decode(bounded.read(file, MOST_BYTES), type=tuple[Version, ...])
    except msgspec.ValidationError as error:
        raise FormatError(f"{file}: {error}") from None


def write(folder: Path, versions: Sequence[Version]) -> None:
    """Keep the versions. Raises OSError."""
    content = msgspec.json.format(msgspec.json.encode(tuple(versions)), indent=1)
    whole_file.replace(folder / NAME, content + b"\n")
