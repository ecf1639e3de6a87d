"""What the shaking map of an event is made from: its source, and what was observed."""

from forewave.after.history import EventHistory
from forewave.after.report.report import Report, Source
from forewave.shaking_map.observation import Observation
from forewave.types import Magnitude, Origin, Solution

# What catalogues are known to within where they do not say so: km, km, s, magnitude units.
EPICENTRE_KM, DEPTH_KM, TIME_S, MAGNITUDE = 3.0, 5.0, 0.5, 0.15
USUAL_DEPTH_KM = 10.0


def source(history: EventHistory, report: Report) -> Solution | None:
    """The catalogue's solution with the line source of the last one issued, or that one itself."""
    mine = [solution for _, solution in history.solutions if solution.event == report.event]
    last = mine[-1] if mine else None
    known = report.catalogue
    if known is None or known.magnitude is None:
        return last
    return _of_catalogue(known, known.magnitude, report, last)


def _of_catalogue(known: Source, value: float, report: Report, last: Solution | None) -> Solution:
    depth_km = USUAL_DEPTH_KM if known.depth_km is None else known.depth_km
    place = known.lat, known.lon, depth_km
    origin = Origin(known.time, *place, TIME_S, EPICENTRE_KM, DEPTH_KM)
    magnitude = Magnitude(value, known.sigma or MAGNITUDE, "catalogue", 1)
    version = 1 if last is None else last.version
    rupture = None if last is None else last.rupture
    return Solution(report.event or report.id, version, origin, magnitude, rupture, (), 1.0)


def observations(history: EventHistory, report: Report) -> list[Observation]:
    """Peaks of the stations with a usable record, and medians of cells with felt reports."""
    vs30 = {station.code: station.vs30_ms for station in history.stations}
    records = [
        Observation(m.station, m.lat, m.lon, m.pga_ms2, m.pgv_ms, None, vs30.get(m.station))
        for m in history.truth.motions
    ]
    felt = [Observation(f"reports of {r.cell}", r.lat, r.lon, mmi=r.mmi) for r in report.felt]
    return [*records, *felt]
