"""The work folder: stored results of cases.

A result is stored under a digest of everything that it depends on: the source of the program, the
versions of numerical libraries, and the case with all bytes of its recording. A suite that was
interrupted, or is run again, only runs the missing cases.
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


class CaseResult(Struct, frozen=True):
    """Stored result of a case; its page is a file beside.

    compute_s: processor time of simulation, replay and scoring.
    """

    name: str
    group: str
    title: str
    result: str
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
    """The work folder: results by digest, in a subfolder for each version of the source."""

    def __init__(self, root: Path) -> None:
        self.source = source_digest()
        self._root = root
        self._here = root / self.source

    def load(self, task: Task, with_page: bool) -> CaseResult | None:
        """The stored result, None without a valid one."""
        path = self._path(task)
        if with_page and not self.page(task).is_file():
            return None
        try:
            return msgspec.json.decode(path.read_bytes(), type=CaseResult)
        except (OSError, msgspec.MsgspecError):
            return None

    def save(self, task: Task, done: CaseResult, page: str | None) -> None:
        """Store a result atomically."""
        self._here.mkdir(parents=True, exist_ok=True)
        if page is not None:
            _write(self.page(task), page.encode())
        _write(self._path(task), msgspec.json.encode(done))

    def page(self, task: Task) -> Path:
        """Path of the case's page."""
        return self._path(task).with_suffix(".html")

    def tidy(self) -> None:
        """Delete all but the last versions of the source."""
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
    """Digest of all source files, and of the versions of libraries."""
    code = sha256()
    root = Path(str(files("forewave")))
    for path in sorted(p for p in root.rglob("*") if p.suffix in SOURCE_KINDS and p.is_file()):
        code.update(path.relative_to(root).as_posix().encode())
        code.update(path.read_bytes())
    code.update(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    return code.hexdigest()[:DIGEST_LETTERS]


def digest(task: Task) -> str:
    """Digest of one case: its description, and all bytes of its files."""
    code = sha256(task.name.encode() + b"\0" + task.group.encode() + b"\0")
    code.update(msgspec.json.encode((task.scenario, task.in_network)))
    for path in _read(task):
        code.update(path.name.encode())
        code.update(path.read_bytes())
    return code.hexdigest()[:DIGEST_LETTERS]


def _read(task: Task) -> list[Path]:
    """The files of a case: of its recording, or of its scenario's stations."""
    network = task.scenario.network if task.scenario else None
    place = task.folder or getattr(network, "path", None)
    if place is None:
        return []
    place = Path(place)
    return [place] if place.is_file() else sorted(p for p in place.iterdir() if p.is_file())
