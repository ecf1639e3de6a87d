"""Compares the alerts of a live run with those of a replay of the same recording.

    python benchmarks/live_replay.py ../shared/data/tw-20210418-hualien
    python benchmarks/live_replay.py --through broker ../shared/data/openeew-mx-20171225T202311

Each recording is played in real time: by `forewave relay` as a SeedLink network,
or by an MQTT broker (Debian's mosquitto) as OpenEEW's devices send, to `forewave run` in a process
of its own. Its alerts are compared with those of the replay, version by version.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from forewave.earth.distance import distance_km
from forewave.formats.recordings import event_directory
from forewave.types import Alert

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.live import live_pair
from tests.sources.broker import Broker

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("folders", nargs=-1, required=True, type=_FOLDER)
@click.option("--through", type=click.Choice(["relay", "broker"]), default="relay")
@click.option("--before", default=12.0, show_default=True, help="Seconds ahead of the origin.")
@click.option("--after", default=60.0, show_default=True, help="Seconds behind it.")
def main(folders: tuple[Path, ...], through: str, before: float, after: float) -> None:
    """Print each alert of both, and the largest differences."""
    for folder in folders:
        recording = live_pair.cut(event_directory.read(folder), before, after)
        with tempfile.TemporaryDirectory() as name:
            played = _played(recording, Path(name), through)
        _print(folder.name, played.live, played.replayed)
        print(f"  packets at most {1000 * played.late:.0f} ms late")


def _played(recording: Any, folder: Path, through: str) -> live_pair.Pair:
    if through == "relay":
        return live_pair.through_relay(recording, folder)
    broker = Broker.if_there(folder)
    try:
        return live_pair.through_broker(recording, folder, broker.port)
    finally:
        broker.kill()


def _print(name: str, live: list[Alert], replayed: list[Alert]) -> None:
    """One line for each version, then what they come to."""
    print(f"{name}: {len(live)} alerts live, {len(replayed)} in the replay")
    rows = [_row(here, there) for here, there in zip(live, replayed, strict=False)]
    for here, row in zip(live, rows, strict=False):
        print(
            f"  {here.version:3d} {here.kind:7s} {here.level:7s} {1000 * row[0]:+8.1f} ms "
            f"{row[1]:+5.2f} M {row[2]:6.2f} km{'' if row[3] else '  another kind or level'}"
        )
    if rows:
        worst = [max(abs(row[k]) for row in rows) for k in range(3)]
        same = len(live) == len(replayed) and all(row[3] for row in rows)
        print(
            f"  at most {1000 * worst[0]:.1f} ms, {worst[1]:.2f} M, {worst[2]:.2f} km apart; "
            f"{'the same alerts' if same else 'NOT the same alerts'}"
        )


def _row(here: Alert, there: Alert) -> tuple[float, float, float, bool]:
    """Differences of two alerts: seconds, magnitude, km, and whether their content is equal."""
    one, other = here.origin, there.origin
    same = (here.version, here.kind, here.level) == (there.version, there.kind, there.level)
    return (
        here.issued - there.issued,
        here.magnitude.value - there.magnitude.value,
        float(distance_km(one.lat, one.lon, other.lat, other.lon)),
        same,
    )


if __name__ == "__main__":
    main()
