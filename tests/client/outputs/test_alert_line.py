import json
from math import inf, nan

import msgspec
import pytest

from forewave.client.outputs import alert_line
from forewave.client.place_alert import PlaceAlert
from tests.client.made import NOW, place_alert, sealed


def test_the_line_has_every_field_and_the_signed_message_unchanged():
    signed = sealed()
    found = json.loads(alert_line.json_line(place_alert(message=signed, seconds=11.5)))
    assert set(found) == {"type", *(field.name for field in msgspec.structs.fields(PlaceAlert))}
    assert (found["type"], found["event"], found["seconds"]) == ("alert", "e1", 11.5)
    assert found["message"].encode() == signed
    assert found["s_arrival"] == NOW + 12.0


def test_it_is_one_line_of_ascii_whatever_the_names():
    line = alert_line.json_line(place_alert(place="成都\nX", event="演习"))
    assert line.isascii()
    assert line.isprintable()


@pytest.mark.parametrize("unknown", [nan, inf, -inf])
def test_what_is_unknown_is_null_and_empty(unknown):
    alert = place_alert(mmi=unknown)
    assert json.loads(alert_line.json_line(alert))["mmi"] is None
    assert alert_line.environment(alert)["ALERT_MMI"] == ""


def test_the_environment_has_ones_and_zeros():
    found = alert_line.environment(place_alert(drill=True))
    assert (found["ALERT_DRILL"], found["ALERT_CANCELLED"]) == ("1", "0")
    assert (found["ALERT_MMI"], found["ALERT_SECONDS"]) == ("5.5", "")
    assert all(isinstance(value, str) for value in found.values())


def test_a_drill_says_so_before_all_else():
    line = alert_line.text_line(place_alert(drill=True))
    assert line.partition(" ")[2].startswith("DRILL, there is no earthquake")


def test_a_cancel_tells_no_intensity():
    line = alert_line.text_line(place_alert(cancelled=True, kind="cancel", mmi=nan))
    assert "there is no earthquake" in line
    assert "MMI" not in line


def test_the_seconds_left_are_never_rounded_up():
    assert "S in 11 s" in alert_line.text_line(place_alert(seconds=11.99))
    assert "S was 1 s ago" in alert_line.text_line(place_alert(seconds=-1.9))


def test_a_single_station_alert_says_that_it_may_be_false():
    assert "may be false" in alert_line.text_line(place_alert(single_station=True))
    assert "phones only" in alert_line.text_line(place_alert(only_phones=True))


@pytest.mark.parametrize(("mmi", "roman"), [(1.0, "(I)"), (5.4, "(V)"), (10.0, "(X)")])
def test_intensity_is_given_as_number_and_as_degree(mmi, roman):
    assert f"MMI {mmi:.1f} {roman}" in alert_line.text_line(place_alert(mmi=mmi))
    assert "no intensity known" in alert_line.text_line(place_alert(mmi=nan))
