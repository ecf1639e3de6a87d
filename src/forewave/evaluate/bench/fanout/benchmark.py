"""Runs every chosen server at every size, in turns, so that the noise of the machine hits all."""

import os
import tempfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from forewave.delivery.connections import descriptors
from forewave.errors import ConfigError
from forewave.evaluate.bench.decide import machine
from forewave.evaluate.bench.fanout import alert, case, certificate, compiler
from forewave.evaluate.bench.fanout.case import Case
from forewave.evaluate.bench.fanout.result import Fanout, Invalid, Line, Missing, line
from forewave.evaluate.bench.fanout.rows import FLOOR, NAMES, Place, Row, chosen

CLIENTS = (1000, 5000, 10_000, 19_000)
ALERTS, REPETITIONS, PROCESSES = 10, 3, 2
SPARE = 100  # descriptors that a server needs besides its clients

Key = tuple[str, bool, int]
Progress = Callable[[int, int, str], None]


class Plan(Struct, frozen=True):
    """What to measure. alerts: in each measurement; the first two are not counted."""

    clients: tuple[int, ...] = CLIENTS
    rows: tuple[str, ...] = NAMES
    tls: bool = False
    processes: int = PROCESSES
    repetitions: int = REPETITIONS
    alerts: int = ALERTS


def measure(plan: Plan, progress: Progress = lambda done, of, what: None) -> Fanout:
    """Compile, run all, and summarise. progress: called before each measurement.

    Raises ConfigError as `check` does.
    """
    sizes = check(plan)
    wanted = chosen(plan.rows, plan.processes)
    rows = [row for row in wanted if not row.missing()]
    alerts = alert.messages(plan.alerts)
    with tempfile.TemporaryDirectory() as name:
        cases = _run(plan, rows, sizes, Path(name), alerts, progress)
    lines = [
        line(row.title, cases[row.name, tls, size], cases[FLOOR, tls, size])
        for tls in _tls(plan)
        for size in sizes
        for row in rows
    ]
    return Fanout(
        machine=machine(),
        cores=len(os.sched_getaffinity(0)),
        processes=plan.processes,
        repetitions=plan.repetitions,
        alerts=plan.alerts - case.DISCARDED,
        bytes=len(alerts[0]),
        lines=tuple(each for each in lines if isinstance(each, Line)),
        invalid=tuple(each for each in lines if isinstance(each, Invalid)),
        missing=tuple(Missing(r.name, r.title, r.needs) for r in wanted if r.missing()),
        skipped_clients=tuple(size for size in plan.clients if size not in sizes),
    )


def check(plan: Plan) -> list[int]:
    """The sizes of a plan that this machine can measure.

    Raises ConfigError without a C compiler, on a system other than Linux, and if the limit of
    descriptors allows none of the sizes.
    """
    if not hasattr(os, "sched_setaffinity"):
        raise ConfigError("bench fanout: needs Linux (epoll and /proc)")
    compiler.compiler()
    return possible(plan.clients, descriptors.most(1.0, 1 << 30))


def possible(sizes: Collection[int], descriptors: int) -> list[int]:
    """The sizes that a process with this many descriptors can hold. Raises ConfigError if none."""
    found = [size for size in sizes if size + SPARE <= descriptors]
    if not found:
        raise ConfigError(
            f"bench fanout: {min(sizes)} clients need {min(sizes) + SPARE} file descriptors in one "
            f"process, and this machine allows {descriptors}: raise the hard limit (ulimit -Hn)"
        )
    return found


def _run(
    plan: Plan,
    rows: Sequence[Row],
    sizes: Sequence[int],
    folder: Path,
    alerts: list[bytes],
    progress: Progress,
) -> dict[Key, list[Case]]:
    floor, load = compiler.build("floor", folder), compiler.build("load", folder)
    tls_files = certificate.make(folder)
    cases: dict[Key, list[Case]] = {}
    total, done = plan.repetitions * len(_tls(plan)) * len(sizes) * len(rows), 0
    for repetition in range(plan.repetitions):
        for tls in _tls(plan):
            for size in sizes:
                turn = repetition % len(rows)
                for row in [*rows[turn:], *rows[:turn]]:
                    progress(done, total, f"{row.title}{', TLS' if tls else ''}, {size} clients")
                    server_cores, load_cores = _cores(row.processes)
                    place = Place(folder, floor, server_cores, tls_files if tls else None)
                    found = case.measure(row, size, place, load, load_cores, alerts)
                    cases.setdefault((row.name, tls, size), []).append(found)
                    done += 1
    return cases


def _tls(plan: Plan) -> tuple[bool, ...]:
    return (False, True) if plan.tls else (False,)


def _cores(processes: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The cores of the server and that of the load client; both empty where there are too few."""
    cores = tuple(sorted(os.sched_getaffinity(0)))
    if len(cores) <= processes:
        return (), ()
    return cores[:processes], cores[processes : processes + 1]


def write(figures: Fanout, path: Path) -> None:
    """Write all figures as JSON."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1) + b"\n")


def read(path: Path) -> Fanout:
    """The figures that `write` wrote. Raises ConfigError if the file is something else."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Fanout)
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(f"{path}: not the JSON of bench fanout: {error}") from None
