"""Evaluation of benchmarks/soak.py, as a table and as a plot."""

import os
import platform
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from msgspec import Struct

from benchmarks.soak_network import SPACING_KM, TEMPLATES, Quake
from forewave.earth.distance import distance_km
from forewave.health.station import PAUSE

matplotlib.use("svg")

NEAR_KM, NEAR_S = 100.0, 30.0
AIM = 3.0  # seconds within which every station ought to be back
LEFT_OUT = 10.0  # seconds after a fault in which a pause of the machine spoils its figure
SETTLED = 1.0 / 3.0  # of the run, after which memory ought to be flat
DAY = 1440.0  # minutes
Seen = dict[str, Any]


class Case(Struct, frozen=True):
    """What was asked of the run. server_of: by station. waveforms: whether they were kept."""

    began: float
    seconds: float
    quakes: list[Quake]
    server_of: dict[str, int]
    components: int = 1
    waveforms: bool = False


def figures(case: Case, seen: Seen) -> dict[str, Any]:
    """What it comes to."""
    report = seen["report"]
    stages = {s["stage"]: {k: s[k] for k in ("p50", "p99")} for s in report["stages"]}
    for stage in report["stages"]:
        stages[stage["stage"]]["longest"] = stage["counts"]["largest"]
    return {
        "stations": len(case.server_of),
        "servers": len(set(case.server_of.values())),
        "components": case.components,
        "waveforms": case.waveforms,
        "minutes": round(case.seconds / 60.0, 1),
        "faults": sum(row["begins"] for row in seen["faults"]),
        **_alerts(case, seen["alerts"]),
        "memory_mb": memory(seen["memory"], case.began, case.seconds),
        "processor": _processor(seen["processor"], case.began),
        "back_s": _back(case, seen),
        "latency_s": stages,
        "refused": report["dropped"],
        "merge": report["tallies"].get("merge", {}),
        "network": seen["relay"],
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, loopback, load {os.getloadavg()[0]:.1f} at the end",
    }


def _alerts(case: Case, alerts: list[dict[str, Any]]) -> dict[str, Any]:
    """Earthquakes alerted, missed and issued twice; false events."""
    alerted: dict[int, set[str]] = defaultdict(set)
    first: dict[int, float] = {}
    for alert in alerts:
        for number, quake in enumerate(case.quakes):
            if _is(case, alert, quake):
                alerted[number].add(alert["id"])
                first.setdefault(number, alert["at"] - case.began - quake.second)
    matched = set().union(*alerted.values())
    strange = sorted({alert["id"] for alert in alerts} - matched)
    lost = [TEMPLATES[q.template][0] for n, q in enumerate(case.quakes) if n not in alerted]
    return {
        "earthquakes": len(case.quakes),
        "lost": len(lost),
        "lost_magnitudes": lost,
        "twice": sum(len(ids) > 1 for ids in alerted.values()),
        "false": len(strange),
        "first_alert_after_origin_s": _spread(list(first.values())),
    }


def _is(case: Case, alert: dict[str, Any], quake: Quake) -> bool:
    degree = SPACING_KM / 111.19
    lat, lon = quake.north * degree + 0.04, quake.east * degree + 0.05
    seconds = abs(alert["t0"] / 1000.0 - case.began - quake.second)
    away = float(distance_km(lat, lon, alert["lat"], alert["lon"]))
    return seconds <= NEAR_S and away <= NEAR_KM


def _back(case: Case, seen: Seen) -> dict[str, Any]:
    """By mood: seconds from a server being well until each of its stations comes again.

    Of stations that paused in the fault and came again after it. Where the machine itself paused
    (more than half of all stations at once), or the server turned bad again within AIM and before
    a station was back, there is no measurement: such faults are counted and left out.
    """
    alone = _machine_pauses(case, seen)
    back: dict[str, list[float]] = defaultdict(list)
    left_out = bad_again = 0
    spans = faults(seen["faults"])
    for server, mood, begun, ended in spans:
        if any(begun - PAUSE < at < ended + LEFT_OUT for at in alone):
            left_out += 1
            continue
        took = _took(case, seen, server, begun, ended)
        again = min((b - ended for s, _, b, _ in spans if s == server and b >= ended), default=AIM)
        if again < AIM and any(seconds > again for seconds in took):
            bad_again += 1
            continue
        back[mood] += took
    states = [station["state"] for station in seen["report"]["stations"]]
    return {mood: _spread(values) for mood, values in sorted(back.items()) if values} | {
        "pauses_of_the_machine": len(alone),
        "faults_left_out": left_out,
        "bad_again_at_once": bad_again,
        "away_at_the_end": states.count("silent") + states.count("never"),
    }


