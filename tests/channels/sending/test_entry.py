"""What a channel wants of an alert: its level at the place, and whether it is taken back."""

from math import nan

import pytest

from forewave.channels.sending.entry import KEEP_ACTION, Wants, is_cancel, key_of, mmi_of
from tests.client.made import place_alert

WANTS = Wants(min_mmi=4.0)


@pytest.mark.parametrize(
    ("mmi", "before", "level"),
    [(3.99, 0, 0), (4.0, 0, 4), (4.49, 0, 4), (4.5, 0, 5), (4.0 - KEEP_ACTION, 4, 4), (3.6, 4, 0)],
)
def test_the_level_is_the_rounded_intensity_from_the_threshold_on(mmi, before, level):
    assert WANTS.level(place_alert(mmi=mmi), before) == level


def test_an_alert_without_an_intensity_has_a_level_only_where_it_calls_for_action():
    assert WANTS.level(place_alert(kind="cancel", cancelled=True, mmi=nan), 5) == 0


def test_unconfirmed_alerts_count_where_the_channel_wants_them():
    weak = place_alert(mmi=5.0, level="aware", single_station=True)
    assert WANTS.level(weak, 0) == 0
    assert Wants(min_mmi=4.0, unconfirmed=True).level(weak, 0) == 5


def test_an_alert_that_is_smaller_is_a_cancel_only_where_little_is_left():
    smaller = place_alert(kind="cancel", cancelled=False)
    assert is_cancel(smaller, 0)
    assert not is_cancel(smaller, 5)
    assert is_cancel(place_alert(kind="cancel", cancelled=True), 5)
    assert not is_cancel(place_alert(kind="update"), 0)


def test_a_drill_and_an_earthquake_of_one_name_are_two_events():
    assert key_of(place_alert(drill=True)) != key_of(place_alert(drill=False))


def test_an_intensity_that_is_not_known_counts_as_none():
    assert mmi_of(place_alert(mmi=nan)) == 0.0
    assert mmi_of(place_alert(mmi=6.5)) == 6.5
