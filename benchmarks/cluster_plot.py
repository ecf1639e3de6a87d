"""The timeline of benchmarks/cluster.py: who led, what was down, how long screens waited."""

from pathlib import Path

import matplotlib

matplotlib.use("svg")
import itertools

from matplotlib import pyplot as plt

ROWS = ["decide-1", "decide-2", "gateway-1", "gateway-2", "gateway-3", "n1", "n2", "n3"]
UP, LEADS, DOWN = "#c9d6df", "#1f6f8b", "#c0392b"


def plot(found: dict, path: Path) -> None:
    """Write an SVG."""
    began, ended = found["began"], found["ended"]
    figure, (top, bottom) = plt.subplots(
        2, 1, figsize=(11, 6), sharex=True, gridspec_kw={"height_ratios": [2, 1.3]}
    )
    for row, name in enumerate(ROWS):
        top.broken_barh([(0.0, ended - began)], (row - 0.35, 0.7), color=UP)
        down = [(a - began, max(b - a, 0.5)) for n, a, b in found["down"] if n == name]
        if name.startswith("decide"):
            top.broken_barh(_terms(found, name), (row - 0.35, 0.7), color=LEADS)
        top.broken_barh(down, (row - 0.35, 0.7), color=DOWN)
    top.set_yticks(range(len(ROWS)), ROWS)
    top.invert_yaxis()
    top.set_title(
        "Leading (dark); killed, stopped or with a wrong clock (red)", loc="left", fontsize=10
    )
    known = [v for v in found["versions"] if v["wait"] is not None]
    times = [v["issued"] - began for v in known]
    bottom.plot(times, [v["wait"] for v in known], ".", color=LEADS, markersize=4)
    for kill in found["kills"]:
        bottom.axvline(kill["at"] - began, color=DOWN, linewidth=0.5, alpha=0.5)
    bottom.axhline(1.0, color="black", linewidth=0.8, linestyle="--")
    bottom.set_ylim(0.0, None)
    bottom.set_ylabel("s")
    bottom.set_xlabel("seconds")
    bottom.set_title("Longest wait of any screen for each version", loc="left", fontsize=10)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def _terms(found: dict, name: str) -> list[tuple[float, float]]:
    """(begin, length) of each time that it led, as its status said."""
    leaders = [*found["leaders"], (found["ended"], "")]
    return [
        (begin - found["began"], end - begin)
        for (begin, who), (end, _) in itertools.pairwise(leaders)
        if who.startswith(name)
    ]
