"""Results of everything.py, as a table and as a plot."""

import math
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np

from benchmarks import soak, soak_judge
from benchmarks.attack.undisturbed import epicentre
from benchmarks.soak_network import TEMPLATES, Quake
from forewave.earth.distance import distance_km

if TYPE_CHECKING:
    from benchmarks.attack.everything import Plan

matplotlib.use("svg")

LATE = 1.0  # seconds later than without attacks


def of(
    case: soak_judge.Case, seen: dict[str, Any], attacks: "Plan", calm: list[float]
) -> dict[str, Any]:
    """All figures. calm: first alerts without attacks, seconds after each origin."""
    quakes = [
        _quake(case, seen["alerts"], quake, without)
        for quake, without in zip(case.quakes, calm, strict=True)
    ]
    known = set().union(*(row["events"] for row in quakes))
    last = {alert["id"]: alert for alert in seen["alerts"]}
    later = [row["later_s"] for row in quakes if row["later_s"] is not None]
    tallies = seen["report"]["tallies"]
    return {
        "stations": len(case.server_of),
        "minutes": round(case.seconds / 60.0, 1),
        "server_faults": sum(row["begins"] for row in seen["faults"]),
        "clock_steps": [round(ahead) for _, ahead, _ in attacks.clocks],
        "disk_s": round(attacks.disk[1] - attacks.disk[0]),
        "tasks_failed": dict(Counter(name for _, name in attacks.tasks)),
        "earthquakes": len(quakes),
        "told": sum(row["first_s"] is not None for row in quakes),
        "told_without_attacks": sum(row["calm_s"] is not None for row in quakes),
        "told_as_more_than_one": sum(len(row["events"]) > 1 for row in quakes),
        "false": sorted(set(last) - known),
        "cancelled_as_false": sorted(e for e, alert in last.items() if alert.get("why") == "false"),
        "late": sum(value > LATE for value in later),
        "latest_s": max(later, default=None),
        "quakes": [{**row, "events": sorted(row["events"])} for row in quakes],
        "memory_mb": soak_judge.memory(seen["memory"], case.began, case.seconds),
        "faults": tallies.get("faults", {}),
        "cut_off": tallies.get("devices", {}),
        "devices": seen["crowd"],
        "log_kb": round(len(seen["log"]) / 1e3),
        "network": seen["relay"],
    }


def _quake(
    case: soak_judge.Case, alerts: list[dict[str, Any]], quake: Quake, calm: float
) -> dict[str, Any]:
    lat, lon = epicentre(quake)
    here = [
        alert
        for alert in alerts
        if abs(alert["t0"] / 1e3 - case.began - quake.second) <= soak_judge.NEAR_S
        and float(distance_km(lat, lon, alert["lat"], alert["lon"])) <= soak_judge.NEAR_KM
    ]
    first = round(here[0]["at"] - case.began - quake.second, 2) if here else None
    without = None if math.isnan(calm) else round(calm, 2)
    later = None if first is None or without is None else round(first - without, 2)
    return {
        "second": quake.second,
        "magnitude": TEMPLATES[quake.template][0],
        "calm_s": without,
        "first_s": first,
        "later_s": later,
        "events": {alert["id"] for alert in here},
        "last_magnitude": here[-1]["m"] if here else None,
    }


def table(found: dict[str, Any]) -> list[str]:
    """For people."""
    lines = ["   at s    M  first alert, s after origin  later  events  last M"]
    lines.append("               undisturbed  attacked")
    for row in found["quakes"]:
        cells = (_cell(row[name]) for name in ("calm_s", "first_s", "later_s"))
        calm, first, later = cells
        lines.append(
            f"{row['second']:7d}  {row['magnitude']:.1f}  {calm:>11s}  {first:>8s}  {later:>9s}"
            f"  {len(row['events']):6d}  {_cell(row['last_magnitude']):>6s}"
        )
    single = {name: value for name, value in found.items() if name not in ("quakes", "devices")}
    single |= {f"devices: {name}": value for name, value in found["devices"].items()}
    return [*lines, "", *(f"{name:28s} {value}" for name, value in single.items())]


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def draw(
    path: Path, case: soak_judge.Case, seen: dict[str, Any], attacks: "Plan", found: dict[str, Any]
) -> None:
    """Usable stations, times of the attacks, and delay of each first alert."""
    from matplotlib import pyplot

    figure, (top, bottom) = pyplot.subplots(2, 1, figsize=(9, 5.5), sharex=True)
    states = [(now - case.began, state) for now, state in seen["states"]]
    counting = [sum(n for w, n in s.items() if w in ("good", "noisy")) for _, s in states]
    top.plot([now / 60.0 for now, _ in states], counting, color="#0b4f8a")
    top.set_ylabel("stations that count")
    top.set_ylim(0.0, 1.08 * len(case.server_of))
    for name, color, spans in _spans(case, seen, attacks):
        for number, (begins, ends) in enumerate(spans):
            label = None if number else name
            top.axvspan(begins / 60.0, ends / 60.0, color=color, alpha=0.3, lw=0, label=label)
    top.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=4, fontsize=8, frameon=False)
    rows = [row for row in found["quakes"] if row["later_s"] is not None]
    at = np.array([row["second"] / 60.0 for row in rows])
    bottom.stem(at, [row["later_s"] for row in rows], basefmt=" ")
    for row in found["quakes"]:
        if row["first_s"] is None:
            bottom.axvline(row["second"] / 60.0, color="#a62b1f", linestyle=":")
    bottom.axhline(LATE, color="#101418", linewidth=0.8, linestyle="--")
    bottom.set_ylabel("first alert later\nthan undisturbed, s")
    bottom.set_xlabel("minutes (dotted: not issued)")
    figure.tight_layout()
    figure.savefig(path)


def _spans(
    case: soak_judge.Case, seen: dict[str, Any], attacks: "Plan"
) -> list[tuple[str, str, list[tuple[float, float]]]]:
    """What was done, in which colour, from when until when (seconds)."""
    servers = [(b - case.began, e - case.began) for _, _, b, e in soak_judge.faults(seen["faults"])]
    clocks = [(soak.CALM + at, soak.CALM + at + lasts) for at, _, lasts in attacks.clocks]
    disk = [(soak.CALM + attacks.disk[0], soak.CALM + attacks.disk[1])]
    by: dict[str, list[tuple[float, float]]] = defaultdict(list)
    by["a server is faulty"], by["the clock is wrong"], by["no disk"] = servers, clocks, disk
    colors = {
        "a server is faulty": "#888888",
        "the clock is wrong": "#a62b1f",
        "no disk": "#d9a400",
    }
    return [(name, colors[name], spans) for name, spans in by.items()]
