import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from forewave.archive import travel_time
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.formats.recordings.event_info import EventInfo
from forewave.live.places import Elsewhere
from forewave.replay.story import Story
from forewave.shaking.intensity import SCALES
from forewave.types import Alert, Area, Forecast, Pick, Place, ShakingForecast, Solution


def _story(info):
    out = io.StringIO()
    return Story(info, travel_time.load(), Console(file=out, width=100)), out


@pytest.fixture(scope="module")
def played(recording, words, somewhere):
    story, out = _story(recording.info)
    for now, word in words:
        story.on_word(now, word)
    story.end(somewhere)
    return story, out.getvalue()


def test_it_prints_what_happens_and_a_summary(played):
    _, text = played
    lines = text.splitlines()
    assert "P wave at" in lines[0]
    assert sum("ALERT (take action)" in line for line in lines) == 1
    assert "First alert " in text
    assert "Catalogue: M5.0" in text
    assert "warning" in text


def test_what_is_picked_before_the_origin_is_no_p_wave(recording, words):
    """The ground moved from something else."""
    info = recording.info
    story, out = _story(replace(info, origin_time=info.origin_time + 60.0))
    story.on_word(*next(each for each in words if isinstance(each[1], Pick)))
    assert "Pick at" in out.getvalue()


def test_the_warning_time_is_s_minus_the_request_to_act(played, somewhere):
    story, _ = played
    found = story.warning_times(somewhere)
    assert [each.distance_km for each in found] == sorted(each.distance_km for each in found)
    alerted = [each for each in found if each.action is not None]
    assert alerted
    for each in alerted:
        assert each.seconds == pytest.approx(each.s_arrival - each.action)
        assert abs(each.s_forecast - each.s_arrival) < 2.0
    assert any(each.seconds is None for each in found)


def test_a_replay_without_alerts_says_so(recording):
    story, out = _story(recording.info)
    story.end([])
    assert "No alert was issued." in out.getvalue()


def test_progress_has_the_distance_of_the_waves(recording):
    story, _ = _story(recording.info)
    began = recording.info.origin_time
    assert story.progress(began - 3.0) == "Noise only; origin in 3 s"
    assert story.progress(began + 1.0).endswith("P waves at 0 km, S waves at 0 km")
    later = story.progress(began + 30.0)
    p_km, s_km = _numbers(later)
    assert 150 < p_km < 220
    assert 80 < s_km < 120


def _numbers(text):
    return [float(word) for word in text.replace(",", "").split() if word.isdigit()][1:]


def test_without_a_catalogue_it_counts_from_what_was_found(words, somewhere):
    story, out = _story(EventInfo("unknown"))
    for now, word in words:
        story.on_word(now, word)
    story.end(somewhere)
    assert story.progress(0.0) == "Playing"
    assert "ALERT" in out.getvalue()
    assert "Catalogue" not in out.getvalue()


def test_how_long_the_pages_stay_open_is_printed():
    for stay, text in ((None, "stay open. Ctrl-C"), (5.0, "for another 5 s"), (0.0, "")):
        story, out = _story(EventInfo("x"))
        story.pages_stay(stay)
        assert text in out.getvalue()
        assert bool(text) == bool(out.getvalue())


def test_an_info_without_magnitude_is_enough(recording):
    story, _ = _story(replace(recording.info, magnitude=None))
    assert story._catalogue() == ""


def _alert(words):
    return next(word for _, word in words if isinstance(word, Alert))


def _shaking_forecast(alert, **intensities):
    origin = alert.origin
    solution = Solution(alert.event, 1, origin, alert.magnitude, None, (), 1.0)
    there = [
        Forecast(alert.event, 1, name, origin.lat, origin.lon + 1.0, 0.0, 30.0, mmi, 0.5, "point")
        for name, mmi in intensities.items()
    ]
    return ShakingForecast(solution, tuple(there), 0.0)


@pytest.fixture
def replayed(recording, words):
    """A story that is given versions of the same alert, at seconds after the origin."""
    story, out = _story(recording.info)
    first = _alert(words)

    def say(at, kind, intensities, **change):
        alert = replace(first, kind=kind, **change)
        story.on_word(recording.info.origin_time + at, _shaking_forecast(alert, **intensities))
        story.on_word(recording.info.origin_time + at, alert)

    places = [Place(name, 0.0, 0.0) for name in ("near", "far")]
    return say, (lambda: {each.name: each for each in story.warning_times(places)}), out.getvalue