def _took(case: Case, seen: Seen, server: int, begun: float, ended: float) -> list[float]:
    """From a fault's end until each station of the server that paused in it came again."""
    mine = (code for code, its in case.server_of.items() if its == server)
    pauses = (pause for code in mine for pause in seen["pauses"].get(code, ()))
    return [first - ended for last, first in pauses if begun - 2.0 < last < ended < first]


def _machine_pauses(case: Case, seen: Seen) -> list[float]:
    """When more than half of all stations came again within two seconds."""
    ends = sorted(first for pauses in seen["pauses"].values() for _, first in pauses)
    half, found = len(case.server_of) // 2, [-9e9]
    for n in range(len(ends) - half):
        if ends[n + half] - ends[n] < 2.0 and ends[n] > found[-1] + 2.0:
            found.append(ends[n])
    return found[1:]


def faults(rows: list[dict[str, Any]]) -> list[tuple[int, str, float, float]]:
    """(server, mood, begun, ended) of every fault that ended."""
    begun, spans = {}, []
    for row in rows:
        if row["begins"]:
            begun[row["server"]] = row
        elif row["server"] in begun:
            spans.append((row["server"], row["mood"], begun.pop(row["server"])["at"], row["at"]))
    return spans


def _spread(values: list[float]) -> dict[str, float] | None:
    if not values:
        return None
    p50, p99 = np.percentile(values, [50, 99])
    rounded = {"p50": p50, "p99": p99, "longest": max(values)}
    return {"n": len(values)} | {name: round(float(v), 2) for name, v in rounded.items()}


def memory(rows: Sequence[tuple[float, float]], began: float, seconds: float) -> dict[str, float]:
    """Resident MB over the last two thirds: at their beginning, the most, at the end.

    And whether that is flat: the slope (least squares), and what a day of it would come to. A
    slope is only as sure as the run is long: a step of 5 MB somewhere in half an hour makes up to
    0.4 MB a minute.
    """
    late = [(at, mb) for at, mb in rows if at >= began + SETTLED * seconds]
    at, mb = np.array(late).T
    slope = float(np.polyfit((at - at[0]) / 60.0, mb, 1)[0])
    return {
        "after_a_third": round(float(mb[0]), 1),
        "most": round(float(mb.max()), 1),
        "end": round(float(mb[-1]), 1),
        "slope_per_minute": round(slope, 3),
        "slope_per_day": round(slope * DAY),
    }


def _processor(rows: list[tuple[float, float]], began: float) -> float:
    """Cores that `forewave run` used, after its start."""
    late = [(at, used) for at, used in rows if at > began + 30.0]
    return round((late[-1][1] - late[0][1]) / (late[-1][0] - late[0][0]), 2)


def draw(path: Path, case: Case, seen: Seen) -> None:
    """Stations that count, faults, earthquakes, the age of the loop's work, and memory."""
    from matplotlib import pyplot

    figure, (top, bottom) = pyplot.subplots(2, 1, figsize=(9, 5), sharex=True)
    minutes = [(now - case.began) / 60.0 for now, _ in seen["states"]]
    counting = [sum(n for w, n in s.items() if w in ("good", "noisy")) for _, s in seen["states"]]
    top.plot(minutes, counting, color="#0b4f8a", label="stations that count")
    for number, quake in enumerate(case.quakes):
        label = None if number else "earthquake"
        top.axvline(quake.second / 60.0, color="#a62b1f", linewidth=1, linestyle=":", label=label)
    for number, (_, _, begun, ended) in enumerate(faults(seen["faults"])):
        span = [(begun - case.began) / 60.0, (ended - case.began) / 60.0]
        label = None if number else "a server is killed, hung, slow or sends garbage"
        top.plot(span, [0, 0], color="#101418", linewidth=4, solid_capstyle="butt", label=label)
    top.set_ylabel("stations")
    top.set_ylim(-0.03 * len(case.server_of), 1.05 * len(case.server_of))
    top.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=3, fontsize=8, frameon=False)
    at, mb = np.array(seen["memory"]).T
    bottom.plot((at - case.began) / 60.0, mb, color="#0f5c3a")
    bottom.set_ylabel("memory, MB")
    bottom.set_ylim(0.0, 1.1 * float(mb.max()))
    bottom.set_xlabel("minutes")
    figure.tight_layout()
    figure.savefig(path)
