import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from forewave.earth import travel_time
from forewave.formats.event_info import EventInfo
from forewave.runtime.story import Story


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
