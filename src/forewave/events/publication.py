"""When an event is published: it is certain enough, no part of another, and has changed."""

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from msgspec import Struct

from forewave.events import event_pairs, phone_only
from forewave.events.event import Event
from forewave.events.memory.network import Network
from forewave.events.relations import ENVELOPES
from forewave.field import Km, Probability, Seconds, about
from forewave.thresholds import Thresholds
from forewave.types import Solution


class TrackerSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """When an event that reaches the thresholds is published or withdrawn; how P is measured."""

    withdraw_likelihood: Annotated[
        Probability,
        about("Events are withdrawn whose probability to be an earthquake stays below this"),
    ] = 0.1
    well_located_km: Annotated[
        Km, about("An event is published at once when its epicentre is this certain")
    ] = 8.0
    patience: Annotated[
        Seconds,
        about(
            "A less certain one waits while another station expects its P within this time; "
            "one that is 95 % likely at most for this time"
        ),
    ] = 1.0
    doubted_for: Annotated[
        Seconds, about("Time below withdraw_likelihood after which an event is withdrawn")
    ] = 3.0
    relation: Annotated[
        str, about("Magnitude relation for P where it holds; the default is the P envelopes")
    ] = ENVELOPES


LATEST_PICK = 1.0  # s after its onset that a pick may still come
SURE = 0.95  # probability from which an event waits no longer than `patience` for further stations
WAITS_KEPT = 60.0  # s for which it is known since when an event that was not published waits
LEAST_MAGNITUDE, LEAST_SECONDS, LEAST_KM = 0.05, 0.2, 1.0  # changes worth a new version
WIDE_AMONG = 3.0  # root of the stations from which on they contradict each other if it is as unsure
CODA_KM = 12.0  # what an epicentre must be known to within, in another event's coda


class Criteria:
    """What an event must meet to be published, and to stay so."""

    def __init__(self, network: Network, settings: TrackerSettings, thresholds: Thresholds) -> None:
        self._network, self._settings, self.thresholds = network, settings, thresholds
        self._waits_since: dict[str, float] = {}  # by event id

    def is_ready(self, event: Event, events: Sequence[Event], now: float) -> bool:
        """Whether it is real enough, and certain enough or not about to be more certain.

        events: all others, those under way and those withdrawn.
        """
        sigma_km, witnesses = event.location.sigma_km, event.witnesses()
        widest_km = self.thresholds.max_epicentre_sigma_km
        if event.likelihood < self.thresholds.min_likelihood:
            return False
        if sigma_km > widest_km * min(1.0, WIDE_AMONG / max(witnesses, 1) ** 0.5):
            return False
        if witnesses < 2 or is_known(event, events):
            return False
        few = witnesses < event_pairs.CODA_STATIONS or sigma_km > CODA_KM
        if few and in_coda(event, events, now):
            return False
        if sigma_km <= self._settings.well_located_km or not self.is_due(event):
            return True
        return event.likelihood >= SURE and event.tried == 1.0 and self._has_waited(event, now)

    def _has_waited(self, event: Event, now: float) -> bool:
        """Whether it has waited for other stations as long as an event that is sure waits.

        A dense network always expects P somewhere. One that is less sure, or in a storm of false
        picks, waits for as long as there is a station to wait for. Candidates are begun anew at
        each update, and known again by the id, which is that of their first pick.
        """
        forgotten = now - WAITS_KEPT
        self._waits_since = {k: t for k, t in self._waits_since.items() if t > forgotten}
        since = self._waits_since.setdefault(event.id, now)
        return now - since >= self._settings.patience

    def is_due(self, event: Event) -> bool:
        """Whether P is due soon at a station that could constrain the event further."""
        able = self._network.able()
        for code in event.stations():
            able[self._network.watches[code].index] = False
        wait = np.array(event.arrivals.p) - self._network.latest
        return bool(np.any(able & (wait > -LATEST_PICK) & (wait <= self._settings.patience)))

    def is_refuted(self, event: Event, now: float) -> bool:
        """Whether it has been too unlikely for so long that it is withdrawn."""
        # An event that stands on phones alone must be likelier than one of stations.
        least = self._settings.withdraw_likelihood
        least = phone_only.DOUBTED if event.only_phones() else least
        if event.likelihood >= least:
            event.doubted_since = None
            return False
        event.doubted_since = now if event.doubted_since is None else event.doubted_since
        return now - event.doubted_since >= self._settings.doubted_for


def is_known(event: Event, events: Sequence[Event]) -> bool:
    """Whether it is part of an event under way, or was withdrawn and has gained nothing."""
    under_way = (e for e in events if e.stands() and not event_pairs.replaces(event, e))
    return is_repeat(event, events) or any(event_pairs.is_same(event, e) for e in under_way)


def is_repeat(event: Event, events: Sequence[Event]) -> bool:
    """Whether it stands on the picks of an event that was withdrawn."""
    return any(event_pairs.repeats(event, other) for other in events)


def in_coda(event: Event, events: Sequence[Event], now: float) -> bool:
    """Whether the ground still moves from another, so that picks are easily made."""
    return any(event_pairs.in_coda(event, other, now) for other in events if other.stands())


def next_version(event: Event) -> Solution | None:
    """The solution to publish, or None if nothing has changed that anybody could notice."""
    if event.published is not None and not _has_changed(event, event.published):
        return None
    event.published = event.solution()
    return event.published


def _has_changed(event: Event, before: Solution) -> bool:
    return (
        event.withdrawn is not None
        or abs(event.magnitude.value - before.magnitude.value) >= LEAST_MAGNITUDE
        or abs(event.origin.time - before.origin.time) >= LEAST_SECONDS
        or event_pairs.apart_km(event.origin, before.origin) >= LEAST_KM
        or abs(event.origin.depth_km - before.origin.depth_km) >= LEAST_KM
        or len(event.listed()) > len(before.picks)
    )
