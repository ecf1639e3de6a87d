"""Reference algorithms: published rules of other systems, run on the input of forewave's own rooms.

Each takes the stations and their observations by time of arrival (forewave's picks and
amplitudes, an advantage: the original systems have noisier ones), and returns the alerts that it
would have issued.
"""

from collections.abc import Callable, Sequence
from functools import partial

from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.reference_algorithms import epic, plum
from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.types import Station, StationObservation

Algorithm = Callable[
    [Sequence[Station], Sequence[tuple[float, StationObservation]], TravelTimes], list[IssuedAlert]
]

ALGORITHMS: dict[str, Algorithm] = {
    "epic": epic.run,
    "plum": partial(plum.run, radius_km=60.0),
    "plum_30": partial(plum.run, radius_km=30.0),
}
NAMES = {"epic": "EPIC's rules", "plum": "PLUM 60 km", "plum_30": "PLUM 30 km"}
