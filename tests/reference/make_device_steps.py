"""Write every intermediate value of what a device computes (see README.md beside).

Run from the repository's root after a deliberate change of the forecast:
    python tests/reference/make_device_steps.py
"""

import csv
import json
from math import isnan
from pathlib import Path

import numpy as np

from forewave.client.place_alert import MODEL, at_place
from forewave.client.shaking_duration import shaking_duration
from forewave.earth import geohash
from forewave.earth.distance import distance_km
from forewave.earth.gmm.card import Source, estimate
from forewave.earth.travel_time import TravelTimes
from forewave.formats.protocols.alert_message import Message
from forewave.shaking import source_distance
from forewave.shaking.intensity import worden_2012
from forewave.types import Origin, Place, Rupture
from forewave.units import CM_M, G_MS2

HERE = Path(__file__).parent
OLD = ("device_vectors.csv", "device_line_vectors.csv", "device_term_vectors.csv")
GIVEN = ("t0", "lat", "lon", "dep", "m", "line", "cells", "b", "place_lat", "place_lon", "vs30_ms")
STEPS = (
    *("distance_km", "rupture_km", "joyner_boore_km", "pga_g", "pgv_cms", "mmi_pga", "mmi_pgv"),
    *("cell", "mmi", "p_s", "s_s", "p_ms", "s_ms", "duration_s"),
)


def travel_times() -> TravelTimes:
    """The coarse table as devices get it, read from the file beside."""
    table = json.loads((HERE / "travel_times_iasp91.json").read_text())
    arrays = (np.array(table[key], float) for key in ("distance_km", "depth_km", "p", "s"))
    return TravelTimes(table["model"], *arrays)


def rows() -> list[tuple[Message, Place]]:
    """The sources and places of the older vectors, every tenth on another ground."""
    found = [row for name in OLD for row in csv.DictReader((HERE / name).open())]
    grounds = (150.0, 180.0, 270.0, 360.0, 620.0, 760.0, 1100.0, 1500.0)
    return [
        of_row(row, grounds[i // 10 % 8] if i % 10 == 0 else 400.0) for i, row in enumerate(found)
    ]


def of_row(row: dict[str, str], vs30_ms: float) -> tuple[Message, Place]:
    """A message with the row's numbers as a message has them."""
    place = Place("here", float(row["place_lat"]), float(row["place_lon"]), vs30_ms=vs30_ms)
    line = tuple(float(row[k]) for k in ("lat1", "lon1", "lat2", "lon2", "top_km") if k in row)
    seen = float(row.get("cell_mmi") or 0.0)
    t0 = round(float(row["t0"]) * 1000)
    return Message(
        v=1, id="e", n=1, mode="actual", kind="new", why=None, level="action",
        t0=t0, st=0.3, lat=float(row["lat"]), lon=float(row["lon"]), sxy=4.0,
        dep=float(row["depth_km"]), sdep=5.0, m=float(row["magnitude"]), sm=0.3,
        line=line or None, cells={geohash.encode(place.lat, place.lon): seen} if seen else {},
        iss=t0 + 5000, exp=t0 + 185_000, key="k", b=float(row.get("bias", 0.0)), ns=5, sig="",
    ), place  # fmt: skip


def steps(message: Message, place: Place, table: TravelTimes) -> dict[str, object]:
    """Each value by the code that the server or `forewave.listen` computes it with."""
    origin = Origin(0.0, message.lat, message.lon, message.dep, 0.0, 0.0, 0.0)
    magnitude = min(8.5, max(3.0, message.m))
    rupture = None if message.line is None else Rupture(*message.line, 0.0, 0.0)
    at = np.array([place.lat]), np.array([place.lon])
    surface = Origin(0.0, message.lat, message.lon, 0.0, 0.0, 0.0, 0.0)
    flat = None if rupture is None else Rupture(*message.line[:4], 0.0, 0.0, 0.0)
    (across,) = source_distance.to_places("joyner_boore", surface, magnitude, flat, *at).distance_km
    (r,) = source_distance.to_places("joyner_boore", origin, magnitude, rupture, *at).distance_km
    pga, pgv = (
        float(estimate(MODEL, measure, Source(magnitude), r, place.vs30_ms).median)
        for measure in ("pga_ms2", "pgv_ms")
    )
    away = float(distance_km(message.lat, message.lon, place.lat, place.lon))
    p, s = (float(table.seconds(phase, away, message.dep)) for phase in ("P", "S"))
    alert = at_place(message, place, table)
    by_motion = (worden_2012.from_pga(pga), worden_2012.from_pgv(pgv))
    valid = not isnan(pga)
    return {
        "distance_km": f"{away:.4f}",
        "rupture_km": f"{across:.4f}",
        "joyner_boore_km": f"{r:.4f}",
        "pga_g": f"{pga / G_MS2:.6e}" if valid else "",
        "pgv_cms": f"{pgv / CM_M:.6e}" if valid else "",
        "mmi_pga": f"{float(by_motion[0]):.4f}" if valid else "",
        "mmi_pgv": f"{float(by_motion[1]):.4f}" if valid else "",
        "cell": geohash.encode(place.lat, place.lon),
        "mmi": "" if isnan(alert.mmi) else f"{alert.mmi:.4f}",
        "p_s": "" if isnan(p) else f"{p:.3f}",
        "s_s": "" if isnan(s) else f"{s:.3f}",
        "p_ms": "" if isnan(p) else round(message.t0 + p * 1000),
        "s_ms": "" if isnan(s) else round(message.t0 + s * 1000),
        "duration_s": f"{shaking_duration(message.m, away, place.vs30_ms or 400.0):.3f}",
    }


def given(message: Message, place: Place) -> dict[str, object]:
    """The fields of the message that matter, and the place."""
    found = {name: getattr(message, name) for name in ("t0", "lat", "lon", "dep", "m", "b")}
    found["line"] = "" if message.line is None else json.dumps(message.line)
    found["cells"] = json.dumps(message.cells) if message.cells else ""
    ground = f"{place.vs30_ms:g}"
    return found | {"place_lat": place.lat, "place_lon": place.lon, "vs30_ms": ground}


if __name__ == "__main__":
    table = travel_times()
    with (HERE / "device_steps.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, (*GIVEN, *STEPS), lineterminator="\n")
        writer.writeheader()
        writer.writerows(given(*row) | steps(*row, table) for row in rows())
