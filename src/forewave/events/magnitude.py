"""How big: station magnitudes from the peaks of P, then of S, as the ground goes on telling.

Each component's peak is turned into a magnitude by the envelope of the phase that has come
(Cua and Heaton 2007): vertical acceleration, velocity and displacement while only P has passed,
vertical and horizontal acceleration and velocity once S has. What saturates says little: a
component counts by how steeply it still grows with magnitude, so displacement takes over in
large quakes. What drowns in the sensor's noise does not count: displacement, integrated twice,
goes first, and small quakes on cheap sensors are measured in acceleration alone.

The event's magnitude is the weighted median of its stations': one bad gain cannot move it.
"""

from collections.abc import Container, Iterable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.events.associate import Member
from forewave.events.network import Network
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.events.relations.cua_heaton_2007 import Envelope
from forewave.types import Amplitude, Magnitude

Floats = NDArray[np.float64]

GRID = np.arange(1.0, 9.01, 0.05)
SIGNAL_TO_NOISE = 3.0
SITE_SIGMA = 0.25  # log10: what a site adds to the relation's own scatter
GROWTH, GROWTH_SPAN = 0.35, 2.0  # log10 by which a new phase's peak is short at first; s
SETTLED = 4.0  # s of a phase after which a station has its full say
P_SHARE = 0.3  # say of a station that has seen P alone, beside those that have seen S
EVENT_SIGMA = 0.2  # what all stations of one event have in common (stress drop)
KIND = "Menv"


class StationMagnitude(Struct, frozen=True):
    """One station's magnitude, how uncertain it is, and its say."""

    station: str
    value: float
    sigma: float
    weight: float


def station_magnitude(
    member: Member, network: Network, own: Container[str], depth_km: float, s_time: float
) -> StationMagnitude | None:
    """What one station's peaks say, or None while they say nothing.

    own: ids of all picks of the event. s_time: predicted arrival of S; up to it P is measured,
    from one second after it S.
    """
    pick = member.pick
    peaks, age, after_s = _window(network.peaks(pick, own), s_time)
    if peaks is None:
        return None
    watch = network.watches[pick.station]
    noise_pa = 10.0**watch.log_noise
    measured = _measured(peaks, after_s, noise_pa, watch.noise_pd_m)
    if not measured:
        return None
    slant = float(envelopes.slant_km(member.distance_km, depth_km))
    short = GROWTH * max(0.0, 1.0 - age / GROWTH_SPAN)
    value, sigma = _combine([_invert(e, a, slant, short) for e, a in measured])
    say = min(max(age, 0.5), SETTLED) / SETTLED * (1.0 if after_s else P_SHARE)
    return StationMagnitude(pick.station, value, sigma, say / sigma**2)


def event_magnitude(stations: Iterable[StationMagnitude]) -> Magnitude | None:
    """Weighted median over stations; sigma from their scatter and what they share."""
    known = list(stations)
    if not known:
        return None
    value = np.array([s.value for s in known])
    weight = np.array([s.weight for s in known])
    median = _weighted_median(value, weight)
    own = 1.0 / np.sqrt(np.sum(1.0 / np.array([s.sigma for s in known]) ** 2))
    scatter = 1.2 * _weighted_median(np.abs(value - median), weight) / np.sqrt(len(known))
    sigma = float(np.hypot(EVENT_SIGMA, max(own, scatter)))
    return Magnitude(round(median, 2), round(sigma, 2), KIND, len(known))


def _window(history: list[Amplitude], s_time: float) -> tuple[Amplitude | None, float, bool]:
    """The peaks to use, how many seconds of their phase they span, and whether that is S."""
    if not history:
        return None, 0.0, False
    newest = history[-1]
    if newest.time >= s_time + 1.0:
        return newest, newest.time - s_time, True
    before = [a for a in history if a.time <= s_time] or history[:1]
    return before[-1], before[-1].since_pick or 0.0, False


def _measured(
    peaks: Amplitude, after_s: bool, noise_pa: float, noise_pd: float
) -> list[tuple[Envelope, float]]:
    """The components that stand above the noise, each with its envelope."""
    acceleration = peaks.pa_ms2 > SIGNAL_TO_NOISE * noise_pa
    displacement = peaks.pd_m > SIGNAL_TO_NOISE * noise_pd
    if after_s:
        chosen = [
            (envelopes.S_ZA, peaks.pa_ms2, acceleration),
            (envelopes.S_HA, peaks.pga_ms2, acceleration),
            (envelopes.S_ZV, peaks.pv_ms, acceleration and displacement),
            (envelopes.S_HV, peaks.pgv_ms, acceleration and displacement),
            (envelopes.S_ZD, peaks.pd_m, displacement),
        ]
    else:
        chosen = [
            (envelopes.P_ZA, peaks.pa_ms2, acceleration),
            (envelopes.P_ZV, peaks.pv_ms, acceleration and displacement),
            (envelopes.P_ZD, peaks.pd_m, displacement),
        ]
    return [(envelope, peak) for envelope, peak, above in chosen if above and peak > 0]


def _invert(envelope: Envelope, peak: float, slant_km: float, short: float) -> tuple[float, float]:
    """Magnitude of a peak, and its sigma: the scatter over the slope at that magnitude."""
    expected = envelopes.log_amplitude(envelope, GRID, slant_km) - short
    i = int(np.clip(np.searchsorted(expected, np.log10(peak)), 1, len(GRID) - 1))
    slope = (expected[i] - expected[i - 1]) / (GRID[i] - GRID[i - 1])
    value = GRID[i - 1] + (np.log10(peak) - expected[i - 1]) / max(slope, 0.1)
    sigma = np.hypot(envelope.sigma, SITE_SIGMA) / max(slope, 0.1)
    return float(np.clip(value, GRID[0], GRID[-1])), float(sigma)


def _combine(parts: list[tuple[float, float]]) -> tuple[float, float]:
    """Mean of one station's components. They share site and path, so sigma is not divided."""
    value, sigma = np.array(parts).T
    weight = 1.0 / sigma**2
    return float(weight @ value / weight.sum()), float(np.sqrt(1.0 / weight.mean()))


def _weighted_median(value: Floats, weight: Floats) -> float:
    order = np.argsort(value, kind="stable")
    share = np.cumsum(weight[order]) - weight[order] / 2
    return float(np.interp(weight.sum() / 2, share, value[order]))
