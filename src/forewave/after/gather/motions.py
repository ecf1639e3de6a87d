"""Observed motion of stations from their amplitudes, as scoring has it from waveforms.

Peaks are those of the vector of all components, up to 3 dB more than those of the larger
horizontal that scoring uses; the difference is at most 0.6 MMI.
"""

from collections.abc import Iterable, Sequence
from math import isfinite

from forewave.earth.distance import distance_km
from forewave.evaluate.scoring.catalogue import Quake
from forewave.evaluate.scoring.truth import THRESHOLDS, Motion
from forewave.shaking.intensity import worden_2012
from forewave.types import Amplitude, Solution, Station

LONGEST_S = 300.0  # after the origin


def motions(
    stations: Sequence[Station],
    observed: Iterable[tuple[float, Amplitude]],
    quake: Quake | None,
    solution: Solution | None,
) -> tuple[tuple[Motion, ...], tuple[tuple[str, str], ...]]:
    """The motion of each station, and stations without any, with the reason.

    observed: amplitudes with the time at which they were known. Without an origin nothing can be
    told from other motion, and no station has any.
    """
    where = _where(quake, solution)
    if where is None:
        return (), tuple((station.code, "no origin is known") for station in stations)
    begins, lat, lon = where
    of: dict[str, list[Amplitude]] = {}
    for _, amplitude in observed:
        if begins <= amplitude.time <= begins + LONGEST_S and isfinite(amplitude.pga_ms2):
            of.setdefault(amplitude.station, []).append(amplitude)
    found, left_out = [], []
    for station in stations:
        here = of.get(station.code, [])
        if not here:
            left_out.append((station.code, "no motion above the noise, or no data"))
        elif any(each.clipped for each in here):
            left_out.append((station.code, "clipped"))
        else:
            away_km = float(distance_km(lat, lon, station.lat, station.lon))
            found.append(_motion(station, away_km, here))
    return tuple(found), tuple(left_out)


def _where(quake: Quake | None, solution: Solution | None) -> tuple[float, float, float] | None:
    if quake is not None:
        return quake.time, quake.lat, quake.lon
    if solution is not None:
        return solution.origin.time, solution.origin.lat, solution.origin.lon
    return None


def _motion(station: Station, away_km: float, here: Sequence[Amplitude]) -> Motion:
    pga_ms2 = max(each.pga_ms2 for each in here)
    pgv_ms = max(each.pgv_ms for each in here)
    by_pga, by_pgv = float(worden_2012.from_pga(pga_ms2)), float(worden_2012.from_pgv(pgv_ms))
    reached: dict[str, float] = {}
    for each in sorted(here, key=lambda one: one.time):
        mmi = float(worden_2012.from_pga(each.pga_ms2))
        for level, least in THRESHOLDS.items():
            if mmi >= least:
                reached.setdefault(level, each.time)
    return Motion(
        station=station.code,
        lat=station.lat,
        lon=station.lon,
        distance_km=away_km,
        pga_ms2=pga_ms2,
        pgv_ms=pgv_ms,
        mmi=(by_pga + by_pgv) / 2,
        pga_mmi=by_pga,
        reached=reached,
    )
