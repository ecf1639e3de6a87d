"""The shaking map left one out: what the other observations say of each, against what was observed.

    python benchmarks/shaking_map.py FOLDER

FOLDER has the recordings tw-20210418-hualien and tw-20220917-guanshan and the lists of
shaking-shakemap. For each earthquake and measure it prints the root mean square error of the map,
of the ground-motion model alone, of the model with the event's mean residual, and of weights by
inverse squared distance (natural logarithm, or MMI); and how much of what was observed lies within
the stated 68 and 95 %. Errors are those at records; felt intensities take part in the map. Places
of the source are the catalogue's; its rupture is taken as unknown.
"""

import argparse
import csv
import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forewave.archive import travel_time
from forewave.evaluate.scoring.truth import truth
from forewave.formats.recordings import event_directory
from forewave.shaking_map.observation import Observation
from forewave.shaking_map.shaking_map import Field, ShakingMap, conditioned
from forewave.shaking_map.site_shaking import MEASURES
from forewave.types import Magnitude, Origin, Solution
from forewave.units import CM_M, G_MS2

Floats = NDArray[np.float64]
RECORDINGS = ("tw-20210418-hualien", "tw-20220917-guanshan")
FARTHEST_KM, WEAKEST_G = 300.0, 1e-4  # beyond, the model or the instrument ends
HEAD = (
    "| earthquake | measure | n | map | model | model and event | inverse distance | 68 % | 95 % |"
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    print(HEAD + "\n" + "|---|---|---|---|---|---|---|---|---|")
    for name, solution, observations in [*recorded(folder), *listed(folder)]:
        began = time.perf_counter()
        found = conditioned(solution, observations)
        took = time.perf_counter() - began
        for measure in MEASURES:
            if found.used(measure) >= 5:
                print(f"| {name} | {measure.upper()} | {row(found.field(measure))} |", flush=True)
        print(f"|  | | {took:.2f} s, grid of 200 x 200: {grid_seconds(found):.1f} s | | | | | | |")


def recorded(folder: Path) -> Iterator[tuple[str, Solution, list[Observation]]]:
    """Peaks of the waveforms."""
    travel_times = travel_time.load()
    for name in RECORDINGS:
        recording = event_directory.read(folder / name)
        known = truth(recording, travel_times)
        quake = known.quake
        assert quake is not None
        vs30 = {station.code: station.vs30_ms for station in recording.stations}
        yield (
            name,
            solution(name, quake.lat, quake.lon, quake.depth_km or 10.0, quake.magnitude),
            [
                Observation(m.station, m.lat, m.lon, m.pga_ms2, m.pgv_ms, None, vs30.get(m.station))
                for m in known.motions
            ],
        )


def listed(folder: Path) -> Iterator[tuple[str, Solution, list[Observation]]]:
    """Peaks and felt intensities of lists."""
    lists = folder / "shaking-shakemap"
    peaks, felt = (
        list(csv.DictReader((lists / name).open()))
        for name in ("stations_pga.csv", "felt_intensity.csv")
    )
    for event in json.loads((lists / "events.json").read_text()):
        name = event["event"]
        source = [event[key] for key in ("lat", "lon", "depth_km", "magnitude")]
        of_peaks = (of_station(row) for row in peaks if row["event"] == name)
        of_felt = (
            Observation(f"felt {i}", float(r["lat"]), float(r["lon"]), mmi=float(r["intensity"]))
            for i, r in enumerate(felt)
            if r["event"] == name and float(r["dist_km"]) <= FARTHEST_KM
        )
        yield name, solution(name, *source), [o for o in of_peaks if o is not None] + list(of_felt)


def of_station(row: dict[str, str]) -> Observation | None:
    """A line of the list; None where it is far, or too weak for its own digits."""
    pga, pgv = (float(row[key] or "nan") for key in ("pga_pct_g", "pgv_cm_s"))
    if float(row["dist_km"] or 0) > FARTHEST_KM or not pga / 100.0 > WEAKEST_G:
        return None
    velocity = pgv * CM_M if pgv > 0.0 else None
    place = float(row["lat"]), float(row["lon"])
    return Observation(row["station"], *place, pga / 100.0 * G_MS2, velocity)


def solution(event: str, lat: float, lon: float, depth_km: float, magnitude: float) -> Solution:
    """Of a catalogue."""
    origin = Origin(0.0, lat, lon, depth_km, 0.1, 2.0, 3.0)
    return Solution(event, 1, origin, Magnitude(magnitude, 0.1, "M", 1), None, (), 1.0)


def row(field: Field) -> str:
    """The cells of one measure."""
    observed, model = field.observed, field.model_alone()
    found, sigma = field.left_out()
    residual = observed - model
    event = model + (residual.sum() - residual) / (len(observed) - 1)
    others = (event, inverse_distance(field))
    used = field.is_record
    inside = [np.abs(observed - found)[used] <= k * sigma[used] for k in (1.0, 1.96)]
    errors = [rms((observed - one)[used]) for one in (found, model, *others)]
    shares = [f"{100 * float(np.mean(each)):.0f} %" for each in inside]
    cells = [str(used.sum()), *(f"{error:.2f}" for error in errors), *shares]
    return " | ".join(cells)


def inverse_distance(field: Field) -> Floats:
    """Each observation from the others, weighted by the inverse square of the distance."""
    apart = np.hypot(field.x_km[:, None] - field.x_km, field.y_km[:, None] - field.y_km)
    weight = 1.0 / np.maximum(apart, 0.5) ** 2
    np.fill_diagonal(weight, 0.0)
    return np.asarray(weight @ field.observed / weight.sum(axis=1))


def rms(values: Floats) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(values**2)))


def grid_seconds(found: ShakingMap) -> float:
    """Time for a grid of 40,000 places around the epicentre."""
    origin = found.solution.origin
    lat, lon = (
        axis.ravel()
        for axis in np.meshgrid(
            np.linspace(origin.lat - 1, origin.lat + 1, 200),
            np.linspace(origin.lon - 1, origin.lon + 1, 200),
        )
    )
    began = time.perf_counter()
    found.at(lat, lon)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
