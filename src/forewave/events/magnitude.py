"""How big: what each station's peaks so far say of every magnitude, and all of them together.

A station measures the phase that has come: vertical acceleration, velocity and displacement while
only P has passed, vertical and horizontal peaks once S has. What drowns in the sensor's noise does
not count: displacement, integrated twice, goes first, and small quakes on cheap sensors are
measured in acceleration alone.

A great earthquake begins like a small one. Seconds after its onset a phase can only show as much
of the source as has ruptured, so beyond that magnitude all are equally likely by what is seen, and
only their rarity (Gutenberg and Richter) tells them apart: the answer is open upwards while the
motion grows, and closes when it has stopped.

Stations are joined so that one bad gain cannot move the answer: each has a share of odd ones.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.site import DEFAULT_VS30_MS
from forewave.events import peaks as expected
from forewave.events.network import Watch
from forewave.events.peaks import FARTHEST_KM, GRID, LEAST, STEP, Component
from forewave.events.relations import borcherdt_1994
from forewave.events.relations.cua_heaton_2007 import GROWTH, GROWTH_SPAN
from forewave.events.rupturing import visible_magnitude
from forewave.types import Amplitude, Magnitude

Floats = NDArray[np.float64]

SIGNAL_TO_NOISE = 3.0
SETTLED = 4.0  # s of a phase after which a station has its full say
P_SHARE = 0.3  # say of a station that has seen P alone, beside those that have seen S
ODD = 0.001  # likelihood that any peak has, however far off: a site, a gain
EVENT_SIGMA = 0.2  # what all stations of one event have in common (stress drop)
FREQUENCY = 0.5  # Gutenberg and Richter's b, less what small ones are told of less
KIND = "Menv"


class StationMagnitude(Struct, frozen=True):
    """What one station says: log-likelihood of every magnitude of GRID, and its say, 0 to 1."""

    station: str
    log_likelihood: Floats
    say: float

    @property
    def value(self) -> float:
        """The likeliest magnitude."""
        return float(GRID[int(np.argmax(self.log_likelihood))])


def station_magnitude(
    watch: Watch, history: Sequence[Amplitude], slant_km: Floats, s_time: float
) -> StationMagnitude | None:
    """What one station's peaks say, or None while they say nothing.

    history: the peaks since its pick that are the event's own. slant_km: (GRID,) distance, as the
    envelopes want it, for a source of each magnitude. s_time: predicted arrival of S; up to it P is
    measured, from one second after it S.
    """
    peaks, age, after_s = _window(history, s_time)
    if peaks is None:
        return None
    measured = _measured(peaks, after_s, 10.0**watch.log_noise, watch.noise_pd3_m)
    if not measured:
        return None
    rows = np.minimum(np.rint(slant_km), FARTHEST_KM).astype(int)
    vs30 = watch.station.vs30_ms or DEFAULT_VS30_MS
    total, weight = np.zeros(len(GRID)), 0.0
    for component, peak in measured:
        soil = component.soil * borcherdt_1994.log_amplification(
            component.quantity, vs30, peaks.pa_ms2
        )
        off = math.log10(peak) - soil - _so_far(component, rows, age)
        total += (off / component.sigma) ** 2
        weight += 1.0
    say = min(max(age, 0.5), SETTLED) / SETTLED * (1.0 if after_s else P_SHARE)
    return StationMagnitude(watch.station.code, -0.5 * total / weight, say)


def event_magnitude(stations: Iterable[StationMagnitude]) -> Magnitude | None:
    """The median of all magnitudes as likely as all stations find them; None without stations."""
    known = list(stations)
    if not known:
        return None
    most = max(s.say for s in known)
    beyond = np.maximum(GRID - _middle(known), 0.0)  # what is seen needs no rarity to be believed
    log_posterior = -FREQUENCY * math.log(10.0) * beyond
    for s in known:
        log_posterior += s.say / most * np.log(np.exp(s.log_likelihood) + ODD)
    share = np.exp(log_posterior - log_posterior.max())
    low, median, high = np.interp((0.16, 0.5, 0.84), np.cumsum(share) / share.sum(), GRID)
    sigma = math.hypot(EVENT_SIGMA, (high - low) / 2)
    return Magnitude(round(float(median) - STEP / 2, 2), round(sigma, 2), KIND, len(known))


def _middle(stations: list[StationMagnitude]) -> float:
    """The weighted median of what the stations find likeliest."""
    value = np.array([s.value for s in stations])
    order = np.argsort(value, kind="stable")
    weight = np.array([s.say for s in stations])[order]
    share = np.cumsum(weight) - weight / 2
    return float(np.interp(weight.sum() / 2, share, value[order]))


def _window(history: Sequence[Amplitude], s_time: float) -> tuple[Amplitude | None, float, bool]:
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
            (expected.S_ZA, peaks.pa_ms2, acceleration),
            (expected.S_HA, peaks.pga_ms2, acceleration),
            (expected.S_ZV, peaks.pv_ms, both),
            (expected.S_HV, peaks.pgv_ms, both),
            (expected.S_ZD, peaks.pd3_m, displacement),
        )
    else:
        chosen = (
            (expected.P_ZA, peaks.pa_ms2, acceleration),
            (expected.P_ZV, peaks.pv_ms, both),
            (expected.P_ZD, peaks.pd3_m, displacement),
        )
    return [(component, peak) for component, peak, above in chosen if above and peak > 0]


def _so_far(component: Component, km: NDArray[np.intp], age: float) -> Floats:
    """(GRID,) log10 of the peak to expect so many seconds after a phase came."""
    row = component.log_peak[km, np.arange(len(GRID))]
    short = GROWTH * max(0.0, 1.0 - age / GROWTH_SPAN)
    most = (visible_magnitude(age) - LEAST) / STEP
    at = int(min(max(most, 0.0), len(GRID) - 1.0))
    return np.asarray(np.minimum(row, row[at]) - short if at < len(GRID) - 1 else row - short)
