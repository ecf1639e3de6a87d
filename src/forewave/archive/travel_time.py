"""The cache of travel-time tables: one file for each velocity model, in the user's cache folder."""

import os
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from forewave.earth import travel_time
from forewave.earth.travel_time import DEPTHS_KM, DISTANCES_KM, VELOCITY_MODELS, TravelTimes
from forewave.errors import ModelError

_FORMAT = 1  # part of the file's name: a new way to compute the table makes a new file


def load(model: str = "iasp91") -> TravelTimes:
    """The model's table: from the cache, else computed (a few seconds) and cached if possible.

    Raises ModelError for a model that is not in VELOCITY_MODELS.
    """
    if model not in VELOCITY_MODELS:
        raise ModelError(f"velocity model {model!r}: expected one of {', '.join(VELOCITY_MODELS)}")
    path = _cache_folder() / f"travel-times-{model}-{_FORMAT}.npz"
    cached = _read(path, model)
    if cached is not None:
        return cached
    table = travel_time.build(model)
    _write(path, table)
    return table


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "forewave"


def _read(path: Path, model: str) -> TravelTimes | None:
    """The cached table, or None where there is none that can be read."""
    try:
        with np.load(path) as arrays:
            p, s = arrays["p"], arrays["s"]
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return None
    whole = p.shape == s.shape == (len(DISTANCES_KM), len(DEPTHS_KM))
    return TravelTimes(model, DISTANCES_KM, DEPTHS_KM, p, s) if whole else None


def _write(path: Path, table: TravelTimes) -> None:
    """Keep the table for the next start; a folder that cannot be written only costs time."""
    unfinished = path.with_suffix(f".{os.getpid()}.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(unfinished, p=table.p, s=table.s)
        unfinished.replace(path)
    except OSError:
        return
