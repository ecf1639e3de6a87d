"""How big: station magnitudes from the peaks of P, then of S, as the ground goes on telling.

Each component's peak is turned into a magnitude by the envelope of the phase that has come
(Cua and Heaton 2007): vertical acceleration, velocity and displacement while only P has passed,
vertical and horizontal acceleration and velocity once S has. What saturates says little: a
component counts by how steeply it still grows with magnitude, so displacement takes over in
large quakes. What drowns in the sensor's noise does not count: displacement, integrated twice,
goes first, and small quakes on cheap sensors are measured in acceleration alone.

The event's magnitude is the weighted median of its stations': one bad gain cannot move it.
"""

import math
from collections.abc import Container, Iterable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.site import DEFAULT_VS30_MS
from forewave.events.associate import Member
from forewave.events.network import Network
from forewave.events.relations import borcherdt_1994
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.events.relations.cua_heaton_2007 import GROWTH, GROWTH_SPAN, Envelope
from forewave.types import Amplitude, Magnitude

Floats = NDArray[np.float64]

LEAST, MOST, STEP = 1.0, 9.0, 0.05
GRID = np.arange(LEAST, MOST + STEP / 2, STEP)
FARTHEST_KM = 500
SIGNAL_TO_NOISE = 3.0
SITE_SIGMA = 0.25  # log10: what a site adds to the relation's own scatter
SETTLED = 4.0  # s of a phase after which a station has its full say
P_SHARE = 0.3  # say of a station that has seen P alone, beside those that have seen S
EVENT_SIGMA = 0.2  # what all stations of one event have in common (stress drop)
FLATTEST = 0.1  # slope of log10 amplitude by magnitude under which a peak is taken as saturated
KIND = "Menv"


class Component(Struct, frozen=True):
    """What is measured of a phase, and the peak to expect: log10 SI, by km and GRID."""

    quantity: borcherdt_1994.Quantity
    sigma: float  # of log10, site included
    log_peak: Floats


def _component(quantity: borcherdt_1994.Quantity, envelope: Envelope) -> Component:
    km = np.arange(FARTHEST_KM + 1.0)[:, None]
    sigma = float(np.hypot(envelope.sigma, SITE_SIGMA))
    return Component(quantity, sigma, envelopes.log_amplitude(envelope, GRID, km))


# Z vertical, H horizontal; A acceleration, V velocity, D displacement (soil moves it as velocity).
P_ZA = _component("acceleration", envelopes.P_ZA)
P_ZV = _component("velocity", envelopes.P_ZV)
P_ZD = _component("velocity", envelopes.P_ZD)
S_ZA = _component("acceleration", envelopes.S_ZA)
S_HA = _component("acceleration", envelopes.S_HA)
S_ZV = _component("velocity", envelopes.S_ZV)
S_HV = _component("velocity", envelopes.S_HV)
S_ZD = _component("velocity", envelopes.S_ZD)


class StationMagnitude(Struct, frozen=True):
    """One station's magnitude, how uncertain it is, its say, and whether it has stopped growing."""

    station: str
    value: float
    sigma: float
    weight: float
    settled: bool = True


def station_magnitude(
    member: Member, network: Network, own: Container[str], depth_km: float, s_time: float
) -> StationMagnitude | None:
    """What one station's peaks say, or None while they say nothing.

    own: ids of all picks of the event. s_time: predicted arrival of S; up to it P is measured,
    from one second after it S.
    """
    watch = network.watches[member.pick.station]
    peaks, age, after_s = _window(network.peaks(member.pick, own), s_time)
    if peaks is None:
        return None
    measured = _measured(peaks, after_s, 10.0**watch.log_noise, watch.noise_pd3_m)
    if not measured:
        return None
    slant = round(float(envelopes.slant_km(member.distance_km, depth_km)))
    short = GROWTH * max(0.0, 1.0 - age / GROWTH_SPAN)
    vs30 = watch.station.vs30_ms or DEFAULT_VS30_MS
    parts = []
    for component, peak in measured:
        soil = borcherdt_1994.log_amplification(component.quantity, vs30, peaks.pa_ms2)
        parts.append(_invert(component, math.log10(peak) - soil + short, slant))
    value, sigma = _combine(parts)
    say = min(max(age, 0.5), SETTLED) / SETTLED * (1.0 if after_s else P_SHARE)
    settled = after_s or age >= GROWTH_SPAN
    return StationMagnitude(watch.station.code, value, sigma, say / sigma**2, settled)


