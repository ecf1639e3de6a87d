"""Latency of alerts with the catalogue of events, without it, and with a database that hangs.

A made-up magnitude 7 with its alerts goes through the rooms, event log and signing, as in a live
machine, `speed` times as fast as in nature, so that the catalogue has as many times as much to
write. Latency: from an evaluation's begin (sending: from its end) until the message
is signed and handed on. best: mean over the alerts, of each its quickest round. Each round is a
process of its own; the kinds take turns. Run it:

    python benchmarks/catalogue.py

hang: a server that accepts the connection and never answers. --postgresql adds a real one.
"""

import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import click
import numpy as np
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.config import Settings
from forewave.delivery import signing
from forewave.live.persistence.recorder import Recorder
from forewave.live.persistence.setup_journal import setup_of
from forewave.live.places import places
from forewave.pipeline import Pipeline
from forewave.settings import CatalogueSettings
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals
from forewave.types import Alert, Message, Packet

KINDS = ("off", "sqlite", "hang")


@click.command()
@click.option("--rounds", default=5, show_default=True)
@click.option("--seconds", default=60.0, show_default=True, help="Of the earthquake.")
@click.option("--speed", default=4.0, show_default=True)
@click.option("--postgresql", default="", help="Address of a database that may be written to.")
@click.option("--one", default="", hidden=True)
def main(rounds: int, seconds: float, speed: float, postgresql: str, one: str) -> None:
    """Print one JSON line for each kind."""
    if one:
        print(json.dumps(_round(one, seconds, speed, postgresql)))
        return
    kinds = (*KINDS, "postgresql") if postgresql else KINDS
    found: dict[str, list[dict[str, list[float]]]] = {kind: [] for kind in kinds}
    for _ in range(rounds):
        for kind in kinds:
            command = [sys.executable, __file__, "--one", kind, "--postgresql", postgresql]
            command += ["--seconds", str(seconds), "--speed", str(speed)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            found[kind].append(json.loads(done.stdout.splitlines()[-1]))
    base = _figures(found["off"])
    for kind in kinds:
        figures = _figures(found[kind])
        ratios = {f"{name}_ratio": round(figures[name] / base[name], 3) for name in base}
        kept = [round(sum(each["kept"])) for each in found[kind]]
        print(json.dumps({"kind": kind, **figures, **ratios, "written": kept, **_machine()}))


def _figures(rounds: list[dict[str, list[float]]]) -> dict[str, float]:
    alerts = np.concatenate([each["alerts_ms"] for each in rounds])
    steps = np.concatenate([each["steps_ms"] for each in rounds])
    sending = np.concatenate([each["sending_ms"] for each in rounds])
    # The same alerts in each round: the quickest of each is the least disturbed by other programs.
    best = np.array([each["alerts_ms"] for each in rounds]).min(axis=0)
    return {
        "alert_p50_ms": round(float(np.median(alerts)), 3),
        "alert_best_ms": round(float(best.mean()), 3),
        "sending_p50_ms": round(float(np.median(sending)), 3),
        "sending_p90_ms": round(float(np.quantile(sending, 0.9)), 3),
        "alert_p90_ms": round(float(np.quantile(alerts, 0.9)), 3),
        "alert_max_ms": round(float(alerts.max()), 3),
        "step_p50_ms": round(float(np.median(steps)), 4),
        "step_p99_ms": round(float(np.quantile(steps, 0.99)), 4),
    }


def _round(kind: str, seconds: float, speed: float, postgresql: str) -> dict[str, list[float]]:
    recording = simulate(replace(load_scenario("sichuan"), duration=seconds))
    with tempfile.TemporaryDirectory() as folder, socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        hangs = f"postgresql://x@127.0.0.1:{silent.getsockname()[1]}/x"
        database = {"off": "", "hang": hangs, "sqlite": "x.sqlite", "postgresql": postgresql}
        settings = Settings(catalogue=CatalogueSettings(database[kind]))
        pipeline = Pipeline(
            recording.stations,
            places(recording.stations, settings.towns),
            travel_time.load(),
            settings.pipeline,
        )
        recorder = Recorder(settings, Path(folder))
        setup = setup_of(settings.pipeline, recording.stations, ())
        recorder.begin(pipeline.decider, setup, past=True)
        recorder.begin_catalogue()
        played = _played(pipeline, recorder, arrivals(recording), speed)
        kept = recorder.catalogue_counts().get("written", 0)
        if kind != "hang":
            recorder.close()
            kept = recorder.catalogue_counts().get("written", 0)
    return {**played, "kept": [float(kept)]}


def _played(
    pipeline: Pipeline, recorder: Recorder, packets: list[tuple[float, Packet]], speed: float
) -> dict[str, list[float]]:
    """ms, of all alerts from the beginning and the end of the evaluation; and of each step."""
    keys, alerts, sending, steps = signing.generate(), [], [], []
    began, first = time.perf_counter(), packets[0][0]
    for now, packet in packets:
        time.sleep(max(0.0, began + (now - first) / speed - time.perf_counter()))
        for at, evaluate in _evaluations(pipeline, now, packet):
            started = time.perf_counter()
            output = evaluate()
            evaluated = time.perf_counter()
            recorder.step(at, output, False)
            for each in output:
                if isinstance(each, Alert):
                    recorder.sent(keys.seal(each))
                    alerts.append(1000.0 * (time.perf_counter() - started))
                    sending.append(1000.0 * (time.perf_counter() - evaluated))
            steps.append(1000.0 * (time.perf_counter() - started))
    return {"alerts_ms": alerts, "sending_ms": sending, "steps_ms": steps}


def _evaluations(
    pipeline: Pipeline, now: float, packet: Packet
) -> Iterator[tuple[float, Callable[[], Sequence[Message]]]]:
    """What is due, then the packet: (time, function)."""
    while (deadline := pipeline.deadline()) is not None and deadline < now:
        yield deadline, partial(pipeline.tick, deadline)
    yield now, partial(pipeline.feed, packet, now)


def _machine() -> dict[str, object]:
    return {"cores": os.cpu_count(), "python": platform.python_version()}


if __name__ == "__main__":
    main()
