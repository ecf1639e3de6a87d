"""The figures of `forewave bench fanout` as text: one table for each number of clients."""

from collections.abc import Iterator

from forewave.evaluate.bench.fanout.result import Fanout, Invalid, Line

BUSY = 0.3  # cores of other programs from which times are not to be believed
HEAD = (
    *("server", "p50 ms", "p99 ms", "last ms", "of runs", "worst", "ratio", "of runs"),
    *("CPU us", "connect us", "kB", "used kB"),
)
MEANING = (
    "p50, p99, last: from publishing until half, 99 % and all of the clients have the alert; "
    "median over alerts and repetitions. of runs: least and most of the repetitions. worst: "
    "slowest alert. ratio: last over that of the floor of the same repetition. CPU: of the server "
    "a delivery. connect: of the server a connection. kB: resident memory of the server a "
    "connection, before and after the alerts."
)


def text(found: Fanout) -> str:
    """All tables, what is missing and why, and what the columns mean."""
    return "\n".join([*head(found), *_tables(found), *notes(found), "", MEANING])


def head(found: Fanout) -> list[str]:
    """How it was measured, and on which machine, in two lines."""
    others = [line.other_cores for line in found.lines]
    busy = f"{min(others):.1f} to {max(others):.1f}" if others else "unknown"
    pins = "each process on a core of its own" if found.cores > 1 else "all on one core"
    return [
        f"bench fanout: {found.bytes}-byte alerts, {found.alerts} counted in each of "
        f"{found.repetitions} repetitions, loopback; {pins}",
        f"on {found.machine}; other work on the machine: {busy} cores",
    ]


def _tables(found: Fanout) -> Iterator[str]:
    for tls, size in sorted({(each.tls, each.clients) for each in found.lines}):
        lines = [each for each in found.lines if (each.tls, each.clients) == (tls, size)]
        yield f"\n{size:,} clients{', TLS' if tls else ''}"
        yield from _aligned([HEAD, *map(cells, lines)])


def cells(line: Line) -> tuple[str, ...]:
    """One row of the table."""
    return (
        line.title,
        number(line.p50_ms),
        number(line.p99_ms),
        number(line.last_ms),
        f"{number(line.least_last_ms)}-{number(line.most_last_ms)}",
        number(line.worst_ms),
        ratio(line.ratio),
        f"{ratio(line.least_ratio)}-{ratio(line.most_ratio)}",
        number(line.cpu_us),
        number(line.connect_us),
        number(line.idle_kb),
        number(line.used_kb),
    )


def number(value: float) -> str:
    """Two significant digits below 10, else whole."""
    return f"{value:.1f}" if abs(value) < 10 else f"{value:.0f}"


def ratio(value: float | None) -> str:
    """Two digits; a question mark where there is no floor to compare with."""
    return "?" if value is None else f"{value:.2f}"


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    for row in rows:
        first = row[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join([first, *rest])


def notes(found: Fanout) -> Iterator[str]:
    """What is missing or does not count, and why."""
    unusable: list[Line | Invalid] = [*found.invalid, *found.lines]
    for line in unusable:
        for fault in dict.fromkeys(line.faults):
            yield f"{line.title}, {line.clients:,} clients: a repetition does not count: {fault}"
    if any(line.other_cores > BUSY for line in found.lines):
        yield "other programs were at work: the times say little; measure on an idle machine"
    shared = {line.title for line in found.lines if line.row == "gateways"}
    if shared and found.cores <= found.processes:
        yield f"{shared.pop()}: shares {found.cores} cores with the load client"
    for each in found.missing:
        yield f"{each.title}: not measured; needs {each.needs}"
    if found.skipped_clients:
        sizes = ", ".join(f"{size:,}" for size in found.skipped_clients)
        yield f"{sizes} clients: not measured; the limit of descriptors (ulimit -Hn) is too low"
