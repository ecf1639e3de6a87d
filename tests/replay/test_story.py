import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from forewave.archive import travel_time
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.formats.event_info import EventInfo
from forewave.live.places import Elsewhere
from forewave.replay.story import Story
from forewave.types import Alert, Area, Forecast, Outlook, Pick, Place, Solution


def _told(info):
    out = io.StringIO()
    return Story(info, travel_time.load(), Console(file=out, width=100)), out


@pytest.fixture(scope="module")
def told(recording, words, somewhere):
    story, out = _told(recording.info)
    for now, word in words:
        story.on_word(now, word)
    story.end(somewhere)
    return story, out.getvalue()


def test_it_says_what_happens_and_sums_it_up(told):
    _, text = told
    lines = text.splitlines()
    assert "P wave at" in lines[0]
    assert sum("ALERT (take action)" in line for line in lines) == 1
    assert "Known " in text
    assert "True: M5.0" in text
    assert "gained" in text


def test_what_is_picked_before_the_origin_is_no_p_wave(recording, words):
    """The ground moved from something else."""
    info = recording.info
    story, out = _told(replace(info, origin_time=info.origin_time + 60.0))
    story.on_word(*next(each for each in words if isinstance(each[1], Pick)))
    assert "Pick at" in out.getvalue()


def test_gains_are_s_minus_the_warning(told, somewhere):
    story, _ = told
    gains = story.gains(somewhere)
    assert [gain.distance_km for gain in gains] == sorted(gain.distance_km for gain in gains)
    warned = [gain for gain in gains if gain.warned is not None]
    assert warned
    for gain in warned:
        assert gain.seconds == pytest.approx(gain.s_arrival - gain.warned)
        assert abs(gain.s_forecast - gain.s_arrival) < 2.0
    assert any(gain.seconds is None for gain in gains)


def test_silence_is_said(recording):
    story, out = _told(recording.info)
    story.end([])
    assert "No alert was sent." in out.getvalue()


def test_progress_tells_where_the_waves_are(recording):
    story, _ = _told(recording.info)
    began = recording.info.origin_time
    assert story.progress(began - 3.0) == "Quiet; the earthquake begins in 3 s"
    assert story.progress(began + 1.0).endswith("P waves are at 0 km, S waves at 0")
    later = story.progress(began + 30.0)
    p_km, s_km = _numbers(later)
    assert 150 < p_km < 220
    assert 80 < s_km < 120


def _numbers(text):
    return [float(word) for word in text.replace(",", "").split() if word.isdigit()][1:]


def test_without_a_catalogue_it_counts_from_what_was_found(words, somewhere):
    story, out = _told(EventInfo("unknown"))
    for now, word in words:
        story.on_word(now, word)
    story.end(somewhere)
    assert story.progress(0.0) == "Playing"
    assert "ALERT" in out.getvalue()
    assert "True" not in out.getvalue()


def test_farewell():
    for stay, text in ((None, "stay open; Ctrl-C"), (5.0, "for 5 s more"), (0.0, "")):
        story, out = _told(EventInfo("x"))
        story.farewell(stay)
        assert text in out.getvalue()
        assert bool(text) == bool(out.getvalue())


def test_an_info_without_magnitude_is_enough(recording):
    story, _ = _told(replace(recording.info, magnitude=None))
    assert story._truth() == ""


def _alert(words):
    return next(word for _, word in words if isinstance(word, Alert))


def _outlook(alert, **intensities):
    origin = alert.origin
    solution = Solution(alert.event, 1, origin, alert.magnitude, None, (), 1.0)
    there = [
        Forecast(alert.event, 1, name, origin.lat, origin.lon + 1.0, 0.0, 30.0, mmi, 0.5, "point")
        for name, mmi in intensities.items()
    ]
    return Outlook(solution, tuple(there), 0.0)


