"""The result of `forewave bench fanout`: medians over the repetitions, and their spread."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from forewave.evaluate.bench.fanout.case import Case

FIGURES = (
    *("p50_ms", "p99_ms", "last_ms", "cpu_us", "load_us"),
    *("connect_us", "idle_kb", "used_kb", "kernel_kb", "other_cores"),
)


class Line(Struct, frozen=True):
    """One server at one number of clients: medians over `valid` repetitions of a `Case`'s figures.

    worst_ms: the slowest of all alerts. ratio: last_ms over that of the floor of the same
    repetition, plain or TLS. least, most: the spread of last_ms and ratio over the repetitions.
    None where no floor counts. faults: why some repetitions do not count.
    """

    row: str
    title: str
    tls: bool
    clients: int
    valid: int
    p50_ms: float
    p99_ms: float
    last_ms: float
    least_last_ms: float
    most_last_ms: float
    worst_ms: float
    ratio: float | None
    least_ratio: float | None
    most_ratio: float | None
    cpu_us: float
    load_us: float
    connect_us: float
    idle_kb: float
    used_kb: float
    kernel_kb: float
    other_cores: float
    faults: tuple[str, ...] = ()


class Invalid(Struct, frozen=True):
    """A server at a number of clients of which no repetition counts, and why."""

    row: str
    title: str
    tls: bool
    clients: int
    faults: tuple[str, ...]


class Missing(Struct, frozen=True):
    """A server that is not measured, and what would change that."""

    row: str
    title: str
    needs: str


class Fanout(Struct, frozen=True):
    """All figures. alerts: in each measurement, without the discarded ones. bytes: of an alert.

    cores: that the benchmark may use. processes: of the row `gateways`.
    """

    machine: str
    cores: int
    processes: int
    repetitions: int
    alerts: int
    bytes: int
    lines: tuple[Line, ...]
    invalid: tuple[Invalid, ...] = ()
    missing: tuple[Missing, ...] = ()
    skipped_clients: tuple[int, ...] = ()


def line(title: str, cases: Sequence[Case], floors: Sequence[Case]) -> Line | Invalid:
    """The repetitions of one case, paired with the floors measured in the same repetitions."""
    first = cases[0]
    faults = tuple(case.fault for case in cases if case.fault)
    pairs = [(c, floor) for c, floor in zip(cases, floors, strict=True) if not c.fault]
    if not pairs:
        return Invalid(first.row, title, first.tls, first.clients, faults)
    last = [case.last_ms for case, _ in pairs]
    ratios = [case.last_ms / floor.last_ms for case, floor in pairs if not floor.fault]
    return Line(
        row=first.row,
        title=title,
        tls=first.tls,
        clients=first.clients,
        valid=len(pairs),
        least_last_ms=min(last),
        most_last_ms=max(last),
        worst_ms=max(case.worst_ms for case, _ in pairs),
        ratio=float(np.median(ratios)) if ratios else None,
        least_ratio=min(ratios, default=None),
        most_ratio=max(ratios, default=None),
        faults=faults,
        **{key: float(np.median([getattr(case, key) for case, _ in pairs])) for key in FIGURES},
    )
