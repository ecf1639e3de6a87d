"""The tables of values beside the figures."""

from collections.abc import Sequence
from html import escape

from forewave.evaluate.report import markup
from forewave.evaluate.report.case import Case
from forewave.evaluate.report.section import Trace
from forewave.evaluate.report.table import NONE, number
from forewave.evaluate.scoring.catalogue import Quake
from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.evaluate.scoring.score import errors, versions_of
from forewave.evaluate.scoring.truth import LEVELS, Motion


def versions_table(case: Case) -> str:
    """All issued versions."""
    quake = case.truth.quake
    versions = versions_of(case.matching.found, case.run.alerts)
    if quake is None:
        return ""
    head = ("version", "s after origin", "kind", "level", "M", "sigma", "epicentre error km",
            "depth km", "stations", "largest MMI")  # fmt: skip
    return markup.table("Versions", head, [_version(m, quake) for m in versions])


def _version(message: IssuedAlert, quake: Quake) -> list[str]:
    alert = message.alert
    return [
        str(alert.version),
        number(message.issued - quake.time, 2),
        alert.kind,
        alert.level,
        number(alert.magnitude.value, 2),
        number(alert.magnitude.sigma, 2),
        number(errors(message, quake).epicentre_km),
        number(alert.origin.depth_km),
        str(alert.stations),
        number(alert.max_intensity),
    ]


def stations_table(case: Case) -> str:
    """Every station: observed and forecast intensity, outcome and lead time by level."""
    versions = versions_of(case.matching.found, case.run.alerts)
    head = ("station", "km", "PGA cm/s²", "observed MMI", "first forecast", "final forecast",
            *(f"MMI {level}" for level in LEVELS))  # fmt: skip
    near = sorted(case.truth.motions, key=lambda m: (m.distance_km or 0.0, m.station))
    rows = [_station(case, motion, versions) for motion in near]
    rows += [[code, reason, *[""] * 8] for code, reason in case.truth.left_out]
    return markup.table(
        "Stations; by level: outcome of the warning and lead time in seconds", head, rows
    )


def _station(case: Case, motion: Motion, versions: Sequence[IssuedAlert]) -> list[str]:
    return [
        escape(motion.station),
        number(motion.distance_km),
        number(100 * motion.pga_ms2),
        number(motion.mmi),
        _forecast(motion, versions[0] if versions else None),
        _forecast(motion, versions[-1] if versions else None),
        *(_level(case, motion.station, level) for level in LEVELS),
    ]


def _forecast(motion: Motion, message: IssuedAlert | None) -> str:
    forecast = message.forecasts.get(motion.station) if message else None
    return number(forecast.intensity) if forecast else NONE


def _level(case: Case, station: str, level: str) -> str:
    here = next(o for o in case.outcomes if (o.station, o.level) == (station, level))
    if here.kind == "none":
        return ""
    lead = "" if here.lead_s is None else f" {here.lead_s:+.1f}"
    return here.kind + lead


def picks_table(traces: Sequence[Trace]) -> str:
    """Picks of the stations of a record section."""
    head = ("station", "km", "predicted P s", "predicted S s", "picks, s after origin")
    rows = [
        [
            escape(t.station),
            number(t.distance_km),
            number(t.p_s, 2),
            number(t.s_s, 2),
            ", ".join(f"{pick:.2f}" for pick in t.picks) or NONE,
        ]
        for t in traces
    ]
    return markup.table("Picks", head, rows)
