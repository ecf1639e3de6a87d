"""Gain residuals of stations (stations/gain.py) on disk, beside the event log.

An entry is valid for the gain that the inventory had then: it is dropped when a gain is corrected.
"""

import logging
import math
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from forewave.errors import FormatError
from forewave.formats import bounded
from forewave.formats.storage import whole_file
from forewave.stations.gain import EARTHQUAKES, Gains, Known
from forewave.types import Station

NAME = "gains.json"
LARGEST = 16_000_000  # bytes; 10,000 stations have 2 MB
_LOG = logging.getLogger(__name__)


class _Entry(Struct, frozen=True):
    """gain: of the vertical, counts per unit. off: log10 residuals, oldest first."""

    gain: float
    off: tuple[float, ...]


def load(folder: Path | None, stations: Sequence[Station]) -> Known:
    """Residuals of these stations, where their gain is the same; empty if the file is unusable."""
    if folder is None:
        return {}
    try:
        with bounded.faults_of(folder / NAME):
            data = bounded.read(folder / NAME, LARGEST)
            found = msgspec.json.decode(data, type=dict[str, _Entry])
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, FormatError, msgspec.MsgspecError, ValueError) as error:
        _LOG.error("%s cannot be used, gain residuals start empty: %s", folder / NAME, error)
        return {}
    gains = {station.code: station.channels[0].gain for station in stations}
    return {
        code: entry.off[-EARTHQUAKES:]
        for code, entry in found.items()
        if gains.get(code) == entry.gain and all(map(math.isfinite, entry.off))
    }


def save(folder: Path, stations: Sequence[Station], known: Mapping[str, Sequence[float]]) -> None:
    """Replace the file atomically. Raises OSError."""
    gains = {station.code: station.channels[0].gain for station in stations}
    table = {code: _Entry(gains[code], tuple(off)) for code, off in known.items() if code in gains}
    whole_file.replace(folder / NAME, msgspec.json.encode(table))


class GainFile:
    """Saves residuals, in a thread of its own. folder None: nothing is saved."""

    def __init__(self, folder: Path | None, stations: Sequence[Station]) -> None:
        self._folder, self._stations, self._saved = folder, stations, 0
        self.known = load(folder, stations)

    def keep(self, gains: Gains) -> threading.Thread | None:
        """Save them if an earthquake has added some. Returns at once."""
        if self._folder is None or gains.learned == self._saved:
            return None
        self._saved = gains.learned
        thread = threading.Thread(target=self._save, args=(gains.known(),), daemon=True)
        thread.start()
        return thread

    def _save(self, known: Known) -> None:
        assert self._folder is not None
        try:
            save(self._folder, self._stations, known)
        except OSError as error:
            _LOG.error("%s: %s", self._folder / NAME, error.strerror)
