"""Tables of all alerts of a recording with their forecasts, and of the reference algorithms."""

from collections.abc import Sequence
from html import escape

from forewave.evaluate.reference_algorithms import NAMES
from forewave.evaluate.report import markup
from forewave.evaluate.report.case import Case
from forewave.evaluate.report.table import NONE, counts, number, percent
from forewave.evaluate.scoring.match import is_single_station
from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.evaluate.scoring.score import EventScore, ReferenceScore
from forewave.evaluate.scoring.truth import Motion

STRONGEST = 25  # places listed under an alert
HEAD = ("version", "category", "s after origin", "kind", "level", "places", "M", "sigma",
        "latitude", "longitude", "sigma km", "depth km", "rupture km", "stations", "source",
        "largest MMI", "event")  # fmt: skip


def alerts_table(case: Case) -> str:
    """All issued alerts in order."""
    what = _kinds(case)
    quake = case.truth.quake
    origin = quake.time if quake else None
    rows = [_alert(m, what.get(m.alert.event, NONE), origin, case) for m in case.run.alerts]
    if not rows:
        return "<p>No alert was issued.</p>"
    caption = "All alerts; uncertainties are one sigma; places: the largest forecasts"
    return markup.table(caption, HEAD, rows)


def _kinds(case: Case) -> dict[str, str]:
    """Category of each event."""
    found = {
        name: "the earthquake" if index == 0 and case.truth.quake else f"earthquake {index + 1}"
        for index, name in enumerate(case.matching.names)
        if name is not None
    }
    groups = {
        "duplicate": case.matching.duplicates,
        "false": case.matching.false,
        "unproven, in the coda": case.matching.later,
    }
    return found | {name: word for word, names in groups.items() for name in names}


def _alert(message: IssuedAlert, what: str, origin: float | None, case: Case) -> list[str]:
    alert = message.alert
    single = " (single-station)" if is_single_station(alert) else ""
    return [
        str(alert.version),
        f'<span class="wrap">{what + single}</span>',
        NONE if origin is None else number(message.issued - origin, 2),
        alert.kind if alert.why is None else f"{alert.kind}: {alert.why}",
        alert.level,
        _places(message, case.truth.motions),
        number(alert.magnitude.value, 2),
        number(alert.magnitude.sigma, 2),
        number(alert.origin.lat, 3),
        number(alert.origin.lon, 3),
        number(alert.origin.epicentre_sigma_km),
        number(alert.origin.depth_km),
        number(alert.rupture.length_km if alert.rupture else None, 0),
        str(alert.stations),
        alert.source,
        number(alert.max_intensity),
        f'<span class="id">{escape(alert.event)}</span>',
    ]


def _places(message: IssuedAlert, motions: Sequence[Motion]) -> str:
    """The largest forecasts of an alert beside the observed intensity, folded."""
    known = [m for m in motions if m.station in message.forecasts]
    known.sort(key=lambda m: -message.forecasts[m.station].intensity)
    if not known:
        return ""
    rows = [
        [
            escape(m.station),
            number(message.forecasts[m.station].intensity),
            number(message.forecasts[m.station].sigma),
            number(m.mmi),
            number(message.forecasts[m.station].s_arrival - message.issued),
        ]
        for m in known[:STRONGEST]
    ]
    head = ("place", "forecast MMI", "sigma", "observed MMI", "S arrives in s")
    table = markup.table(f"{min(len(known), STRONGEST)} of {len(known)} places", head, rows)
    return markup.folded(f"{len(known)} places", table)


def reference_table(case: Case) -> str:
    """Results of the reference algorithms for the same recording."""
    row = case.score
    rows = [_reference("<strong>forewave</strong>", row)]
    rows += [_reference(escape(NAMES[name]), other) for name, other in row.references.items()]
    head = ("system", "alerted", "false", "first alert s", "first km", "final km", "first ΔM",
            "final ΔM", "±1 %, first", "final", "MMI IV", "MMI V")  # fmt: skip
    caption = (
        "Reference algorithms on forewave's picks and amplitudes; MMI IV and V: "
        "hits/late/misses/false"
    )
    return markup.table(caption, head, rows)


def _reference(name: str, row: EventScore | ReferenceScore) -> list[str]:
    return [
        name,
        "yes" if row.matched else "no",
        str(row.false_events),
        number(row.first_alert_s, 2),
        number(row.first_epicentre_error_km),
        number(row.final_epicentre_error_km),
        number(row.first_magnitude_error, 2, signed=True),
        number(row.final_magnitude_error, 2, signed=True),
        percent(row.intensity_within_1_first),
        percent(row.intensity_within_1_final),
        counts(row.users["IV"]),
        counts(row.users["V"]),
    ]


def further_table(case: Case) -> str:
    """Results for the other earthquakes of the recording."""
    rows = [
        [
            escape(row.id),
            number(row.magnitude),
            "found" if row.matched else "missed",
            str(row.duplicates),
            number(row.first_alert_s, 2),
            number(row.first_epicentre_error_km),
            number(row.final_epicentre_error_km),
            number(row.first_magnitude_error, 2, signed=True),
            number(row.final_magnitude_error, 2, signed=True),
        ]
        for row in case.further
    ]
    head = ("earthquake", "M", "result", "duplicates", "first alert s", "first km", "final km",
            "first ΔM", "final ΔM")  # fmt: skip
    return markup.table("Other earthquakes of this recording", head, rows)
