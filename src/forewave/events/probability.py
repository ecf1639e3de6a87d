"""How likely an event is an earthquake, weighed with all that the network shows at the moment.

Collects what discrimination needs beyond the evidence that placed the event: the unassociated picks
of the last minute, and, when more stations have picked than place an event, what all of them know.
"""

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from forewave.events import observations
from forewave.events.discrimination import hypotheses
from forewave.events.discrimination.hypotheses import Unassociated
from forewave.events.event import Event
from forewave.events.location import search
from forewave.events.location.evidence import Evidence, Tables
from forewave.events.memory.network import Network
from forewave.events.other_events import OtherEvents
from forewave.types import Pick

EVERY = 1.0  # s of data between two evaluations with all stations, beyond those that place it


def probability(
    event: Event,
    picks: Sequence[Pick],
    known: Evidence,
    network: Network,
    others: OtherEvents,
    tables: Tables,
) -> float:
    """Of being an earthquake, among all picks of the last minute that nothing explains.

    picks: those that place it, by time. known: what placed it, of the nearest stations; the source
    must explain the other stations' picks too.
    """
    many = len(event.stations()) > observations.MOST_PICKS
    if many and network.newest < event.weighed + EVERY:
        return event.likelihood
    log_evidence, weighed = event.location.log_evidence, known
    if many:
        event.weighed = network.newest
        weighed = observations.around(event, network, picks, others, most=len(picks))
        log_evidence += search.gained(event.location, known, weighed, tables)
    weighed = replace(weighed, tried=max(event.tried, weighed.tried))
    unassociated = _unassociated(event, network, others, picks[0])
    real = hypotheses.likelihood(log_evidence, weighed, network.count, unassociated)
    return hypotheses.checked(real) if event.alone else real


def _unassociated(event: Event, network: Network, others: OtherEvents, first: Pick) -> Unassociated:
    """The stations of unassociated picks, in the time and plane of the event's evidence."""
    recent = network.recent_picks(network.newest - hypotheses.STORM_SPAN)
    explained = event.members.keys() | others.explained.keys()
    latest = {p.station: p.time - first.time for p in recent if p.id not in explained}
    index = [network.watches[station].index for station in latest]
    x_km, y_km = event.plane.to_km(network.lat[index], network.lon[index])
    return Unassociated(x_km, y_km, np.array(list(latest.values())))
