"""An alert and its signed message, as channels get them."""

import pytest
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.channels.card import Notification
from forewave.client.place_alert import at_place
from forewave.delivery import signing
from forewave.formats.protocols import alert_message
from forewave.types import Alert, Area, Magnitude, Origin, Place

NOW = 1_700_000_000.0
LAT, LON = 30.66, 104.06


def an_alert(**change) -> Alert:
    """M 6.5 at 30.66 N 104.06 E, issued 4 s after it began."""
    alert = Alert(
        id="e1.1",
        event="e1",
        version=1,
        kind="new",
        mode="actual",
        level="action",
        area=Area(LAT, LON, 300.0),
        issued=NOW,
        expires=NOW + 180.0,
        origin=Origin(NOW - 4.0, LAT, LON, 10.0, 0.3, 2.0, 3.0),
        magnitude=Magnitude(6.5, 0.2, "M", 8),
        rupture=None,
        field=(),
        max_intensity=8.0,
        stations=8,
        source="point",
    )
    return replace(alert, **change)


@pytest.fixture(scope="session")
def keys():
    return signing.generate()


@pytest.fixture(scope="session")
def travel_times():
    return travel_time.load("iasp91").coarse()


@pytest.fixture
def notify(keys, travel_times):
    """Makes the notification of an alert: notify("first", version=2, ...)."""

    def make(reason, **change) -> Notification:
        place = Place("", LAT, LON)
        data = keys.seal(an_alert(**change))
        message, _ = alert_message.read(data)
        return Notification(reason, at_place(message, place, travel_times), data)

    return make
