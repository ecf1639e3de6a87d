"""The events room: picks, amplitudes and station states in, solutions out.

`feed` only remembers; `tick` thinks, and asks to be called at once when there is something to
think about, so all that one packet brought is weighed together. An event under way is followed
with every new pick, and each whole second while its amplitudes grow. Picks that no event explains
are tried as a new one whenever they hang together; nothing is kept of a try that failed, since
the picks are still there. So the room's state is what its last minutes of input made it.
"""

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from msgspec import Struct

from forewave.earth.travel_time import TravelTimes
from forewave.events import event_pairs, single_station, validate
from forewave.events.event import Event
from forewave.events.memory.network import Network
from forewave.events.other_events import Company
from forewave.events.restore import resumed
from forewave.events.solver import Surveyor
from forewave.events.validate import Item
from forewave.field import Km, Probability, Seconds, about
from forewave.schedule import beat
from forewave.thresholds import Thresholds
from forewave.types import (
    Amplitude,
    Dropped,
    PhoneSighting,
    Pick,
    PickWithdrawn,
    Solution,
    Station,
    StationState,
    Word,
)


class TrackerSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """When an event that reaches the thresholds is published, and when it is withdrawn."""

    withdraw_likelihood: Annotated[
        Probability,
        about("Events are withdrawn whose probability to be an earthquake stays below this"),
    ] = 0.1
    well_located_km: Annotated[
        Km, about("An event is published at once when its epicentre is this certain")
    ] = 8.0
    patience: Annotated[
        Seconds,
        about("A less certain one waits while another station expects its P within this time"),
    ] = 1.0
    doubted_for: Annotated[
        Seconds, about("Time below withdraw_likelihood after which an event is withdrawn")
    ] = 3.0


FRESH = 40.0  # s that unexplained picks may begin an event
THINK = 0.5  # the beat of looks at unexplained picks, s
FOLLOW = 1.0  # the beat of looks at an event without new picks, s
LIFE = 300.0  # s after its origin that an event goes on explaining picks
GROWING = 120.0  # s after its origin that an event is looked at without new picks
MOST_CLUSTERS = 4
LATEST_PICK = 1.0  # s after its onset that a pick may still come
LEAST_MAGNITUDE, LEAST_SECONDS, LEAST_KM = 0.05, 0.2, 1.0  # changes worth a new version
WIDE_AMONG = 3.0  # root of the stations from which on they contradict each other if it is as unsure
CODA_KM = 12.0  # what an epicentre must be known to within, in another event's coda


