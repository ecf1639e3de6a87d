"""What a live machine was set up with, kept beside its record so that a night can be decided again.

Named by its content: a thousand restarts with the same settings and stations keep one file.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from forewave.archive import travel_time
from forewave.errors import FormatError
from forewave.formats import bounded
from forewave.formats.storage import whole_file
from forewave.pipeline import Decider, PipelineSettings
from forewave.settings import RENAMED
from forewave.types import Place, Station

LONGEST = 30_000_000  # bytes; about 100,000 stations


class Setup(Struct, frozen=True):
    """Everything that the rooms behind the stations are built from.

    gains: gain residuals by station, as in stations/gain.py.
    """

    version: str
    settings: PipelineSettings
    stations: tuple[Station, ...]
    places: tuple[Place, ...]
    gains: dict[str, tuple[float, ...]] = {}


class _Kept(Struct):
    """The same as it is on disk, with settings of any version."""

    version: str
    settings: dict[str, Any]
    stations: tuple[Station, ...]
    places: tuple[Place, ...]
    gains: dict[str, tuple[float, ...]] = {}


def setup_of(
    settings: PipelineSettings,
    stations: tuple[Station, ...],
    places: tuple[Place, ...],
    gains: dict[str, tuple[float, ...]] | None = None,
) -> Setup:
    """A setup with the version that is running. gains: residuals from earlier earthquakes."""
    return Setup(version("forewave"), settings, stations, places, gains or {})


def name_of(setup: Setup) -> str:
    """The name of its file: a hash of the content."""
    return f"setup-{hashlib.sha256(msgspec.msgpack.encode(setup)).hexdigest()[:16]}.msgpack"


def keep(setup: Setup, root: Path) -> str:
    """Write the file if it does not exist; returns its name. Raises OSError."""
    name = name_of(setup)
    if not (root / name).exists():
        root.mkdir(parents=True, exist_ok=True)
        whole_file.replace(root / name, msgspec.msgpack.encode(setup))
    return name


def load(root: Path, name: str) -> Setup:
    """Read a setup. Raises FormatError, one line."""
    file = root / name
    try:
        with bounded.faults_of(file):
            kept = msgspec.msgpack.decode(bounded.read(file, LONGEST), type=_Kept)
            settings = msgspec.convert(_renamed(kept.settings), PipelineSettings)
    except OSError as error:
        raise FormatError(f"{file}: {error.strerror}") from None
    return Setup(kept.version, settings, kept.stations, kept.places, kept.gains)


def _renamed(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings that an older version wrote, by the names that they have now.

    A key whose new one has another value stays and is refused: one threshold cannot be both.
    """
    if isinstance(alone := settings.pop("phones_alone", None), bool):
        settings["phones"] = {"alone": alone}
    for old, new in RENAMED.items():
        (section, before), (target, now) = old.split("."), new.split(".")
        here, there = settings.get(section), settings.get(target)
        if not (isinstance(here, dict) and isinstance(there, dict) and before in here):
            continue
        if there.setdefault(now, here[before]) == here[before]:
            del here[before]
    return settings


def decider(setup: Setup) -> Decider:
    """New rooms, built from a setup."""
    return Decider(setup.stations, setup.places, travel_time.load(), setup.settings, setup.gains)
