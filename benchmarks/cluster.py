"""A cluster on this machine, whose processes are killed, cut off or given wrong clocks.

    python -m benchmarks.cluster kills --count 50 --seed 1
        [--json FILE] [--plot docs/images/cluster-kills.svg]

Three NATS nodes, two `decide`, three `gateway`, one `ingest`, and screens on the gateways, in the
middle of earthquakes. Each kill, stop or step of a clock waits until everything has recovered from
the one before and an event is under way, so that it hits a whole cluster; which process, how and
when is random, by the seed. Prints each: when, what, the versions issued around it, and how long
any screen waited for one of them.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.cluster_plot import plot
from tests.cluster.clocks import steppable
from tests.cluster.played import SCENARIO, pause, playing
from tests.cluster.screens import lateness

UNDER_WAY = 25.0  # seconds after its first alert that an event counts as under way
AFTER = 4.0  # seconds after a kill whose versions count for it
STARTING = 19  # priority (nice) of a process until it is hot
DOWN = 1.5  # seconds until a killed process is started again
HARMS = (
    "kill the leader",
    "stop the leader",
    "kill the standby",
    "kill a gateway",
    "kill a NATS node",
    "stop a NATS node",
    "step the clock of the leader",
    "step the clock of a gateway",
)
LARGEST_STEP = 7200.0  # seconds by which a wall clock is wrong for a while


def main() -> None:
    """Parse, play, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    kills = commands.add_parser("kills")
    kills.add_argument("--count", type=int, default=50)
    kills.add_argument("--seed", type=int, default=1)
    kills.add_argument("--screens", type=int, default=9)
    kills.add_argument("--minutes", type=float, default=60.0, help="give up after so many")
    kills.add_argument("--json", type=Path)
    kills.add_argument("--plot", type=Path)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="forewave-kills-"))
    try:
        found = asyncio.run(_kills(folder, asked))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    summary = _summary(found)
    print(json.dumps(summary, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps({"summary": summary, **found}) + "\n")
    if asked.plot:
        plot(found, asked.plot)


async def _kills(folder: Path, asked: argparse.Namespace) -> dict:
    file = folder / "scenario.toml"
    file.write_text(SCENARIO.format(duration=55.0, after=15.0))
    more = {"scenario": str(file), "plays": 1 + asked.count, "screens": asked.screens}
    with steppable(folder / "steps") as step:
        async with playing(folder / "stage", **more) as watched:
            began = time.time()
            done = await _harmed(watched, step, asked)
            await asyncio.sleep(AFTER)
            return {"began": began, "ended": time.time(), **_found(watched, done, asked)}


async def _harmed(watched, step, asked: argparse.Namespace) -> list[dict]:
    """Harm one process after the other, until there are enough."""
    chance, done, began = random.Random(asked.seed), [], time.time()
    ends = time.monotonic() + 60.0 * asked.minutes
    while len(done) < asked.count and time.monotonic() < ends:
        await watched.until(lambda: watched.hot() and _under_way(watched), 300.0)
        await asyncio.sleep(chance.uniform(0.0, 1.5))
        harm = HARMS[len(done)] if len(done) < len(HARMS) else chance.choice(HARMS)
        when = time.time()
        name = await _harm(watched, step, harm, chance)
        done.append({"at": when, "harm": harm, "process": name, "undone": time.time()})
        await watched.until(watched.hot, 120.0)
        _set_priority(watched.process(name), os.getpriority(os.PRIO_PROCESS, 0))
        print(f"{len(done):3} {when - began:7.1f} s  {harm}: {name}", flush=True)
    return done


def _found(watched, done: list[dict], asked: argparse.Namespace) -> dict:
    """Everything that was measured."""
    versions = [
        {"event": event, "version": version, "issued": issued, "wait": wait}
        for (event, version), (issued, wait) in lateness(watched.screens).items()
    ]
    return {
        "seed": asked.seed,
        "load": os.getloadavg(),
        "cores": os.cpu_count(),
        "screens": asked.screens,
        "kills": [_judged(kill, versions) for kill in done],
        "down": [(kill["process"], kill["at"], kill["undone"]) for kill in done],
        "leaders": watched.leaders,
        "versions": versions,
        "repeated": sum(_repeats(screen.shown) for screen in watched.screens),
        "rooms_made_again": {
            name: status.counts.get("rooms made again")
            for name, (status, _) in watched.statuses.items()
        },
    }


def _under_way(watched) -> bool:
    shown = watched.screens[0].shown
    if not shown:
        return False
    last = shown[-1][0]
    first = min(issued for event, _, issued, _ in shown if event == last)
    return time.time() - first < UNDER_WAY


async def _harm(watched, step, harm: str, chance: random.Random) -> str:
    """Do it, and undo it after a while. The name of the process."""
    stage = watched.stage
    victim = {
        "leader": lambda: watched.leader(),
        "standby": lambda: watched.process(watched.decides("standby")[0]),
        "gateway": lambda: chance.choice(stage.gateways),
        "node": lambda: chance.choice(stage.nodes.processes),
    }[harm.split()[-1]]()
    if harm.startswith("stop"):
        await pause(victim, chance.uniform(1.0, 4.0))
    elif harm.startswith("step"):
        step(victim.name, chance.uniform(-LARGEST_STEP, LARGEST_STEP))
        await asyncio.sleep(chance.uniform(1.0, 4.0))
        step(victim.name, 0.0)
    else:
        victim.kill()
        await asyncio.sleep(DOWN)
        victim.start()
        _set_priority(victim, STARTING)
        watched.statuses = {
            n: s for n, s in watched.statuses.items() if not n.startswith(victim.name)
        }
    return victim.name


def _set_priority(process, value: int) -> None:
    """As if what starts again were on a machine of its own, where the others' time is not its."""
    with contextlib.suppress(PermissionError, ProcessLookupError):
        os.setpriority(os.PRIO_PROCESS, process.pid, value)


def _repeats(shown: list) -> int:
    """Versions that were shown although they or later ones had been."""
    seen: dict[str, int] = {}
    bad = 0
    for event, version, *_ in shown:
        bad += version <= seen.get(event, 0)
        seen[event] = max(version, seen.get(event, 0))
    return bad


def _judged(kill: dict, versions: list[dict]) -> dict:
    """A kill with the versions issued around it, and the longest wait for one of them."""
    near = [v["wait"] for v in versions if -0.5 <= v["issued"] - kill["at"] <= AFTER]
    missing = sum(wait is None for wait in near)
    waits = [wait for wait in near if wait is not None]
    return {**kill, "versions": len(near), "missing": missing, "wait": max(waits, default=None)}


def _summary(found: dict) -> dict:
    waits = sorted(v["wait"] for v in found["versions"] if v["wait"] is not None)
    firsts = sorted(v["issued"] for v in found["versions"] if v["version"] == 1)
    close = sum(b - a < 30.0 for a, b in itertools.pairwise(firsts))
    by_harm = {
        harm: [k["wait"] for k in found["kills"] if k["harm"] == harm and k["wait"] is not None]
        for harm in HARMS
    }
    return {
        "kills": len(found["kills"]),
        "load_average_15_min": round(found["load"][2], 1),
        "cores": found["cores"],
        "events": len({v["event"] for v in found["versions"]}),
        "first_alerts_less_than_30_s_apart": close,
        "versions": len(found["versions"]),
        "missing": sum(v["wait"] is None for v in found["versions"]),
        "shown_twice": found["repeated"],
        "wait_p50_s": round(waits[len(waits) // 2], 3) if waits else None,
        "wait_max_s": round(waits[-1], 3) if waits else None,
        "over_1_s": sum(wait > 1.0 for wait in waits),
        "wait_max_by_harm_s": {h: round(max(w), 3) for h, w in by_harm.items() if w},
        "rooms_made_again": found["rooms_made_again"],
    }


if __name__ == "__main__":
    main()
