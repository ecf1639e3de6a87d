"""What a report says: the verdict, the timeline, who was warned, forecast against observed."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.after.gather import from_record
from forewave.after.report import build, observed, warned
from forewave.after.report.final_message import final_message, utc
from forewave.after.report.report import Comparison, Report, Source, TownRow
from forewave.after.report.timeline import change
from forewave.after.report.verdict import Evidence, verdict
from forewave.archive import travel_time
from forewave.delivery.reports import felt
from forewave.delivery.reports.tally import Row
from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.evaluate.scoring.users import Users
from forewave.formats.recordings.event_info import EventInfo

QUAKE = Source(1.9e9, 24.0, 121.4, 10.0, 6.0, "Off Hualien", "catalogue")
NOBODY = Users(0, 0, 0, 0, None, None)


@pytest.fixture
def issued(history):
    return [each for each in history.alerts if each.alert.stations != 1]


def evidence(issued, **changed):
    usual = Evidence(
        catalogue=QUAKE,
        quiet=False,
        messages=issued,
        own=QUAKE,
        comparison=Comparison(3.0, 1.0, 0.1, 0.2),
        users=Users(10, 0, 0, 0, 5.0, 9.0),
        observed=20,
        false=0,
        duplicates=0,
        first_after=4.2,
    )
    return replace(usual, **changed)


def test_a_good_warning_is_right(issued):
    found = verdict(evidence(issued))
    assert (found.grade, found.wrong) == ("right", ())
    assert found.sentence.startswith("The warning was right: of 10 stations that reached MMI IV")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"users": Users(8, 2, 0, 0, 5.0, 9.0)}, "2 stations reached MMI IV before the warning"),
        ({"users": Users(8, 0, 1, 0, 5.0, 9.0)}, "1 station reached MMI IV without a warning"),
        ({"users": Users(8, 0, 0, 3, 5.0, 9.0)}, "3 stations stayed below MMI IV"),
        ({"comparison": Comparison(3.0, 1.0, -0.8, 0.2)}, "0.8 below the catalogue"),
        ({"comparison": Comparison(40.0, 1.0, 0.0, 0.2)}, "40 km from the catalogue"),
        ({"false": 1}, "1 further event caused a false alert"),
        ({"duplicates": 2}, "2 second events"),
    ],
)
def test_each_fault_is_named_and_takes_away_the_grade(issued, changed, word):
    found = verdict(evidence(issued, **changed))
    assert found.grade == "partly"
    assert any(word in each for each in found.wrong)
    assert found.right


def test_a_warning_that_nobody_got_in_time_is_wrong(issued):
    found = verdict(evidence(issued, users=Users(0, 5, 1, 0, None, None)))
    assert found.grade == "wrong"
    assert "too late for everybody who needed it" in found.sentence


def test_a_missed_earthquake_is_wrong_and_a_weak_one_is_not():
    missed = evidence([], users=Users(0, 0, 4, 0, None, None), own=None, comparison=None)
    assert verdict(missed).grade == "wrong"
    assert "no alert was issued for it" in verdict(missed).sentence
    assert verdict(replace(missed, users=NOBODY)).grade == "right"


def test_a_missed_earthquake_without_any_record_is_not_called_right():
    unseen = evidence([], users=NOBODY, own=None, comparison=None, observed=0)
    assert verdict(unseen).grade == "unknown"


def test_noise_is_right_without_an_alert_and_wrong_with_one(issued):
    quiet = evidence([], catalogue=None, quiet=True, users=NOBODY, observed=0)
    assert verdict(quiet).grade == "right"
    assert verdict(replace(quiet, messages=issued, false=1)).grade == "wrong"


def test_without_a_catalogue_and_without_records_nobody_knows(issued):
    found = verdict(evidence(issued, catalogue=None, comparison=None, observed=0, users=NOBODY))
    assert found.grade == "unknown"


def test_an_alert_cancelled_as_false_is_wrong_by_its_own_word(issued):
    last = replace(issued[-1].alert, kind="cancel", why="false")
    messages = [*issued, IssuedAlert(last.issued, last, {})]
    found = verdict(evidence(messages, catalogue=None, comparison=None))
    assert found.grade == "wrong"
    assert "cancelled" in found.sentence


@given(
    counts=st.tuples(*[st.integers(0, 50)] * 4),
    off=st.floats(-2, 2),
    away=st.floats(0, 200),
    false=st.integers(0, 3),
)
def test_right_is_never_said_beside_a_fault(history, counts, off, away, false):
    compared = Comparison(away, 0.0, off, 0.0)
    users = Users(*counts, None, None)
    found = verdict(evidence(history.alerts, users=users, comparison=compared, false=false))
    assert (found.grade == "right") == (not found.wrong)
    for number, word in zip(counts[1:], ("late", "not at all", "did not come"), strict=True):
        assert not number or word in found.sentence


def test_the_final_message_is_true_corrected_or_that_there_was_nothing(issued):
    near = replace(QUAKE, magnitude=issued[0].alert.magnitude.value)
    assert final_message(near, False, issued).ending == "true"
    larger = replace(QUAKE, magnitude=issued[0].alert.magnitude.value + 1.0)
    assert "larger than the first message said" in final_message(larger, False, issued).text
    assert final_message(None, True, issued).text.startswith("There was no earthquake.")
    assert final_message(QUAKE, False, []).ending == "missed"
    assert final_message(None, True, []).ending == "quiet"


def test_a_simulated_earthquake_is_called_one_first(report, issued):
    assert report.simulated
    assert report.title.startswith("Simulated: ")
    for quake, messages in ((QUAKE, issued), (QUAKE, []), (None, [])):
        text = final_message(quake, False, messages, simulated=True).text
        assert text.startswith("Simulation, not a real earthquake.")
    assert "Simulation" not in final_message(QUAKE, False, issued).text


def test_times_are_utc():
    assert utc(0.4) == "1970-01-01 00:00:00 UTC"


def test_a_change_names_what_changed(issued):
    alert = issued[0].alert
    assert change(None, alert).startswith("first message, from ")
    grown = replace(alert, magnitude=replace(alert.magnitude, value=alert.magnitude.value + 0.4))
    assert change(alert, grown).startswith("magnitude ")
    moved = replace(alert, origin=replace(alert.origin, lat=alert.origin.lat + 0.1))
    assert change(alert, moved) == "epicentre moved 11 km"
    assert change(replace(alert, level="aware"), replace(alert, level="action")) == (
        "raised to “take action”"
    )
    assert change(alert, alert) == "smaller changes only"
    cancelled = replace(alert, kind="cancel", why="false")
    assert change(alert, cancelled) == "cancelled: no earthquake"
    assert change(cancelled, alert) == "issued again after the cancellation"


def test_the_timeline_has_every_message_in_order(report, history):
    assert len(report.timeline) == len(history.alerts)
    assert [row.after for row in report.timeline] == sorted(row.after for row in report.timeline)


def test_stages_follow_each_other_and_add_up_to_the_first_message(report):
    first = report.timeline[0]
    stages = first.stages
    assert 0.0 < stages.onset < stages.pick <= stages.solution <= stages.alert
    known = [row.seconds for row in report.budget if row.seconds is not None]
    assert sum(known) == pytest.approx(first.after)
    assert report.budget[-1].seconds is None  # a replay signs nothing


def test_the_onset_is_that_of_the_pick_that_was_known_last(report, history):
    first = report.timeline[0]
    solution = next(s for _, s in history.solutions if s.event == first.event)
    known = {pick.id: when for when, pick in history.picks}
    used = [a for a in solution.picks if a.weight > 0.0 and a.pick in known]
    origin_time = first.utc - first.after
    assert len({known[a.pick] for a in used}) > 1
    assert first.stages.pick == pytest.approx(max(known[a.pick] for a in used) - origin_time)


def test_a_signature_that_was_kept_is_a_stage(history):
    alert = history.alerts[0].alert
    signed = {(alert.event, alert.version): history.alerts[0].issued + 0.25}
    found = build.report(replace(history, signed=signed), travel_time.load())
    assert found.budget[-1].seconds == pytest.approx(0.25)


def town(distance_km, mmi, seconds):
    return TownRow("T", 0.0, 0.0, distance_km, 1000, mmi, 10.0, seconds, seconds)


towns = st.builds(
    town,
    st.floats(0, 999),
    st.floats(3.5, 9.9),
    st.one_of(st.none(), st.floats(-30, 60)),
)


@given(st.lists(towns, max_size=30))
def test_every_town_is_in_one_group_and_counted_once(rows):
    for groups in (warned.by_distance(rows), warned.by_intensity(rows)):
        assert sum(group.towns for group in groups) == len(rows)
        assert sum(group.people for group in groups) == 1000 * len(rows)
        for group in groups:
            assert group.in_time + group.late + group.not_asked == group.towns
            assert (group.median_seconds is None) == (group.in_time == 0)
        early = [row for row in rows if row.seconds is not None and row.seconds > 0.0]
        assert sum(group.in_time for group in groups) == len(early)
        assert sum(group.not_asked for group in groups) == sum(r.seconds is None for r in rows)


def test_a_town_is_warned_from_the_first_request_to_act(report, history):
    action, banner = warned.first_times(history, report.event)
    assert set(action) <= set(banner)
    for row in report.towns:
        assert (row.seconds is None) == (row.name not in action)
        if row.seconds is not None:
            assert row.seconds <= row.banner_seconds


def test_only_a_forecast_of_mmi_v_asks_to_act_and_the_first_one_counts(history, report):
    usual = next(i for i in history.alerts if i.forecasts and i.alert.level == "action")
    place, forecast = next(iter(usual.forecasts.items()))

    def message(seconds, mmi):
        forecasts = {place: replace(forecast, intensity=mmi)}
        return replace(usual, issued=1000.0 + seconds, forecasts=forecasts)

    alerts = tuple(message(*each) for each in ((0, 3.4), (1, 4.9), (2, 5.0), (3, 6.0)))
    found = warned.first_times(replace(history, alerts=alerts), report.event)
    assert found == ({place: 1002.0}, {place: 1001.0})


def test_a_cancelled_alert_has_warned_nobody(history, report):
    last = history.alerts[-1]
    cancel = IssuedAlert(last.issued + 1.0, replace(last.alert, kind="cancel", why="false"), {})
    found, _ = warned.first_times(replace(history, alerts=(*history.alerts, cancel)), report.event)
    assert found == {}


def test_stations_are_those_with_a_record_the_strongest_first(report, history):
    assert len(report.stations) == len(history.truth.motions)
    observed_mmi = [row.observed for row in report.stations]
    assert observed_mmi == sorted(observed_mmi, reverse=True)
    hits = sum(row.outcomes["IV"] == "hit" for row in report.stations)
    assert hits == report.levels["IV"].hit > 0


def test_a_report_with_a_catalogue_does_not_call_it_its_own_estimate(report):
    assert build.OWN not in report.notes


def test_felt_reports_stand_with_their_place(history):
    cells = felt.cells([Row(1, "wsqq", 5, 7)], 2)
    (row,) = observed.felt(replace(history, felt=cells))
    assert (row.reports, row.mmi) == (7, 5.0)
    assert row.place.endswith(", TW")


def test_a_report_of_noise_without_alerts_is_quiet(history):
    info = EventInfo("noise", event_type="noise")
    facts = replace(history.truth, quake=None, motions=())
    found = build.report(replace(history, info=info, truth=facts, alerts=(), last={}), None)
    assert found.verdict.grade == "right"
    assert found.final.ending == "quiet"
    assert found.timeline == found.towns == ()
    assert found.time == min(pick.time for _, pick in history.picks)
    assert (
        build.report(replace(history, info=info, truth=facts, alerts=(), picks=()), None).time
        is None
    )


def test_a_record_without_a_catalogue_is_judged_by_the_stations(record):
    found = build.report(from_record.history(record, None), travel_time.load())
    assert found.catalogue is None
    assert found.solution is not None
    assert found.verdict.grade in ("right", "partly")
    assert build.OWN in found.notes


def test_a_report_survives_its_file(report):
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report