@pytest.fixture
def heard(recording, words):
    """A story that is told of versions of the same alert, at seconds after the origin."""
    story, out = _told(recording.info)
    first = _alert(words)

    def say(at, kind, intensities, **change):
        alert = replace(first, kind=kind, **change)
        story.on_word(recording.info.origin_time + at, _outlook(alert, **intensities))
        story.on_word(recording.info.origin_time + at, alert)

    places = [Place(name, 0.0, 0.0) for name in ("near", "far")]
    return say, (lambda: {gain.name: gain for gain in story.gains(places)}), out.getvalue


def test_gained_counts_from_the_first_message_that_asks_that_place_to_act(heard):
    say, gains, _ = heard
    say(5.0, "new", {"near": 4.0, "far": 3.6}, level="action")
    say(9.0, "update", {"near": 5.5, "far": 4.0}, version=2, level="action")
    say(12.0, "update", {"near": 6.5, "far": 4.2}, version=3, level="action")
    assert gains()["near"].noticed == pytest.approx(5.0)
    assert gains()["near"].warned == pytest.approx(9.0)
    assert gains()["near"].seconds == pytest.approx(gains()["near"].s_arrival - 9.0)
    assert (gains()["far"].noticed, gains()["far"].seconds) == (pytest.approx(5.0), None)


def test_a_warning_that_was_cancelled_gains_nothing_until_it_is_told_again(heard):
    say, gains, text = heard
    say(5.0, "new", {"near": 6.0}, level="action")
    say(7.0, "cancel", {"near": 3.0}, version=2, why="smaller")
    assert gains()["near"].warned is None
    say(9.0, "update", {"near": 6.0}, version=3, level="action")
    assert gains()["near"].warned == pytest.approx(9.0)
    assert text().count("ALERT (take action)") == 2
    assert "alert cancelled (smaller than first thought)" in text()


def test_a_single_station_alert_asks_only_those_around_its_station(heard):
    say, gains, text = heard
    area = {"level": "action", "stations": 1, "area": Area(0.0, 0.0, 40.0)}
    say(3.0, "new", {"near": 6.0}, **area)
    assert gains()["near"].noticed is None
    say(5.0, "update", {"near": 6.0}, version=2, level="action", stations=3)
    assert gains()["near"].warned == pytest.approx(5.0)
    assert "SINGLE-STATION ALERT (take action)" in text()
    assert "1 station\n" in text()


def test_a_second_event_that_was_withdrawn_takes_no_part_in_the_summary(heard):
    say, gains, text = heard
    say(5.0, "new", {"near": 6.0}, level="action")
    say(20.0, "new", {"near": 8.0}, level="action", event="twin", id="twin.1")
    say(30.0, "cancel", {}, version=2, why="false", event="twin", id="twin.2")
    assert gains()["near"].warned == pytest.approx(5.0)
    assert gains()["near"].intensity == 6.0
    assert "alert cancelled (no earthquake)" in text()


def test_it_names_one_place_of_each_kind(recording, somewhere):
    out = io.StringIO()
    town = next(place for place in somewhere if place.kind == "town")
    others = Elsewhere(Place("Epicentre", 24.0, 121.6), town)
    story = Story(recording.info, travel_time.load(), Console(file=out, width=60), others)
    gateway = Gateway(signing.generate(), lambda: 0.0, travel_time.load(), place=town)
    story.on_ready(gateway)
    said = out.getvalue()
    assert f"They show what {town.name} sees" in said
    assert f"{gateway.url}#lat=24.000&lon=121.600&name=Epicentre\n" in said
    assert f"#lat={town.lat:.3f}&lon={town.lon:.3f}" in said
    assert "?lat" not in said


def test_the_summary_has_the_places_that_were_named(recording, words, somewhere):
    story, _ = _told(recording.info)
    for now, word in words:
        story.on_word(now, word)
    felt = [gain.name for gain in story.gains(somewhere) if gain.intensity >= 3.5]
    for name in felt:
        out = io.StringIO()
        named = next(place for place in somewhere if place.name == name)
        others = Elsewhere(named, None)
        again = Story(recording.info, travel_time.load(), Console(file=out, width=100), others)
        for now, word in words:
            again.on_word(now, word)
        again.end(somewhere)
        assert name in out.getvalue()