def test_the_warning_time_counts_from_the_first_alert_that_asks_the_place_to_act(replayed):
    say, found, _ = replayed
    say(5.0, "new", {"near": 4.0, "far": 3.6}, level="action")
    say(9.0, "update", {"near": 5.5, "far": 4.0}, version=2, level="action")
    say(12.0, "update", {"near": 6.5, "far": 4.2}, version=3, level="action")
    assert found()["near"].banner == pytest.approx(5.0)
    assert found()["near"].action == pytest.approx(9.0)
    assert found()["near"].seconds == pytest.approx(found()["near"].s_arrival - 9.0)
    assert (found()["far"].banner, found()["far"].seconds) == (pytest.approx(5.0), None)


@pytest.mark.parametrize(("name", "label"), [("mmi", None), ("jma", "5-")])
def test_intensity_is_shown_in_the_chosen_scale_beside_mmi(recording, words, name, label):
    out = io.StringIO()
    console = Console(file=out, width=120)
    story = Story(recording.info, travel_time.load(), console, scale=SCALES[name])
    alert = replace(_alert(words), level="action", max_intensity=6.9)
    story.on_word(recording.info.origin_time + 5.0, _shaking_forecast(alert, near=6.9))
    story.on_word(recording.info.origin_time + 5.0, alert)
    story.end([Place("near", 0.0, 0.0)])
    lines = out.getvalue().splitlines()
    headings, row = (next(line for line in lines if has in line) for has in ("S arrival", "near"))
    assert f"MMI up to 6.9{f' (jma {label})' if label else ''}, " in lines[0]
    assert ("jma" in headings) is (label is not None)
    assert (" 5- " in row) is (label is not None)


def test_a_cancelled_alert_has_no_warning_time_until_it_is_issued_again(replayed):
    say, found, text = replayed
    say(5.0, "new", {"near": 6.0}, level="action")
    say(7.0, "cancel", {"near": 3.0}, version=2, why="smaller")
    assert found()["near"].action is None
    say(9.0, "update", {"near": 6.0}, version=3, level="action")
    assert found()["near"].action == pytest.approx(9.0)
    assert text().count("ALERT (take action)") == 2
    assert "alert cancelled (smaller than first thought)" in text()


def test_a_single_station_alert_asks_only_those_around_its_station(replayed):
    say, found, text = replayed
    area = {"level": "action", "stations": 1, "area": Area(0.0, 0.0, 40.0)}
    say(3.0, "new", {"near": 6.0}, **area)
    assert found()["near"].banner is None
    say(5.0, "update", {"near": 6.0}, version=2, level="action", stations=3)
    assert found()["near"].action == pytest.approx(5.0)
    assert "SINGLE-STATION ALERT (take action)" in text()
    assert "1 station\n" in text()


def test_a_second_event_that_was_cancelled_as_false_is_not_in_the_summary(replayed):
    say, found, text = replayed
    say(5.0, "new", {"near": 6.0}, level="action")
    say(20.0, "new", {"near": 8.0}, level="action", event="twin", id="twin.1")
    say(30.0, "cancel", {}, version=2, why="false", event="twin", id="twin.2")
    assert found()["near"].action == pytest.approx(5.0)
    assert found()["near"].intensity == 6.0
    assert "alert cancelled (no earthquake)" in text()


def test_it_names_one_place_of_each_kind(recording, somewhere):
    out = io.StringIO()
    town = next(place for place in somewhere if place.kind == "town")
    others = Elsewhere(Place("Epicentre", 24.0, 121.6), town)
    story = Story(recording.info, travel_time.load(), Console(file=out, width=60), others)
    gateway = Gateway(signing.generate(), lambda: 0.0, travel_time.load(), place=town)
    story.on_ready(gateway)
    said = out.getvalue()
    assert f"They show {town.name}" in said
    assert f"{gateway.url}#lat=24.000&lon=121.600&name=Epicentre\n" in said
    assert f"#lat={town.lat:.3f}&lon={town.lon:.3f}" in said
    assert "?lat" not in said


def test_the_summary_has_the_places_that_were_named(recording, words, somewhere):
    story, _ = _story(recording.info)
    for now, word in words:
        story.on_word(now, word)
    felt = [each.name for each in story.warning_times(somewhere) if each.intensity >= 3.5]
    for name in felt:
        out = io.StringIO()
        named = next(place for place in somewhere if place.name == name)
        others = Elsewhere(named, None)
        again = Story(recording.info, travel_time.load(), Console(file=out, width=100), others)
        for now, word in words:
            again.on_word(now, word)
        again.end(somewhere)
        assert name in out.getvalue()
