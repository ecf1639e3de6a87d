import json
from math import nan

import pytest

from forewave.channels.card import Notification
from forewave.channels.texts.words import FOLDER, Words
from forewave.errors import ConfigError
from tests import page_texts
from tests.client.made import place_alert

EN = Words("en")


def told(reason="first", swarm=(), active=None, concurrent=False, **change):
    active = reason not in ("cancel", "final") if active is None else active
    return Notification(reason, place_alert(**change), b"{}", swarm, active, concurrent)


def text(*args, **change):
    made = EN.text(told(*args, **change))
    return made.title, made.body


@pytest.mark.parametrize("code", page_texts.CODES)
def test_the_texts_are_those_of_the_pages(code):
    built = json.loads((FOLDER / f"{code}.json").read_text())
    assert built == page_texts.texts(code)


def test_an_alert_says_what_comes_when_and_what_to_do():
    title, body = text(seconds=12.7, mmi=6.2)
    assert title == "EARTHQUAKE: Strong shaking"
    assert body == (
        "Strong shaking in about 12 seconds\nDrop.\nCover.\nHold on.\nMagnitude: 6.5\n"
        "My place: here"
    )


def test_without_a_trusted_time_none_is_given():
    assert "Shaking now or in seconds" in text(seconds=None, mmi=6.2)[1]
    assert "Shaking now or in seconds" in text(seconds=0.5, mmi=6.2)[1]
    assert text(seconds=-3.0, mmi=6.2)[0] == "Earthquake detected"


def test_a_light_one_is_a_notice():
    title, body = text(seconds=12.0, mmi=4.3)
    assert title == "Earthquake nearby: Light shaking possible."
    assert "Drop" not in body


def test_a_single_station_alert_says_that_it_is_not_confirmed():
    title, body = text(single_station=True, level="aware")
    assert title == "Single-station alert"
    assert "Not confirmed yet" in body
    assert text(single_station=True, only_phones=True)[0] == "Phone-only alert"


def test_a_cancel_never_looks_like_an_alert():
    title, body = text("cancel", cancelled=True, kind="cancel", mmi=nan)
    assert title == "Alert cancelled"
    assert "There is no earthquake" in body
    assert "EARTHQUAKE" not in title + body


def test_a_drill_ends_and_was_no_wrong_alert():
    title, body = text("cancel", cancelled=True, kind="cancel", mmi=nan, drill=True)
    assert title.endswith("The drill has ended")
    assert "cancelled" not in title + body


def test_nothing_reassures_while_another_alert_is_in_force():
    title, body = text("cancel", cancelled=True, kind="cancel", mmi=nan, concurrent=True)
    assert title == "One alert cancelled"
    assert "safe" not in body
    assert "More shaking can come" in body


@pytest.mark.parametrize("reason", ["lower", "cancel"])
def test_an_alert_that_ends_because_it_is_smaller_is_lowered(reason):
    assert text(reason, active=False, mmi=3.0)[0] == "Alert lowered"


def test_the_final_says_that_strong_shaking_should_be_over():
    assert text("final")[0] == "Strong shaking should be over"


def test_a_swarm_is_one_summary():
    title, body = text(swarm=tuple("abc"), mmi=4.4)
    assert title == "Several earthquakes nearby"
    assert "4 in the last 10 minutes. Strongest here: light." in body


def test_without_a_place_the_epicentre_is_named_and_nobody_is_told_to_drop():
    title, body = text(place="", s_arrival=nan, distance_km=nan, mmi=7.6)
    assert title == "EARTHQUAKE: Severe shaking"
    assert body == "Epicentre: 24.00, 121.50\nMagnitude: 6.5"


@pytest.mark.parametrize("code", page_texts.CODES)
@pytest.mark.parametrize("reason", ["first", "lower", "cancel", "final"])
def test_a_drill_is_called_one_in_title_and_body(code, reason):
    made = Words(code).text(told(reason, drill=True, cancelled=reason == "cancel"))
    drill = json.loads((FOLDER / f"{code}.json").read_text())["drill.band"]
    assert made.title.startswith(drill)
    assert made.body.startswith(drill)


def test_a_language_that_is_not_built_is_an_error():
    with pytest.raises(ConfigError, match="the pages are not built"):
        Words("xx")
