"""The doors for programs lead into the same rooms as the commands."""

from pathlib import Path

import obspy
import pytest

import forewave
from forewave.config import Settings
from forewave.replay import terminal
from forewave.replay.on_pages import Pace


@pytest.fixture(scope="module")
def folder():
    """The short one: a part of the recorded set."""
    return Path(__file__).parents[1] / "data" / "us-ci38457511-ridgecrest"


@pytest.fixture(scope="module")
def result(folder):
    return forewave.analyze(forewave.read(folder))


def test_it_says_what_the_command_says(folder, result):
    said = []
    pace = Pace(speed=float("inf"))
    terminal.play_through(forewave.read(folder), Settings(), pace, lambda *pair: said.append(pair))
    assert repr(list(result.messages)) == repr(said)  # by text, as nan is not itself


def test_obspy_objects_give_identical_picks_solutions_and_alerts(folder, result):
    stream = obspy.read(folder / "waveforms.mseed")
    inventory = obspy.read_inventory(str(folder / "stations.xml"))
    found = forewave.analyze(forewave.from_obspy(stream, inventory))
    assert repr(found.messages) == repr(result.messages)


def test_the_messages_are_sorted_by_kind(result):
    assert result.picks
    assert result.alerts[0].mode == "drill"
    assert result.solutions[-1].magnitude.value > 6.0
    assert {f.place for f in result.shaking_forecasts[-1].forecasts} > {"epicentre"}
    assert all(isinstance(word, forewave.Dropped) for word in result.dropped)
    times = [time for time, _ in result.messages]
    assert times == sorted(times)


def test_places_are_those_that_are_named(folder):
    recording = forewave.read(folder)
    town = forewave.Place("Somewhere", 35.7, -117.6)
    for _, message in forewave.play(recording, places=[town]):
        if isinstance(message, forewave.ShakingForecast):
            assert {f.place for f in message.forecasts if "." not in f.place} <= {
                "Somewhere",
                "epicentre",
                *(f.place for f in message.forecasts if len(f.place) == 4),  # geohash cells
            }
            assert "Somewhere" in {f.place for f in message.forecasts}
            return
    raise AssertionError("no shaking forecast")


def test_settings_are_an_object_or_a_file(folder, tmp_path):
    recording = forewave.read(folder)
    file = tmp_path / "forewave.toml"
    file.write_text("[alerts]\naction_intensity = 9.9\naware_intensity = 9.8\n")
    assert not [m for _, m in forewave.play(recording, settings=file) if is_alert(m)]
    file.write_text("[alerts]\nno_such_key = 1\n")
    with pytest.raises(forewave.ConfigError, match="no_such_key"):
        forewave.play(recording, settings=str(file))


def is_alert(message):
    return isinstance(message, forewave.Alert)


@pytest.mark.parametrize(
    ("change", "says"), [({"packet_s": 0.0}, "packet_s is 0"), ({"latency_s": -1.0}, "latency_s")]
)
def test_wrong_numbers_are_errors_at_once(folder, change, says):
    with pytest.raises(forewave.InputError, match=says):
        forewave.play(forewave.read(folder), **change)
