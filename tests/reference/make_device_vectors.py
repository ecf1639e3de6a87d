"""Write the vectors to which server and devices are both held (see README.md beside).

Run from the repository's root after a deliberate change of the forecast:
    python tests/reference/make_device_vectors.py
"""

import csv
import json
from pathlib import Path

import numpy as np

from forewave.archive.travel_time import load
from forewave.earth.distance import LocalPlane, distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.shaking.forecaster import Forecaster, ShakingSettings
from forewave.types import Magnitude, Origin, Place, Rupture, Solution

HERE = Path(__file__).parent
SOURCE = ["t0", "lat", "lon", "depth_km", "magnitude", "place_lat", "place_lon"]
LINE = ["lat1", "lon1", "lat2", "lon2", "top_km"]
TERM = ["bias", "cell_mmi"]
AS_DEVICES = ShakingSettings(deep_model=None)  # depth and motion reach them as the message's bias
RESULT = ["distance_km", "p_arrival", "s_arrival", "mmi"]


def travel_times() -> TravelTimes:
    """The coarse table as devices get it, read from the file beside."""
    table = json.loads((HERE / "travel_times_iasp91.json").read_text())
    arrays = (np.array(table[key], float) for key in ("distance_km", "depth_km", "p", "s"))
    return TravelTimes(table["model"], *arrays)


def result(row: dict[str, float], table: TravelTimes) -> list[str]:
    """What the forecaster says for one row; mmi is empty where it has no forecast."""
    rupture = None
    if "lat1" in row:
        rupture = Rupture(*(row[key] for key in LINE), length_km=0.0, strike=0.0)
    origin = Origin(row["t0"], row["lat"], row["lon"], row["depth_km"], 0.0, 0.0, 0.0)
    solution = Solution("e", 1, origin, Magnitude(row["magnitude"], 0.0, "M", 4), rupture, (), 1.0)
    place = Place("here", row["place_lat"], row["place_lon"], "station")
    (shaking,) = Forecaster([place], table, AS_DEVICES).feed(solution, 0.0)
    away = float(distance_km(row["lat"], row["lon"], place.lat, place.lon))
    p, s = (row["t0"] + float(table.seconds(x, away, origin.depth_km)) for x in ("P", "S"))
    explained = [f.intensity for f in shaking.forecasts if f.place == "here"]
    felt = [min(10.0, max(1.0, mmi + row.get("bias", 0.0))) for mmi in explained]
    seen = [row["cell_mmi"]] if row.get("cell_mmi") else []
    mmi = f"{max(felt + seen):.4f}" if felt or seen else ""
    return [f"{away:.3f}", f"{p:.3f}", f"{s:.3f}", mmi]


def sources() -> list[dict[str, float]]:
    """200 rows: magnitudes 2.6 to 8.8, 0 to 600 km, depths 0 to 200 km, over the date line too."""
    rng = np.random.default_rng(20190617)
    rows = []
    for i in range(200):
        lat, lon = rng.uniform(-60, 60), rng.uniform(-180, 180)
        away_km = 0.0 if i < 4 else 600.0 * rng.uniform() ** 2
        bearing = rng.uniform(0, 2 * np.pi)
        place = LocalPlane(lat, lon).to_degrees(
            away_km * np.sin(bearing), away_km * np.cos(bearing)
        )
        depth = rng.uniform(0, 25) if i % 3 else 200.0 * rng.uniform()
        magnitude = 2.6 if i == 190 else 8.8 if i == 191 else rng.uniform(3.0, 8.5)
        t0 = 1.5e9 + rng.uniform(0, 3e8)
        values = (t0, lat, lon, depth, magnitude, *place)
        digits = (3, 4, 4, 1, 2, 4, 4)
        pairs = zip(SOURCE, values, digits, strict=True)
        rows.append({key: round(float(value), n) for key, value, n in pairs})
    return rows


def line_sources() -> list[dict[str, float]]:
    """The same for 40 line sources of 0 to 300 km through the epicentre, magnitude 6 or more."""
    rng = np.random.default_rng(7)
    rows = []
    for i, row in enumerate(sources()[:160:4]):
        strike, length = rng.uniform(0, np.pi), 0.0 if i == 0 else rng.uniform(0, 300)
        share = rng.uniform()
        plane = LocalPlane(row["lat"], row["lon"])
        ends = [
            plane.to_degrees(k * np.sin(strike), k * np.cos(strike))
            for k in (-share * length, (1 - share) * length)
        ]
        values = (*ends[0], *ends[1], rng.uniform(0, 30))
        row["magnitude"] = max(row["magnitude"], 6.0)
        row.update({k: round(float(v), 4) for k, v in zip(LINE, values, strict=True)})
        rows.append(row)
    return rows


def term_sources() -> list[dict[str, float]]:
    """24 of them with an event term of -1.5 to 1.5, half with motion seen in the place's cell."""
    rng = np.random.default_rng(11)
    rows = sources()[100:196:4]
    for i, row in enumerate(rows):
        cell_mmi = round(float(rng.uniform(2, 9)), 1) if i % 2 else 0.0
        row.update(bias=round(float(rng.uniform(-1.5, 1.5)), 1), cell_mmi=cell_mmi)
    return rows


def write(name: str, header: list[str], rows: list[dict[str, float]]) -> None:
    table = travel_times()
    with (HERE / name).open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header + RESULT)
        for row in rows:
            writer.writerow(
                [
                    *(f"{row[key]:.10g}" if key != "t0" else f"{row[key]:.3f}" for key in header),
                    *result(row, table),
                ]
            )


def write_travel_times() -> None:
    t = load("iasp91").coarse()
    table = {"model": t.model, "distance_km": t.distances_km.tolist()}
    table |= {"depth_km": t.depths_km.tolist(), "p": t.p.tolist(), "s": t.s.tolist()}
    text = json.dumps(table, separators=(",", ":")).replace("],[", "],\n[")
    (HERE / "travel_times_iasp91.json").write_text(text + "\n")


if __name__ == "__main__":
    write_travel_times()
    write("device_vectors.csv", SOURCE, sources())
    write("device_line_vectors.csv", SOURCE + LINE, line_sources())
    write("device_term_vectors.csv", SOURCE + TERM, term_sources())
