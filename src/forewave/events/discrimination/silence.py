"""Stations that have not picked a source: until when, and what they would have picked.

A pick of something else ends a station's silence and does not undo it: had the source's P arrived
before, it would have been picked.
"""

from collections.abc import Container

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import LocalPlane
from forewave.events.memory.network import Network, log_before

MOST = 40  # the nearest are enough; more cost time
REACH_KM = 300.0  # how far from a source stations count
SHOWS = 1.2  # log10 by which a wave may be weaker than what moves anyway in a storm, and still show


class Silence(Struct, frozen=True):
    """Of n stations. index: into the network's arrays. until: when it ended. log_level: log10 of
    the vertical acceleration that a wave had to rise above, m/s^2.
    """

    index: NDArray[np.intp]
    until: NDArray[np.float64]
    log_level: NDArray[np.float64]


def silent(
    network: Network,
    plane: LocalPlane,
    centre: tuple[float, float],
    since: float,
    own: Container[str] = (),
    in_storm: bool = False,
) -> Silence:
    """The stations nearest to a place (km) that have not picked the source since a time.

    own: the source's picks. in_storm: of other picks, which then end no silence, since all
    stations pick again and again; a wave only has to rise above the motion there.
    """
    able, until = network.able_since(since), network.latest.copy()
    level = network.loudness(SHOWS if in_storm else 0.0)
    for pick in reversed(network.recent_picks(since)):
        watch = network.watches[pick.station]
        if pick.id in own:
            able[watch.index] = False
        elif not in_storm:
            until[watch.index] = min(pick.time, watch.latest)
            level[watch.index] = np.fmax(watch.log_noise, log_before(pick))
    x, y = plane.to_km(network.lat, network.lon)
    distance = np.hypot(x - centre[0], y - centre[1])
    near = np.flatnonzero(able & (distance <= REACH_KM))
    near = near[np.argsort(distance[near], kind="stable")[:MOST]]
    return Silence(near, until[near], level[near])
