import json
from math import nan

from forewave.channels.card import Notification
from forewave.channels.texts.payload import encoded, iso, payload
from forewave.channels.texts.words import Words
from tests.client.made import place_alert, sealed

EN = Words("en")


def told(**change):
    return Notification("first", place_alert(**change), sealed())


def test_it_has_the_alert_the_texts_and_the_signed_message():
    made = json.loads(encoded(told(seconds=11.96), EN))
    assert made["type"] == "alert"
    assert made["seconds"] == 12.0
    assert made["title"].startswith("EARTHQUAKE")
    assert made["message"] == json.loads(sealed())
    assert made["issued"] == "2020-09-13T12:26:40.000+00:00"


def test_a_drill_is_of_another_type():
    made = payload(told(drill=True), EN)
    assert (made["type"], made["drill"]) == ("drill", True)


def test_what_is_not_known_is_null_and_not_nan():
    made = payload(told(mmi=nan, s_arrival=nan, distance_km=nan), EN)
    assert made["mmi"] is made["s_arrival"] is made["distance_km"] is made["seconds"] is None
    assert "NaN" not in json.dumps(made)


def test_a_time_beyond_all_calendars_is_the_last():
    assert iso(9e12) == "9999-12-31T23:59:59.000+00:00"
