"""A finished case of the suite, as the work folder keeps it, and whether it may be used again.

A case is kept under a digest of everything that its result depends on: this program's source, the
versions of the libraries that compute, and the case itself with every byte of its recording. So
a suite that was interrupted, or is run again, only does what is missing.
"""

import shutil
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import msgspec
from msgspec import Struct

from forewave.evaluate.scoring.reliability import Bin
from forewave.evaluate.scoring.score import EventScore
from forewave.evaluate.scoring.users import Outcome
from forewave.evaluate.suite.task import Task

SOURCE_KINDS = {".py", ".csv", ".toml", ".css", ".js"}
LIBRARIES = ("numpy", "scipy", "numba", "obspy", "msgspec")
KEPT_VERSIONS = 3  # of the program's source
DIGEST_LETTERS = 24


class Done(Struct, frozen=True):
    """What is left of a case when it is judged; the page is a file beside.

    compute_s: processor time of making, replaying and judging it.
    """

    name: str
    group: str
    title: str
    verdict: str
    rows: tuple[EventScore, ...]
    outcomes: tuple[Outcome, ...]
    bins_first: tuple[Bin, ...]
    bins_final: tuple[Bin, ...]
    worst_epicentre_km: float | None
    miss: str | None
    false: tuple[str, ...]
    cancelled: tuple[str, ...]
    compute_s: float


class Folder:
    """The work folder: finished cases by digest, those of other versions of the source apart."""

    def __init__(self, root: Path) -> None:
        self.source = source_digest()
        self._root = root
        self._here = root / self.source

    def load(self, task: Task, with_page: bool) -> Done | None:
        """The finished case, if there is one that still holds."""
        path = self._path(task)
        if with_page and not self.page(task).is_file():
            return None
        try:
            return msgspec.json.decode(path.read_bytes(), type=Done)
        except (OSError, msgspec.MsgspecError):
            return None

    def save(self, task: Task, done: Done, page: str | None) -> None:
        """Keep a finished case; whole or not at all, whenever the program is ended."""
        self._here.mkdir(parents=True, exist_ok=True)
        if page is not None:
            _write(self.page(task), page.encode())
        _write(self._path(task), msgspec.json.encode(done))

    def page(self, task: Task) -> Path:
        """Where the case's page is kept."""
        return self._path(task).with_suffix(".html")

    def tidy(self) -> None:
        """Forget all but the last few versions of the source."""
        versions = [f for f in self._root.iterdir() if f.is_dir()] if self._root.is_dir() else []
        versions.sort(key=lambda f: f.stat().st_mtime, reverse=True)
        for old in versions[KEPT_VERSIONS:]:
            shutil.rmtree(old, ignore_errors=True)

    def _path(self, task: Task) -> Path:
        return self._here / f"{digest(task)}.json"


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


@cache
def source_digest() -> str:
    """Of every file of the program that can change a result, and of what it computes with."""
    code = sha256()
    root = Path(str(files("forewave")))
    for path in sorted(p for p in root.rglob("*") if p.suffix in SOURCE_KINDS and p.is_file()):
        code.update(path.relative_to(root).as_posix().encode())
        code.update(path.read_bytes())
    code.update(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    return code.hexdigest()[:DIGEST_LETTERS]


def digest(task: Task) -> str:
    """Of one case: its description, and every byte of what it reads."""
    code = sha256(task.name.encode() + b"\0" + task.group.encode() + b"\0")
    code.update(msgspec.json.encode((task.scenario, task.in_network)))
    for path in _read(task):
        code.update(path.name.encode())
        code.update(path.read_bytes())
    return code.hexdigest()[:DIGEST_LETTERS]


def _read(task: Task) -> list[Path]:
    """The files that a case reads: its recording's, or those of its scenario's stations."""
    network = task.scenario.network if task.scenario else None
    place = task.folder or getattr(network, "path", None)
    if place is None:
        return []
    place = Path(place)
    return [place] if place.is_file() else sorted(p for p in place.iterdir() if p.is_file())
