"""Growth of the peak of P after its first second, for recorded earthquakes.

    python benchmarks/growth.py FOLDER...

Each FOLDER is an event directory. The picks within 1.5 s and 3 % of the travel time of the
catalogue's P at stations within 150 km are taken; a peak counts until the station's next pick. For
each age it prints how many of them had not grown (0.02 in log10 and less), and by how much the
others had. `events/discrimination/knock.py` rests on these figures.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from forewave.archive import travel_time
from forewave.earth.distance import distance_km
from forewave.events.discrimination import knock
from forewave.formats.recordings import event_directory
from forewave.formats.recordings.event_directory import Recording
from forewave.sources.replay import arrivals
from forewave.stations.detector import Detector
from forewave.types import Amplitude, Pick

AGES = (1.5, 2.0, 3.0, 4.0, 6.0, 8.0)  # s
NEAR_KM, READING_S, MODEL_SHARE = 150.0, 1.5, 0.03


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    folders = parser.parse_args().folders
    grown: dict[float, list[float]] = defaultdict(list)
    for number, folder in enumerate(folders, 1):
        print(f"{number} of {len(folders)}: {folder.name}", file=sys.stderr)
        for peaks in of_p(event_directory.read(folder)):
            for age in AGES:
                if (grew := growth(peaks, age)) is not None:
                    grown[age].append(grew)
    print("age, s   P's   not grown   mean of the others, log10")
    for age in AGES:
        values = np.array(grown[age])
        still = values < knock.STILL
        mean = float(values[~still].mean()) if (~still).any() else float("nan")
        print(
            f"{age:6.1f} {len(values):5d} {still.mean() if len(values) else 0:11.2f} {mean:11.2f}"
        )
    return 0


def of_p(recording: Recording) -> Iterator[list[Amplitude]]:
    """The peaks since each pick that is the P of the catalogue's earthquake."""
    info, travel_times = recording.info, travel_time.load()
    stations = {station.code: station for station in recording.stations}
    peaks: dict[str, list[Amplitude]] = defaultdict(list)
    picks: list[Pick] = []
    detectors = {code: Detector(station) for code, station in stations.items()}
    for now, packet in arrivals(recording):
        for word in detectors[packet.stream.code].feed(packet, now):
            if isinstance(word, Pick):
                picks.append(word)
            elif isinstance(word, Amplitude) and word.pick:
                peaks[word.pick].append(word)
    for pick in picks if info.origin_time else ():
        at = stations[pick.station]
        km = float(distance_km(at.lat, at.lon, info.lat, info.lon))
        travel = float(travel_times.seconds("P", km, info.depth_km or 10.0))
        off = abs(pick.time - info.origin_time - travel)
        if km < NEAR_KM and off < READING_S + MODEL_SHARE * travel:
            yield peaks[pick.id]


def growth(peaks: list[Amplitude], age: float) -> float | None:
    """log10 by which the peak has grown from the first second to an age; None if not known."""
    by = [a for a in peaks if a.since_pick is not None and a.since_pick <= age + 0.05]
    first = [a for a in by if (a.since_pick or 0.0) <= knock.FIRST + 0.05]
    known = first and (by[-1].since_pick or 0.0) > age - 0.3 and first[-1].pa_ms2 > 0
    return float(np.log10(by[-1].pa_ms2 / first[-1].pa_ms2)) if known else None


if __name__ == "__main__":
    sys.exit(main())
