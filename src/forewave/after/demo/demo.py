"""The demo of what follows an earthquake: from the first P wave to the report, by one command.

Nothing in it is real: the earthquake, its stations and whatever stands in the lists are made, and
say so.
"""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from forewave.after import run
from forewave.after.gather import from_recording
from forewave.after.request import Done, Request
from forewave.archive import travel_time
from forewave.config import Settings
from forewave.formats.recordings import event_directory
from forewave.formats.recordings.event_directory import Recording
from forewave.replay.story import Story
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate

SCENARIO, EVENT = "hayward", "event"


def demo(console: Console, out: Path, scenario: str = SCENARIO) -> Done:
    """Simulate, warn and report. out: the folder to write; the recording is in `event` in it."""
    request = Request(event=out / EVENT, out=out)
    recording = _simulated(console, scenario)
    _write(recording, request.event)
    story = Story(recording.info, travel_time.load(), console)
    with console.status("Processing the earthquake"):
        history = from_recording.history(recording, Settings(), on_word=story.on_word)
    story.end([place for place in history.places if place.kind == "town"])
    with console.status("Writing report, pages and PDF"):
        return run.account(request, history)


def _simulated(console: Console, scenario: str) -> Recording:
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Simulating the earthquake", total=None)
        return simulate(
            load_scenario(scenario),
            lambda done, total: progress.update(task, completed=done, total=total),
        )


def _write(recording: Recording, folder: Path) -> None:
    """The recording as an event directory, so that `forewave after` and others can read it."""
    event_directory.write(
        folder, recording.info, recording.stations, recording.segments, recording.receipts
    )
