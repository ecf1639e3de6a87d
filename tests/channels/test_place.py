from math import isnan

import pytest

from forewave.channels.card import ChannelSettings
from forewave.channels.place import evaluated, place_of
from forewave.client.place_alert import at_place
from forewave.delivery.signing import unseal
from forewave.types import Place
from tests.channels.made import TABLES
from tests.client.made import KEYS, sealed

HERE = Place("here", 24.5, 121.5)


def message(**change):
    return unseal(sealed(**change), KEYS.trusted)


def test_a_place_is_evaluated_as_by_every_device():
    assert evaluated(message(), HERE, TABLES) == at_place(message(), HERE, TABLES)


def test_without_a_place_it_is_the_strongest_anywhere_and_no_arrival():
    here, anywhere = evaluated(message(), HERE, TABLES), evaluated(message(), None, TABLES)
    assert anywhere.mmi > here.mmi
    assert anywhere.place == ""
    assert isnan(anywhere.s_arrival)
    assert isnan(anywhere.distance_km)
    assert evaluated(message(field=(("wsqq", 9.9),)), None, TABLES).mmi == 9.9
    assert isnan(evaluated(message(kind="cancel", why="false"), None, TABLES).mmi)


def test_a_single_station_alert_concerns_only_its_area_but_a_cancel_everybody():
    far = Place("far", 40.0, 100.0)
    assert evaluated(message(stations=1), far, TABLES) is None
    assert evaluated(message(stations=1), HERE, TABLES) is not None
    assert evaluated(message(stations=1, kind="cancel", why="false"), far, TABLES).cancelled


def test_the_place_is_that_of_the_settings():
    class Made(ChannelSettings, frozen=True, kw_only=True, tag="made"):
        pass

    assert place_of(Made()) is None
    assert place_of(Made(place=(24.5, 121.5), place_name="here")) == HERE


@pytest.mark.parametrize("kind", ["new", "update"])
def test_every_kind_is_evaluated(kind):
    assert evaluated(message(kind=kind), None, TABLES).kind == kind
