"""What a network knows of one possible source, and the tables to weigh it with.

Picks with their peaks, and the stations that have been silent: plain arrays, in km of one plane
and seconds after one reference time. `likelihood` says what they are worth.
"""

from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.arrays import read_only
from forewave.earth.travel_time import TravelTimes
from forewave.events.relations import cua_heaton_2007 as envelopes

Floats = NDArray[np.float64]

DEPTHS_KM = read_only(
    np.array(
        [
            4.0,
            8.0,
            12.0,
            16.0,
            20.0,
            28.0,
            36.0,
            48.0,
            64.0,
            80.0,
            100.0,
            120.0,
            140.0,
            160.0,
            180.0,
        ]
    )
)
MAGNITUDES = read_only(np.arange(2.0, 8.6, 0.5))
TABLE_KM = 700
AMPLE = 10  # stations whose peaks count in full
AGES, PER_SECOND = 60, 2  # half seconds since a pick, for how its peak has grown

# Shares of a mixed population of picks, before their times are looked at.
P_SHARE, S_SHARE, NOISE_SHARE = 0.80, 0.12, 0.08
LATER_P, LATER_S, LATER_NOISE = 0.05, 0.45, 0.50  # of a station's later picks
NOISE_SPAN = 60.0  # s over which an unrelated pick may fall
# False picks per second. Stations differ greatly in it: a Gamma distribution of this shape about
# one in three hours, so a few picks in the last minutes make a station suspect. In the coda of
# another earthquake, or of its own last pick, a picker triggers easily.
NOISE_SHAPE, NOISE_EVERY = 0.2, 10800.0
PICK_LEVEL, PICK_SIGMA = 0.9, 0.45  # log10 above noise at which half of the P's are picked
MISSED = 0.03  # share of stations that miss even a clear P
S_OVER_P = 0.5  # log10 by which S exceeds P: had a strong S been felt, its P had been picked
NOISE_DECAY = 1.5  # strong noise is rarer than weak: log10 of rate per log10 of amplitude
LEAST_NOISE = 3.0  # but not beyond this: strong motion may also be another quake's


class Tables(NamedTuple):
    """What the likelihood looks up: seconds by depth and km, log10 m/s^2 by magnitude and km.

    C-contiguous and writeable, as the compiled likelihood has it.
    """

    p: Floats  # (depths, km)
    s: Floats
    log_p: Floats  # (magnitudes, km), acceleration
    log_s: Floats
    log_pd: Floats  # displacement, log10 m
    log_sd: Floats


class Sighted(Struct, frozen=True):
    """What phones saw. log_ratio: of how much likelier that is with an earthquake than without."""

    x_km: float
    y_km: float
    time: float
    sigma_km: float
    log_ratio: float


class Evidence(Struct, frozen=True):
    """What the network knows. n picks, the first of each station before all later ones."""

    pick_x: Floats  # (n,) km
    pick_y: Floats
    pick_time: Floats
    pick_sigma: Floats  # reading error of the pick
    pick_log_a: Floats  # log10 peak vertical acceleration since the pick, nan if not known yet
    pick_growth: Floats  # (n, AGES) the same by each half second since the pick
    pick_until: Floats  # time up to which that peak is known
    pick_log_noise: Floats  # the station's usual peak
    pick_log_d: Floats  # log10 peak displacement in m, nan if not known yet
    pick_log_noise_d: Floats  # the station's usual peak of that
    pick_rate: Floats  # of picks per second that are none of this source's, as things are there
    # Log-density of its log10 motion as that of another event that explains it; nan if none does.
    pick_log_claimed: Floats
    pick_follows: NDArray[np.bool_]  # whether its station has an earlier pick in this list
    silent_x: Floats  # (m,)
    silent_y: Floats
    silent_until: Floats  # time up to which the station has been silent
    silent_log_noise: Floats
    sighted: Sighted | None = None  # phones that may have felt the same source
    tried: float = 1.0  # of how many independent fronts in a storm of false picks this is the best


def compiled_layout(array: Floats) -> Floats:
    """The array as compiled code has it, C-contiguous and writeable; a copy only if need be."""
    return np.require(array, np.float64, ("C", "W"))


def make_tables(travel_times: TravelTimes) -> Tables:
    """The tables of an Earth model and of Cua and Heaton's vertical motion."""
    km = np.arange(TABLE_KM + 1.0)
    p, s = (travel_times.seconds(phase, km[None, :], DEPTHS_KM[:, None]) for phase in ("P", "S"))
    motion = (
        envelopes.log_amplitude(envelope, MAGNITUDES[:, None], km[None, :])
        for envelope in (envelopes.P_ZA, envelopes.S_ZA, envelopes.P_ZD, envelopes.S_ZD)
    )
    return Tables(*(compiled_layout(table) for table in (p, s, *motion)))


def shares(evidence: Evidence) -> tuple[Floats, Floats, Floats]:
    """How likely each pick is the source's P, its S, and (per second) noise, before its time.

    A first pick is an S only if its P was missed, hardly so when it stands high above the
    station's noise; and strong noise is rare. A later pick is an S as often as something else.
    """
    above = np.nan_to_num(evidence.pick_log_a - evidence.pick_log_noise, nan=PICK_LEVEL)
    hidden = 1.0 / (1.0 + np.exp(1.702 * (above - S_OVER_P - PICK_LEVEL) / PICK_SIGMA))
    later = evidence.pick_follows
    p = np.where(later, LATER_P, P_SHARE)
    s = np.where(later, LATER_S, S_SHARE * (MISSED + (1.0 - MISSED) * hidden))
    return p, s, np.where(later, LATER_NOISE, NOISE_SHARE * rarity(above)) / NOISE_SPAN


def counted(evidence: Evidence) -> float:
    """The share in which each peak that is known counts.

    What the envelopes get wrong they get wrong at all stations: many say no more than AMPLE. A pick
    whose motion is not known yet takes nothing from what the others' says.
    """
    known = int(np.isfinite(evidence.pick_log_a).sum())
    return min(1.0, AMPLE / max(known, 1))


def rarity(above: Floats) -> Floats:
    """How much rarer noise is that stands so far (log10) above the usual, than one just picked."""
    return np.asarray(10.0 ** (-NOISE_DECAY * np.clip(above - PICK_LEVEL, 0.0, LEAST_NOISE)))
