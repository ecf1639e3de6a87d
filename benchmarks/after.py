"""How long `forewave after` takes: replay, report, page and PDF, of the demo's earthquake.

    python -m benchmarks.after [EVENT DIRECTORY ...]

Prints a line for each recording. The first one also pays for imports and compiled code.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from forewave.after import run
from forewave.after.gather import from_recording
from forewave.after.report.build import report
from forewave.after.request import Request
from forewave.archive import travel_time
from forewave.formats.recordings import event_directory
from forewave.formats.recordings.event_directory import Recording
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate


def measure(recording: Recording) -> str:
    """The line of one recording."""
    began = time.perf_counter()
    history = from_recording.history(recording)
    replayed = time.perf_counter()
    found = report(history, travel_time.load())
    reported = time.perf_counter()
    with TemporaryDirectory() as folder:
        done = run.write(Request(event=recording.path, out=Path(folder)), found)
        written = time.perf_counter()
        size = sum((Path(folder) / name).stat().st_size for name in done.files)
    return (
        f"{recording.info.id:32} {len(recording.stations):4} stations, replay "
        f"{replayed - began:5.1f} s, report {reported - replayed:5.2f} s, pages and PDF "
        f"{written - reported:5.1f} s, {size / 1e6:.1f} MB"
    )


def main() -> None:
    """The demo's earthquake, or those that are named."""
    if len(sys.argv) == 1:
        print(measure(simulate(load_scenario("hayward"))))
    for folder in sys.argv[1:]:
        print(measure(event_directory.read(folder)))


if __name__ == "__main__":
    main()
