"""The figures of docs/explanation/scaling.md: measured by `forewave bench fanout`, and simulated.

    python scripts/scaling.py                       print the tables
    python scripts/scaling.py --write               put tables and charts into the documentation
    python scripts/scaling.py --from FILE --write   the same with other figures, which are kept
    python scripts/scaling.py --measure --write     measure first; takes about an hour

FILE is the JSON of `forewave bench fanout --tls`. The figures that are kept, and that
`forewave bench fanout-tree` uses, are src/forewave/evaluate/bench/tree/measured.json. Measure on a
machine that does nothing else: the tables say how busy it was.
"""

import argparse
from pathlib import Path

import matplotlib

from forewave.evaluate.bench.fanout import benchmark, chart, report
from forewave.evaluate.bench.fanout import table as measured_table
from forewave.evaluate.bench.fanout.result import Fanout
from forewave.evaluate.bench.fanout.rows import FLOOR
from forewave.evaluate.bench.tree import chart as tree_chart
from forewave.evaluate.bench.tree import costs, table
from forewave.evaluate.bench.tree import report as tree_report
from forewave.evaluate.bench.tree.cells import gains

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "explanation" / "scaling.md"
CHART, TREE_CHART = DOCS / "images" / "fanout.svg", DOCS / "images" / "fanout-tree.svg"
END = "<!-- end -->\n"


def blocks(found: Fanout, variants: list[table.Variant]) -> dict[str, str]:
    """The text of each generated part of the page, by its name."""
    taken = costs.of(found, tls=True)
    return {
        "machine": _machine(found),
        "measured": _measured(found),
        "costs": _costs(found),
        "times": table.markdown(table.times(variants)),
        "devices": table.markdown(table.devices(variants)),
        "needs": table.markdown(table.needed(variants)),
        "cells": table.markdown(table.addressed(gains(taken))),
    }


def _machine(found: Fanout) -> str:
    first, second = measured_table.head(found)
    notes = [f"- {note}" for note in measured_table.notes(found)]
    return "\n".join([f"{first.removeprefix('bench fanout: ')}, {second}.", "", *notes]).rstrip()


def _measured(found: Fanout) -> str:
    """A row for each server, a column for each size: last client in ms, and its ratio."""
    keys = sorted({(line.tls, line.clients) for line in found.lines})
    cells = {
        (line.title, line.tls, line.clients): f"{measured_table.number(line.last_ms)} "
        f"({measured_table.ratio(line.ratio)})"
        for line in found.lines
    }
    titles = list(dict.fromkeys(line.title for line in found.lines))
    head = ("server", *(f"{clients:,}{' TLS' if tls else ''}" for tls, clients in keys))
    rows = [(title, *(cells.get((title, *key), "-") for key in keys)) for title in titles]
    return table.markdown([head, *rows])


def _costs(found: Fanout) -> str:
    """What a delivery and a connection cost, at the largest size."""
    head = ("server", "TLS", "clients", "CPU a delivery", "CPU a connect", "memory", "used")
    largest = {(line.title, line.tls): line for line in found.lines}  # sizes ascend
    rows = [
        (
            line.title,
            "yes" if line.tls else "no",
            f"{line.clients:,}",
            f"{measured_table.number(line.cpu_us)} us",
            f"{measured_table.number(line.connect_us)} us",
            f"{measured_table.number(line.idle_kb)} kB",
            f"{measured_table.number(line.used_kb)} kB",
        )
        for line in largest.values()
    ]
    kernel = [measured_table.number(x.kernel_kb) for x in largest.values() if x.row == FLOOR]
    note = f"Kernel memory of an idle socket: {kernel[0]} kB." if kernel else ""
    return f"{table.markdown([head, *rows])}\n\n{note}".rstrip()


def replaced(page: str, texts: dict[str, str]) -> str:
    """The page with every text between its marks. Raises ValueError where these are missing."""
    for name, text in texts.items():
        begin = f"<!-- {name}: python scripts/scaling.py --write -->\n"
        if begin not in page:
            raise ValueError(f"{PAGE.name} has no place for {name}")
        before, _, rest = page.partition(begin)
        page = f"{before}{begin}\n{text}\n\n{END}{rest.partition(END)[2]}"
    return page


def figures(path: Path = costs.MEASURED) -> tuple[Fanout, list[table.Variant]]:
    """What was measured, and what the simulation makes of it with TLS."""
    return benchmark.read(path), tree_report.variants(costs.read(path, tls=True))


def main() -> None:
    """Print the tables, or write them."""
    parser = argparse.ArgumentParser(description="The figures of docs/explanation/scaling.md.")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.name}")
    parser.add_argument("--from", dest="file", type=Path, default=costs.MEASURED, help="figures")
    parser.add_argument("--measure", action="store_true", help="run the benchmark first")
    options = parser.parse_args()
    if options.measure:
        report.write(report.measured(benchmark.Plan(tls=True)), options.file, None)
    found, variants = figures(options.file)
    texts = blocks(found, variants)
    if not options.write:
        print("\n\n".join(f"{name}\n\n{text}" for name, text in texts.items()))
        return
    PAGE.write_text(replaced(PAGE.read_text("utf-8"), texts), "utf-8")
    benchmark.write(found, costs.MEASURED)
    matplotlib.rcParams["svg.hashsalt"] = "forewave"
    chart.save(found, CHART)
    tree_chart.save(variants, TREE_CHART)


if __name__ == "__main__":
    main()