def event_magnitude(stations: Iterable[StationMagnitude]) -> Magnitude | None:
    """Weighted median over stations; sigma from their scatter and what they share."""
    known = _telling(list(stations))
    if not known:
        return None
    value, weight = _columns(known)
    median = _weighted_median(value, weight)
    own = 1.0 / np.sqrt(np.sum(1.0 / np.array([s.sigma for s in known]) ** 2))
    scatter = 1.2 * _weighted_median(np.abs(value - median), weight) / np.sqrt(len(known))
    sigma = float(np.hypot(EVENT_SIGMA, max(own, scatter)))
    return Magnitude(round(median, 2), round(sigma, 2), KIND, len(known))


def _window(history: list[Amplitude], s_time: float) -> tuple[Amplitude | None, float, bool]:
    """The peaks to use, how many seconds of their phase they span, and whether that is S.

    A sensor that has clipped is believed up to the moment before.
    """
    whole = [a for a in history if not a.clipped]
    if not whole:
        return None, 0.0, False
    newest = whole[-1]
    if newest.time >= s_time + 1.0:
        return newest, newest.time - s_time, True
    before = [a for a in whole if a.time <= s_time] or whole[:1]
    return before[-1], before[-1].since_pick or 0.0, False


def _measured(
    peaks: Amplitude, after_s: bool, noise_pa: float, noise_pd: float
) -> list[tuple[Component, float]]:
    """The components that stand above the noise, and their peaks."""
    acceleration = peaks.pa_ms2 > SIGNAL_TO_NOISE * noise_pa
    displacement = peaks.pd3_m > SIGNAL_TO_NOISE * noise_pd
    both = acceleration and displacement
    chosen: tuple[tuple[Component, float, bool], ...]
    if after_s:
        chosen = (
            (S_ZA, peaks.pa_ms2, acceleration),
            (S_HA, peaks.pga_ms2, acceleration),
            (S_ZV, peaks.pv_ms, both),
            (S_HV, peaks.pgv_ms, both),
            (S_ZD, peaks.pd3_m, displacement),
        )
    else:
        chosen = (
            (P_ZA, peaks.pa_ms2, acceleration),
            (P_ZV, peaks.pv_ms, both),
            (P_ZD, peaks.pd3_m, displacement),
        )
    return [(component, peak) for component, peak, above in chosen if above and peak > 0]


def _invert(component: Component, log_peak: float, km: int) -> tuple[float, float]:
    """Magnitude of a peak, and its sigma: the scatter over the slope at that magnitude."""
    expected = component.log_peak[min(km, len(component.log_peak) - 1)]
    i = min(max(int(expected.searchsorted(log_peak)), 1), len(expected) - 1)
    below, above = float(expected[i - 1]), float(expected[i])
    slope = max((above - below) / STEP, FLATTEST)
    value = LEAST + (i - 1) * STEP + (log_peak - below) / slope
    return min(max(value, LEAST), MOST), component.sigma / slope


def _combine(parts: list[tuple[float, float]]) -> tuple[float, float]:
    """Mean of one station's components. They share site and path, so sigma is not divided."""
    weights = [1.0 / sigma**2 for _, sigma in parts]
    total = sum(weights)
    value = sum(w * v for w, (v, _) in zip(weights, parts, strict=True)) / total
    return value, math.sqrt(len(parts) / total)


def _telling(stations: list[StationMagnitude]) -> list[StationMagnitude]:
    """Without those that say nothing yet: what still grows is a lower bound, and tells only
    where it is above the others.
    """
    settled = [s for s in stations if s.settled]
    if not settled:
        return stations
    median = _weighted_median(*_columns(settled))
    return [s for s in stations if s.settled or s.value > median]


def _columns(stations: list[StationMagnitude]) -> tuple[Floats, Floats]:
    return np.array([s.value for s in stations]), np.array([s.weight for s in stations])


def _weighted_median(value: Floats, weight: Floats) -> float:
    order = np.argsort(value, kind="stable")
    share = np.cumsum(weight[order]) - weight[order] / 2
    return float(np.interp(weight.sum() / 2, share, value[order]))
