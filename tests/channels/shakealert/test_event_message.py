"""Event messages have the names, units and types that receivers expect."""

from math import cos, radians
from pathlib import Path

import pytest
from lxml import etree

from forewave.channels.shakealert.event_message import event_message, heartbeat
from forewave.formats.protocols import alert_message
from tests.channels.sent import LAT, NOW, an_alert

SCHEMA = Path(__file__).parents[2] / "reference" / "schemas" / "shakealert-event.xsd"


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(str(SCHEMA)))


@pytest.fixture
def made(keys):
    def make(reason="first", **change):
        message, _ = alert_message.read(keys.seal(an_alert(**change)))
        return etree.fromstring(event_message(message, reason, 0.8, "0.1"))

    return make


@pytest.mark.parametrize(
    ("reason", "change", "kind"),
    [
        ("first", {}, "new"),
        ("higher", {"version": 2, "kind": "update"}, "update"),
        ("cancel", {"version": 3, "kind": "cancel", "why": "false"}, "delete"),
        ("first", {"version": 3, "kind": "cancel", "why": "smaller"}, "delete"),
    ],
)
def test_it_is_valid_and_of_the_kind_that_it_is(made, schema, reason, change, kind):
    root = made(reason, **change)
    schema.assertValid(root)
    assert root.get("message_type") == kind
    assert root.get("version") == str(change.get("version", 1) - 1)


def test_it_has_the_source_with_its_sigmas(made):
    core = made().find("core_info")
    values = {child.tag: (child.text, child.get("units")) for child in core}
    assert core.get("id") == "e1"
    assert values["mag"] == ("6.5000", "Mw")
    assert values["lat"] == ("30.6600", "deg")
    assert values["depth"] == ("10.0000", "km")
    assert values["orig_time"] == ("2023-11-14T22:13:16.000Z", "UTC")
    assert values["orig_time_uncer"] == ("0.3000", "sec")
    assert values["likelihood"] == ("0.8000", None)
    assert values["num_stations"] == ("8", None)
    lat, lon = (float(values[f"{axis}_uncer"][0]) for axis in ("lat", "lon"))
    assert lat * 111.2 == pytest.approx(2.0, rel=0.01)
    assert lat / lon == pytest.approx(cos(radians(LAT)), rel=0.01)


def test_a_deleted_event_has_no_likelihood(made):
    root = made("cancel", kind="cancel", why="false", version=2)
    assert root.findtext("core_info/likelihood") == "0.0000"


def test_a_drill_is_a_test_with_an_id_of_its_own(made):
    root = made(mode="drill")
    assert root.get("category") == "test"
    assert root.find("core_info").get("id") == "TEST-e1"
    assert made().get("category") == "live"


def test_the_heartbeat_is_that_of_the_virtual_seismologist():
    root = etree.fromstring(heartbeat(NOW))
    assert root.tag == "hb"
    assert root.get("timestamp") == "Tue November 14 22:13:20 2023"
