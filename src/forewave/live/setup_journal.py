"""What a live machine was set up with, kept beside its record so that a night can be decided again.

Named by its content: a thousand restarts with the same settings and stations keep one file.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path

import msgspec
from msgspec import Struct

from forewave.earth import travel_time
from forewave.errors import FormatError
from forewave.formats import bounded
from forewave.pipeline import Decider, PipelineSettings
from forewave.types import Place, Station

LONGEST = 30_000_000  # bytes: of some 100,000 stations


class Setup(Struct, frozen=True):
    """All that the rooms behind the stations were made with."""

    version: str
    settings: PipelineSettings
    stations: tuple[Station, ...]
    places: tuple[Place, ...]
    gains: dict[str, tuple[float, ...]] = {}


def setup_of(
    settings: PipelineSettings,
    stations: tuple[Station, ...],
    places: tuple[Place, ...],
    gains: dict[str, tuple[float, ...]] | None = None,
) -> Setup:
    """With the version that is running. gains: what was learned of them before."""
    return Setup(version("forewave"), settings, stations, places, gains or {})


def name_of(setup: Setup) -> str:
    """The file's name."""
    return f"setup-{hashlib.sha256(msgspec.msgpack.encode(setup)).hexdigest()[:16]}.msgpack"


def keep(setup: Setup, root: Path) -> str:
    """Write it if it is not there; answer its name. Raises OSError."""
    name = name_of(setup)
    if not (root / name).exists():
        root.mkdir(parents=True, exist_ok=True)
        fresh = root / f"{name}.new"
        fresh.write_bytes(msgspec.msgpack.encode(setup))
        fresh.replace(root / name)
    return name


def load(root: Path, name: str) -> Setup:
    """Raises FormatError, one line."""
    file = root / name
    try:
        with bounded.faults_of(file):
            return msgspec.msgpack.decode(bounded.read(file, LONGEST), type=Setup)
    except OSError as error:
        raise FormatError(f"{file}: {error.strerror}") from None


def decider(setup: Setup) -> Decider:
    """New rooms, as they were."""
    return Decider(setup.stations, setup.places, travel_time.load(), setup.settings, setup.gains)