class Tracker:
    """All events of a region."""

    def __init__(
        self,
        stations: Sequence[Station],
        travel_times: TravelTimes,
        settings: TrackerSettings | None = None,
        thresholds: Thresholds | None = None,
        phones_alone: bool = False,
    ) -> None:
        """phones_alone: whether phones may begin an event without any station."""
        self.settings, self._phones_alone = settings or TrackerSettings(), phones_alone
        self._thresholds = thresholds or Thresholds()
        self.network = Network(stations)
        self.events: list[Event] = []
        self._surveyor = Surveyor(self.network, travel_times)
        self._new: list[Pick] = []
        self._tried = -np.inf  # when picks in wakes were last tried
        self._deadline: float | None = None

    def feed(self, item: Item, now: float) -> Sequence[Word]:
        """Remember what a station said, or phones saw; answer what is refused, and why."""
        if reason := validate.reason(item, self.network, now):
            return [Dropped(validate.source(item), reason)]
        if isinstance(item, StationState):
            self.network.hear_state(item)
        elif isinstance(item, PickWithdrawn):
            self.network.hear_withdrawn(item)
        elif isinstance(item, Amplitude):
            self.network.hear_amplitude(item)
        elif isinstance(item, PhoneSighting):
            self._wait(self.network.phones.hear(item, now))
        else:
            self.network.hear_pick(item)
            self._new.append(item)
            self._deadline = now
        return ()

    def deadline(self) -> float | None:
        """Now after a pick; soon while something is under way; never while all is calm."""
        return self._deadline

    def _wait(self, look: float | None) -> None:
        """Think at a time, or before."""
        if look is not None:
            self._deadline = look if self._deadline is None else min(look, self._deadline)

    def tick(self, now: float) -> Sequence[Solution]:
        """Follow the events under way, then try the picks that none of them explains."""
        self.events = [e for e in self.events if now < e.origin.time + LIFE]
        followed = [self._follow(event, now) for event in self.events if not event.withdrawn]
        begun = self._begin(now) + self._notice(now)
        begun += self._confirmed(now) + self._seen(now)
        self._new.clear()
        self._deadline = self._next(now)
        return [solution for solution in followed + begun if solution is not None]

    def resume(self, told: Solution, now: float) -> None:
        """Take up an event that was told before this room was made; it goes on as itself."""
        if now >= told.origin.time + LIFE:
            return
        event = resumed(told, self.network, self._surveyor.travel_times)
        self.events.append(event)
        self._surveyor.explain(event, self._open_to(event))
        self._deadline = now

    def _follow(self, event: Event, now: float) -> Solution | None:
        """Bring one event up to date if it may have changed; its next version if it has."""
        concerned = bool(self._new) and self._surveyor.concerns(event, self._new)
        concerned |= self._surveyor.seen(event)
        if now > event.origin.time + GROWING:
            if concerned:
                self._surveyor.explain(event, self._open_to(event))
            return None
        if not concerned and now < beat(event.followed, FOLLOW):
            return None
        event.followed = now
        self._surveyor.follow(event, self._open_to(event), self._company(event))
        if self._is_refuted(event, now):
            event.withdrawn = "the stations around it do not confirm it"
        return _tell(event)

    def _is_refuted(self, event: Event, now: float) -> bool:
        """Whether it has been too unlikely for so long that it is taken back."""
        if not self._surveyor.denied(event, self.settings.withdraw_likelihood):
            event.doubted = None
            return False
        event.doubted = now if event.doubted is None else event.doubted
        return now - event.doubted >= self.settings.doubted_for

    def _begin(self, now: float) -> list[Solution | None]:
        """Events that unexplained picks make, as far as they are sure enough to be told."""
        begun = []
        explained = self._company().explained
        # Picks in a coda come all the time: they can wait a moment.
        rests = now < beat(self._tried, THINK)
        self._tried = self._tried if rests else now
        for group in self._surveyor.groups(self._unexplained(), explained)[:MOST_CLUSTERS]:
            if rests and all(pick.id in explained for pick in group.picks):
                continue
            event = self._surveyor.begin(group.picks, self._company(), tried=group.tried)
            if self._ready(event, now):
                begun.append(self._take_up(event, now))
        return begun

    def _notice(self, now: float) -> list[Solution | None]:
        """Events that one station's first motion is strong enough for."""
        company = self._company()
        found = []
        for pick in self._unexplained():
            explained = pick.id in company.explained
            if explained or not single_station.strong(self.network, pick, company.explained):
                continue
            event = self._surveyor.begin([pick], company, alone=True)
            real = event.likelihood >= self._thresholds.min_likelihood
            real &= not self._is_repeat(event)
            if real and len(event.stations()) == 1 and not self._in_coda(event, now):
                found.append(self._take_up(event, now))
        return found

    def _confirmed(self, now: float) -> list[Solution | None]:
        """Events of one station that phones have seen too; many picks are tried without them."""
        open_to = self._surveyor.unclaimed([e for e in self.events if e.stands()], now)
        picks = self._surveyor.expected(self._unexplained(), open_to) if open_to else []
        found = []
        for pick in picks if len(picks) <= MOST_CLUSTERS else ():
            event = self._surveyor.begin([pick], self._company())
            if event.sighting and self._ready(event, now):
                found.append(self._take_up(event, now))
        return found

    def _seen(self, now: float) -> list[Solution | None]:
        """Events that phones see where no station has spoken, if they may say so alone."""
        found = []
        for event in self._surveyor.begin_seen(now) if self._phones_alone else ():
            known = any(event_pairs.alike(event, other) for other in self.events)
            if not (known or self._due(event) or self._in_coda(event, now)):
                found.append(self._take_up(event, now))
        return found

    def _take_up(self, event: Event, now: float) -> Solution | None:
        """Follow an event from now on and tell it, by a name of its own.

        One that was taken back may have had the same first pick, and nobody listens to its name
        any more. One that this explains better (`event_pairs.replaces`) goes on as this.
        """
        for before in [e for e in self.events if event_pairs.replaces(event, e)]:
            self.events.remove(before)
            event.id, event.told = before.id, before.told
        names = {each.id for each in self.events}
        while event.id in names:
            event.id += "b"
        self.events.append(event)
        event.followed = now
        return _tell(event)

    def _ready(self, event: Event, now: float) -> bool:
        """Whether it is real enough, and sure enough or not about to be surer."""
        sigma_km, heard = event.location.sigma_km, event.witnesses()
        if event.likelihood < self._thresholds.min_likelihood:
            return False
        widest_km = self._thresholds.max_epicentre_sigma_km
        if sigma_km > widest_km * min(1.0, WIDE_AMONG / max(heard, 1) ** 0.5):
            return False
        if heard < 2 or self._is_known(event):
            return False
        if self._in_coda(event, now) and (heard < event_pairs.CODA_STATIONS or sigma_km > CODA_KM):
            return False
        return sigma_km <= self.settings.well_located_km or not self._due(event)

    def _due(self, event: Event) -> bool:
        """Whether a station that could say more expects the event's P within a moment."""
        network, heard = self.network, event.stations()
        able = network.able()
        for code in heard:
            able[network.watches[code].index] = False
        wait = np.array(event.arrivals.p) - network.latest
        return bool(np.any(able & (wait > -LATEST_PICK) & (wait <= self.settings.patience)))

    def _is_known(self, event: Event) -> bool:
        """Whether it is part of an event under way, or was withdrawn and has gained nothing."""
        under_way = (e for e in self.events if e.stands() and not event_pairs.replaces(event, e))
        return self._is_repeat(event) or any(
            event_pairs.is_same(event, other) for other in under_way
        )

    def _is_repeat(self, event: Event) -> bool:
        return any(event_pairs.repeats(event, other) for other in self.events)

    def _in_coda(self, event: Event, now: float) -> bool:
        """Whether the ground still moves from another, so that picks are easily made."""
        return any(
            event_pairs.in_coda(event, other, now) for other in self.events if other.stands()
        )

    def _company(self, apart: Event | None = None) -> Company:
        """The events under way, but one."""
        return Company(self.network, self.events, apart)

    def _unexplained(self) -> list[Pick]:
        """Fresh picks that may be of no event under way, or of another one in its waves."""
        company = self._company()
        recent = self.network.recent_picks(self.network.newest - FRESH)
        return [p for p in recent if (claim := company.claim(p)) is None or claim.is_open]

    def _open_to(self, event: Event) -> list[Pick]:
        """Picks that an event may call its own: those that no other explains better."""
        company = self._company(event)
        recent = self.network.recent_picks(event.origin.time - FRESH)
        as_its = self._surveyor.explained(event, recent)
        return [pick for pick in recent if company.leaves(pick, event, as_its.get(pick.id))]

    def _next(self, now: float) -> float | None:
        """When there will be something to think about."""
        looks = [
            beat(event.followed, FOLLOW)
            for event in self.events
            if not event.withdrawn and now <= event.origin.time + GROWING
        ]
        if self._unexplained() or (self._phones_alone and self.network.phones.fresh(now)):
            looks.append(beat(now, THINK))
        return min(looks, default=None)


def _tell(event: Event) -> Solution | None:
    """The event's next version, or None if nothing has changed that anybody could notice."""
    if event.told is not None and not _changed(event, event.told):
        return None
    event.told = event.solution()
    return event.told


def _changed(event: Event, told: Solution) -> bool:
    return (
        event.withdrawn is not None
        or abs(event.magnitude.value - told.magnitude.value) >= LEAST_MAGNITUDE
        or abs(event.origin.time - told.origin.time) >= LEAST_SECONDS
        or event_pairs.apart_km(event.origin, told.origin) >= LEAST_KM
        or abs(event.origin.depth_km - told.origin.depth_km) >= LEAST_KM
        or len(event.listed()) > len(told.picks)
    )
