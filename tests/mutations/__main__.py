"""`python -m tests.mutations`: plant the defects, print which were caught, and the share."""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from tests.mutations.run import Copy, Outcome, Result, RunError
from tests.mutations.table import ROOT, Defect, TableError, defects, planted, rooms


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where every defect was caught, 1 where one survived, 2 where the table is wrong."""
    options = _options(arguments)
    try:
        chosen = _chosen(options.room, options.only)
        results = _results(chosen, options.workers)
    except (TableError, RunError) as error:
        print(error, file=sys.stderr)
        return 2
    outcomes = [result.outcome for result in results]
    for room in dict.fromkeys(defect.room for defect in chosen):
        print(share(room, [o for d, o in zip(chosen, outcomes, strict=True) if d.room == room]))
    return int("survived" in outcomes)


def share(room: str, outcomes: Sequence[Outcome]) -> str:
    """The line that sums up a room: "alerts: 38 of 40 caught (95 %), 1 equivalent"."""
    count = Counter(outcomes)
    real = count["caught"] + count["survived"]
    percent = f"{100 * count['caught'] / real:.0f} %" if real else "none planted"
    return (
        f"{room}: {count['caught']} of {real} caught ({percent}), {count['equivalent']} equivalent"
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("--room", choices=rooms(), help="only this room's table (default all)")
    parser.add_argument("--only", metavar="ID", help="only the defect with this id")
    parser.add_argument(
        "--workers", type=int, default=1, help="copies that run at once (default 1)"
    )
    return parser.parse_args(arguments)


def _chosen(room: str | None, only: str | None) -> list[Defect]:
    """The defects asked for; TableError where one cannot be planted or none is left."""
    found = [d for name in ([room] if room else rooms()) for d in defects(name)]
    chosen = [d for d in found if only in (None, d.id, d.name)]
    for defect in chosen:
        planted(defect, ROOT)
    if not chosen:
        raise TableError(f"no defect has the id {only!r}")
    return chosen


def _results(chosen: Sequence[Defect], workers: int) -> list[Result]:
    """What became of each, printed as it is known."""
    with tempfile.TemporaryDirectory(prefix="forewave-mutations-") as folder:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for i in range(max(1, workers)):
            copies.put(Copy(Path(folder) / str(i)))
        with ThreadPoolExecutor(max(1, workers)) as pool:
            tests = dict.fromkeys(t for d in chosen if d.equivalent is None for t in d.tests)
            list(pool.map(lambda test: _healthy(copies, test), tests))
            return list(pool.map(lambda defect: _one(copies, defect), chosen))


def _healthy(copies: "SimpleQueue[Copy]", test: str) -> None:
    """RunError where a test fails without a defect: it would seem to catch every one."""
    with _borrowed(copies) as copy:
        failed = copy.failure([test])
    if failed is not None:
        raise RunError(f"{failed}: fails without any defect")


def _one(copies: "SimpleQueue[Copy]", defect: Defect) -> Result:
    with _borrowed(copies) as copy:
        result = copy.result(defect)
    print(f"{result.outcome:<10} {defect.name}  {result.by}".rstrip(), flush=True)
    return result


@contextmanager
def _borrowed(copies: "SimpleQueue[Copy]") -> Iterator[Copy]:
    copy = copies.get()
    try:
        yield copy
    finally:
        copies.put(copy)


if __name__ == "__main__":
    sys.exit(main())
