"""Other systems' published rules, run by this project on the input that its own rooms get.

Each takes the stations, what they said by time of arrival (our own picks and amplitudes, which
is kind: theirs are noisier), and answers what it would have told, for the same referee.
"""

from collections.abc import Callable, Sequence
from functools import partial

from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.judge.playback import Told
from forewave.evaluate.peers import epic, plum
from forewave.types import Station, StationObservation

Peer = Callable[
    [Sequence[Station], Sequence[tuple[float, StationObservation]], TravelTimes], list[Told]
]

PEERS: dict[str, Peer] = {
    "epic": epic.tell,
    "plum": partial(plum.tell, radius_km=60.0),
    "plum_30": partial(plum.tell, radius_km=30.0),
}
NAMES = {"epic": "EPIC's rules", "plum": "PLUM 60 km", "plum_30": "PLUM 30 km"}
