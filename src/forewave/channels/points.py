"""The intensity that a message explains at many points. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forewave.client.place_alert import MODEL
from forewave.earth.site import DEFAULT_VS30_MS
from forewave.earth.travel_time import TravelTimes
from forewave.formats.protocols.alert_message import Message
from forewave.shaking.posterior import LEAST, MOST
from forewave.shaking.sites import sites
from forewave.shaking.source_forecast import expect
from forewave.types import Magnitude, Origin, Place, Rupture, Solution


def mmi_at(
    message: Message, points: Sequence[tuple[float, float]], travel_times: TravelTimes
) -> NDArray[np.float64]:
    """MMI at points (n,), latitude and longitude; nan beyond 400 km. As client/place_alert.py.

    What was observed (`cells` of the message) is not in it. travel_times: the coarse table.
    """
    depth_km = max(0.0, message.dep)
    origin = Origin(message.t0 / 1000, message.lat, message.lon, depth_km, 0.0, 0.0, 0.0)
    rupture = None if message.line is None else Rupture(*message.line, 0.0, 0.0)
    size = Magnitude(message.m, message.sm, "M", message.ns or 0)
    solution = Solution(message.id, message.n, origin, size, rupture, (), 1.0)
    places = sites([Place("", lat, lon) for lat, lon in points], (), DEFAULT_VS30_MS)
    median = expect(solution, places, travel_times, MODEL).median[1:]  # the first is the epicentre
    return np.asarray(np.clip(median + message.b, LEAST, MOST))
