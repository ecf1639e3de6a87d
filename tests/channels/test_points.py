"""Many points at once are what a device works out at each."""

import numpy as np

from forewave.channels.points import mmi_at
from forewave.client.place_alert import at_place
from forewave.formats.protocols import alert_message
from forewave.types import Place, Rupture
from tests.channels.sent import LAT, LON, an_alert, keys, travel_times

__all__ = ["keys", "travel_times"]


def test_they_are_as_at_each_place(keys, travel_times):
    points = [(LAT + y, LON + x) for y in (-5.0, -0.5, 0.0, 1.0) for x in (0.0, 0.7)]
    for rupture in (None, Rupture(LAT, LON, LAT + 1, LON + 0.3, 1.0, 100.0, 0.0)):
        sealed = keys.seal(an_alert(rupture=rupture, bias=0.3))
        message, _ = alert_message.read(sealed)
        many = mmi_at(message, points, travel_times)
        each = [at_place(message, Place("", *point), travel_times).mmi for point in points]
        assert np.isnan(each[0])
        np.testing.assert_allclose(many, each)
