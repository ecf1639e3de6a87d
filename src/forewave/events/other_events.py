"""Concurrent events: which picks they explain, how well, and where their waves mask others.

A pick in the waves of an earthquake under way need not be another earthquake: it may be that one's
P, its S, or an onset in its coda. Each has an expected rate and level of motion, the `Claim` on a
pick, and only picks that no claim explains may begin another event. Coda onsets rise above
the motion just before them by 0.35 +- 0.2 (log10 of the vertical peak, 4 s after the onset; 461
onsets in the codas of 19 simulated earthquakes of M6.5 to 8.7); the P of a new earthquake, where
that matters, by 0.7 to 3.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

from forewave.events.associate import Member, Role
from forewave.events.event import Event
from forewave.events.location.normal import normal
from forewave.events.memory.network import Network, log_before
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.types import Pick

ALIKE = 0.3  # log10 by which motion may fall short of another's and still be taken for it
AFTER = 1.0  # s after a pick from which what comes is not the pick's own wave
CODA_DECAY, CODA_FROM = 1.5, 10.0  # coda falls with time to this power, from so many seconds on

CODA_RATE = 1.0 / 60.0  # onsets per second and station in a coda
RISE, RISE_SIGMA = 0.35, 0.25  # log10 by which a coda onset rises above what was before it
OUTGROWN = 0.7  # log10 above the expected motion from which a pick may be another event's
PEAK_SIGMA = 0.45  # log10, of P and S about the envelopes
TIME_SIGMA, TIME_SHARE = 0.4, 0.03  # s and share of the travel time, of P; S is half as well known
ITS_P, ITS_S = 0.8, 0.45  # share of P's, and of later picks that are S
ODD = 0.05  # density of motion that is far off
CLEARLY = 1.0  # log-density by which one event must explain a pick better than another to have it


class Claim(Struct, frozen=True):
    """How an event under way explains a pick.

    rate: per second, with which it makes such a pick at this time. log_level, sigma: log10 of the
    vertical acceleration (m/s^2) to expect in the first seconds. excess: by how much (log10) the
    motion is above that; nan until it is known.
    """

    role: Role
    rate: float
    log_level: float
    sigma: float
    excess: float

    @property
    def log_motion(self) -> float:
        """Log-density of the motion (log10) as the event's; nan until it is known."""
        return float(np.log(normal(self.excess, self.sigma) + ODD))

    @property
    def score(self) -> float:
        """Log-density of the pick's time, and of its motion as far as known, as the event's."""
        return float(np.log(self.rate)) + (0.0 if np.isnan(self.excess) else self.log_motion)

    @property
    def is_open(self) -> bool:
        """Whether the pick may be another event's all the same."""
        return self.excess > OUTGROWN - (RISE if self.role == "coda" else 0.0)


class OtherEvents:
    """Events other than one; those withdrawn, and those of phones only, explain nothing."""

    def __init__(
        self, network: Network, events: Sequence[Event], apart: Event | None = None
    ) -> None:
        self.events = [e for e in events if e is not apart and e.stands()]
        self._network = network
        self._claims: dict[str, Claim] = {}

    @cached_property
    def explained(self) -> dict[str, list[tuple[Event, Member]]]:
        """The events that explain each pick, by its id."""
        found: dict[str, list[tuple[Event, Member]]] = {}
        for event in self.events:
            for pick, member in event.members.items():
                found.setdefault(pick, []).append((event, member))
        return found

    def claim(self, pick: Pick) -> Claim | None:
        """The strongest claim on a pick: of the event whose motion it is most likely to be."""
        if pick.id not in self._claims:
            claims = [claim(self._network, e, m) for e, m in self.explained.get(pick.id, ())]
            if not claims:
                return None
            self._claims[pick.id] = max(claims, key=lambda c: c.score)
        return self._claims[pick.id]

    def leaves(self, pick: Pick, event: Event, member: Member | None) -> bool:
        """Whether an event may call a pick its own; member: how it would explain it."""
        theirs = self.claim(pick)
        if theirs is None or theirs.role == "coda" or theirs.is_open:
            return True
        if member is None or member.role == "coda":
            return False
        return claim(self._network, event, member).score > theirs.score + CLEARLY

    def until(self, station: int, since: float, log_pa: float) -> float:
        """When another's waves that could make such a peak come to a station; inf: never.

        station: its index. since: of the pick. log_pa: log10 of the vertical acceleration
        since then. Before `since`: all of the motion may be another's.
        """
        return min((_until(e, station, since, log_pa) for e in self.events), default=np.inf)


def claim(network: Network, event: Event, member: Member) -> Claim:
    """An event's claim on one of its members."""
    pick = member.pick
    index = network.watches[pick.station].index
    log_a = network.early_peak(pick)
    if member.role == "coda":
        level = _before(network, pick, index) + RISE
        return Claim("coda", CODA_RATE, level, RISE_SIGMA, log_a - level)
    p = event.arrivals.p[index] - event.origin.time
    spread = np.hypot(TIME_SIGMA, event.origin.epicentre_sigma_km / 6.0) + TIME_SHARE * p
    if member.role == "S":
        spread *= 2.0
    share, envelope = (ITS_P, envelopes.P_ZA) if member.role == "P" else (ITS_S, envelopes.S_ZA)
    density = float(normal(member.residual, float(spread)))
    slant = envelopes.slant_km(member.distance_km, event.origin.depth_km)
    level = float(envelopes.log_amplitude(envelope, event.magnitude.value, slant))
    rate = max(float(share * density), CODA_RATE)
    return Claim(member.role, rate, level, PEAK_SIGMA, log_a - level)


def _before(network: Network, pick: Pick, index: int) -> float:
    """log10 of the vertical acceleration just before a pick; the station's noise if unknown."""
    before = log_before(pick)
    return float(network.log_noise[index]) if np.isnan(before) else before


def _until(event: Event, station: int, since: float, log_pa: float) -> float:
    p, s = event.arrivals.p[station], event.arrivals.s[station]
    if not np.isfinite(s):
        return np.inf
    slant = envelopes.slant_km(event.arrivals.distance_km[station], event.origin.depth_km)
    level = float(envelopes.log_amplitude(envelopes.S_ZA, event.magnitude.value, slant))
    late = max(0.0, since - s) / CODA_FROM
    if log_pa > level - CODA_DECAY * np.log10(1.0 + late) + ALIKE:
        return np.inf
    if s <= since + AFTER:
        return -np.inf
    if p > since + AFTER:
        return p
    of_p = float(envelopes.log_amplitude(envelopes.P_ZA, event.magnitude.value, slant))
    return s if log_pa > of_p + ALIKE else -np.inf
