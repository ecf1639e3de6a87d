"""Made motion against published relations; run as a program it prints the whole table."""

import numpy as np
from msgspec import Struct

from forewave.archive import travel_time
from forewave.earth.distance import LocalPlane, distance_km
from forewave.earth.gmm import bindi_2014, boore_2014, si_midorikawa_1999
from forewave.earth.gmm.card import Model, Source, estimate
from forewave.events.relations import RELATIONS
from forewave.events.relations.card import magnitude as by_pd
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.ground_motion import rupture, waveforms
from forewave.simulate.ground_motion.rupture import Fault
from forewave.types import Station

RATE = 100.0
BEGIN = -5.0
KAPPA = 0.04
LAT, LON = 30.0, 103.0


class Made(Struct):
    """How far one made record is off: ln PGA, ln PGV, magnitudes from 4 s and 3 s of P; tau_c.

    pga and pgv against Boore et al. (2014), the others' against the cards they are named for.
    """

    pga: float
    pgv: float
    kuyuk_allen: float
    wu_zhao: float
    tau_c: float
    bindi_pga: float
    bindi_pgv: float
    si_pga: float
    si_pgv: float


def record(fault: Fault, station: Station, seconds: float, seed: list[int]) -> np.ndarray:
    return waveforms.acceleration(
        fault,
        station,
        travel_time.load(),
        rate=RATE,
        count=int((seconds - BEGIN) * RATE),
        begin=BEGIN,
        kappa=KAPPA,
        rng=np.random.default_rng(seed),
    )


def quake(magnitude: float, depth_km: float = 10.0, along: float = 0.5) -> Earthquake:
    return Earthquake(lat=LAT, lon=LON, depth_km=depth_km, magnitude=magnitude, along=along)


def station(lat: float, lon: float, vs30_ms: float = 760.0) -> Station:
    return Station("XX.A", lat, lon, 0.0, (), vs30_ms)


def at_joyner_boore(fault: Fault, azimuth: float, rjb_km: float, vs30_ms: float) -> Station:
    """A station that far from the fault's surface projection, in that direction."""
    plane = LocalPlane(LAT, LON)
    east, north = np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))
    low, high = 0.0, 2000.0
    for _ in range(40):
        middle = (low + high) / 2
        lat, lon = plane.to_degrees(middle * east, middle * north)
        nearer = distance_km(fault.lat, fault.lon, lat, lon).min() < rjb_km
        low, high = (middle, high) if nearer else (low, middle)
    return station(lat, lon, vs30_ms)


def filtered(acceleration: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Velocity and displacement, causal two-pole high-pass at 0.075 Hz."""
    count = acceleration.shape[-1]
    frequency = np.fft.rfftfreq(2 * count, 1 / RATE)
    s = 2j * np.pi * frequency
    corner = 2 * np.pi * 0.075
    high = 1.0 / (s**2 + np.sqrt(2) * corner * s + corner**2)
    spectrum = np.fft.rfft(acceleration, 2 * count)
    return tuple(np.fft.irfft(spectrum * high * x)[..., :count] for x in (s, 1.0))


def median_direction(horizontals: np.ndarray) -> float:
    """Peak in the median direction (RotD50)."""
    angles = np.radians(np.arange(0, 180, 15))[:, None]
    turned = horizontals[0] * np.cos(angles) + horizontals[1] * np.sin(angles)
    return float(np.median(np.abs(turned).max(axis=1)))


def make(magnitude: float, rjb_km: float, seed: int, vs30_ms: float = 760.0) -> Made:
    rng = np.random.default_rng([round(10 * magnitude), int(rjb_km), seed])
    fault = rupture.break_fault(quake(magnitude, along=rng.uniform(0.2, 0.8)), rng)
    here = at_joyner_boore(fault, rng.uniform(0, 360), rjb_km, vs30_ms)
    away_km = float(distance_km(LAT, LON, here.lat, here.lon))
    p, s = (float(travel_time.load().seconds(x, away_km, 10.0)) for x in "PS")
    ground = record(fault, here, s + fault.delay.max() + 60, [seed, 7])
    velocity, displacement = filtered(ground)
    onset = int((p - BEGIN) * RATE)
    pd_m = [
        np.abs(displacement[0, onset : onset + int(min(t, s - p) * RATE)]).max() for t in (4, 3)
    ]
    first = slice(onset, onset + int(3 * RATE))
    ratio = (displacement[0, first] ** 2).sum() / (velocity[0, first] ** 2).sum()
    everywhere = [median_direction(motion[1:]) for motion in (ground, velocity)]
    larger = [np.abs(motion[1:]).max() for motion in (ground, velocity)]
    rupture_km = float(
        np.hypot(distance_km(fault.lat, fault.lon, here.lat, here.lon), fault.depth_km).min()
    )
    return Made(
        *against(boore_2014.MODEL, everywhere, magnitude, rjb_km, vs30_ms),
        float(by_pd(RELATIONS["kuyuk_allen_2013"], pd_m[0], away_km)) - magnitude,
        float(by_pd(RELATIONS["wu_zhao_2006"], pd_m[1], np.hypot(away_km, 10.0))) - magnitude,
        float(2 * np.pi * np.sqrt(ratio)),
        *against(bindi_2014.MODEL, everywhere, magnitude, rjb_km, vs30_ms),
        *against(si_midorikawa_1999.CRUSTAL, larger, magnitude, rupture_km, vs30_ms),
    )


def against(
    model: Model, peaks: list[float], magnitude: float, away_km: float, vs30_ms: float
) -> list[float]:
    """ln of PGA and PGV over the card's medians; nan outside its ranges."""
    expected = [
        float(estimate(model, measure, Source(magnitude), away_km, vs30_ms).median)
        for measure in ("pga_ms2", "pgv_ms")
    ]
    return [float(np.log(peak / median)) for peak, median in zip(peaks, expected, strict=True)]


def summary(magnitude: float, rjb_km: float, count: int, vs30_ms: float = 760.0) -> Made:
    """Medians over `count` earthquakes and stations."""
    rows = [make(magnitude, rjb_km, seed, vs30_ms) for seed in range(count)]
    columns = [[getattr(row, name) for row in rows] for name in Made.__struct_fields__]
    return Made(*(float(np.median(column)) for column in columns))


COLUMNS = {
    "ln PGA": "pga",
    "ln PGV": "pgv",
    "M, Kuyuk and Allen": "kuyuk_allen",
    "M, Wu and Zhao": "wu_zhao",
    "ln PGA, Bindi": "bindi_pga",
    "ln PGV, Bindi": "bindi_pgv",
    "ln PGA, Si": "si_pga",
    "ln PGV, Si": "si_pgv",
}


def table(vs30_ms: float = 760.0, count: int = 12) -> None:
    print(f"Vs30 {vs30_ms:g} m/s, medians of {count}, made less published")
    print(f"| M | Rjb km | {' | '.join(COLUMNS)} | tau_c s |")
    print("|---" * (len(COLUMNS) + 3) + "|")
    for magnitude in (4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0):
        for rjb_km in (10, 20, 50, 100, 200):
            m = summary(magnitude, rjb_km, count, vs30_ms)
            cells = [f"{getattr(m, name):+.2f}".replace("+nan", "-") for name in COLUMNS.values()]
            print(f"| {magnitude:g} | {rjb_km} | {' | '.join(cells)} | {m.tau_c:.2f} |")


if __name__ == "__main__":
    table(760.0)
    table(400.0)
