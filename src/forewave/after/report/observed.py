"""Forecast against observed: intensity at every station, and what people felt."""

from collections.abc import Sequence
from statistics import mean

from forewave.after.history import EventHistory
from forewave.after.report.chosen import versions
from forewave.after.report.report import FeltRow, StationRow
from forewave.earth.place_name import place_name
from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.evaluate.scoring.truth import LEVELS, Motion
from forewave.evaluate.scoring.users import Outcome, outcomes


def stations(history: EventHistory, event: str) -> tuple[StationRow, ...]:
    """A row for each station with a usable record, the strongest observed shaking first."""
    issued = versions(history, event)
    kinds: dict[str, list[Outcome]] = {}
    for outcome in outcomes(history.truth, history.alerts):
        kinds.setdefault(outcome.station, []).append(outcome)
    rows = [_row(motion, issued, kinds[motion.station]) for motion in history.truth.motions]
    return tuple(sorted(rows, key=lambda row: (-row.observed, row.station)))


def _row(motion: Motion, issued: Sequence[IssuedAlert], kinds: Sequence[Outcome]) -> StationRow:
    by_level = {outcome.level: outcome for outcome in kinds}
    leads = [by_level[level].lead_s for level in LEVELS if by_level[level].lead_s is not None]
    return StationRow(
        station=motion.station,
        lat=motion.lat,
        lon=motion.lon,
        distance_km=motion.distance_km,
        observed=motion.mmi,
        first=_forecast(motion.station, issued[:1]),
        final=_forecast(motion.station, issued[-1:]),
        outcomes={level: outcome.kind for level, outcome in by_level.items()},
        lead_s=leads[-1] if leads else None,  # of the highest level that was reached
    )


def _forecast(station: str, issued: Sequence[IssuedAlert]) -> float | None:
    known = [each.forecasts[station].intensity for each in issued if station in each.forecasts]
    return known[-1] if known else None


def felt(history: EventHistory) -> tuple[FeltRow, ...]:
    """A row for each cell with enough reports, the strongest first."""
    if history.felt is None:
        return ()
    rows = []
    for feature in history.felt.features:
        ring = feature.geometry.coordinates[0][:4]
        lon, lat = mean(corner[0] for corner in ring), mean(corner[1] for corner in ring)
        one = feature.properties
        rows.append(FeltRow(one.cell, lat, lon, one.reports, one.mmi, place_name(lat, lon)))
    return tuple(sorted(rows, key=lambda row: (-row.mmi, row.cell)))
