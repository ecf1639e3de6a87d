"""Magnitude from peak amplitudes: the likelihood of every magnitude by station, and combined.

Each phase that has arrived is measured at a station: vertical acceleration, velocity and
displacement of P, and vertical and horizontal peaks of S. P counts also after S has arrived, as an
early S shows less than a complete P. Quantities below the sensor's noise are not used;
displacement, integrated twice, is lost first. Small earthquakes on low-cost sensors are measured in
acceleration only.

A great earthquake begins like a small one. Some seconds after its onset a phase shows only what has
ruptured so far. All larger magnitudes are then equally likely by the data, and only their frequency
(Gutenberg and Richter) distinguishes them: the likelihood is open upwards while the motion grows.

The likelihood of each station has a floor for outliers, so one wrong gain cannot move the result.
"""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.site import DEFAULT_VS30_MS
from forewave.events.location.source_duration import visible_magnitude
from forewave.events.magnitude import expected_peaks as expected
from forewave.events.magnitude.expected_peaks import FARTHEST_KM, GRID, LEAST, STEP, Component
from forewave.events.memory.network import Watch, log_level
from forewave.events.relations import borcherdt_1994
from forewave.events.relations.cua_heaton_2007 import GROWTH, GROWTH_SPAN
from forewave.types import Amplitude, Magnitude, Phase, Pick

Floats = NDArray[np.float64]

SIGNAL_TO_NOISE = 3.0
SETTLED = 4.0  # s of a phase after which a station has full weight
P_WEIGHT = 0.4  # weight of a P relative to an S
ODD = 0.001  # least likelihood of any peak: site effects, wrong gains
EVENT_SIGMA = 0.2  # common to all stations of one event (stress drop)
FREQUENCY = 0.5  # b of Gutenberg and Richter, reduced as small events are detected less often
KIND = "Menv"


class PhaseMagnitude(Struct, frozen=True):
    """One phase at a station: log-likelihood of every magnitude of GRID, and its weight (0..1)."""

    station: str
    phase: Phase
    log_likelihood: Floats
    weight: float

    @property
    def value(self) -> float:
        """The most likely magnitude."""
        return float(GRID[int(np.argmax(self.log_likelihood))])


def station_magnitudes(
    watch: Watch,
    history: Sequence[Amplitude],
    slant_km: Floats,
    s_time: float,
    pick: Pick,
) -> list[PhaseMagnitude]:
    """The phases measured at one station.

    history: the event's own peaks since its pick. slant_km: (GRID,) distance for the envelopes, for
    a source of each magnitude. s_time: predicted arrival of S, POSIX seconds; up to it P is
    measured, from one second after it S. pick: motion before it counts as noise.
    """
    rows = np.minimum(np.rint(slant_km), FARTHEST_KM).astype(int)
    windows = _windows(history, s_time)
    log_pa, log_pd = log_level(watch, pick)
    noise = (10.0**log_pa, 10.0**log_pd)
    found = (_phase_magnitude(watch, noise, rows, *window) for window in windows)
    return [magnitude for magnitude in found if magnitude is not None]


def _phase_magnitude(
    watch: Watch,
    noise: tuple[float, float],
    km: NDArray[np.intp],
    peaks: Amplitude,
    age: float,
    is_s: bool,
) -> PhaseMagnitude | None:
    """The measurement of a phase of this age (s); None where all peaks are below noise."""
    measured = _measured(peaks, is_s, *noise)
    if not measured:
        return None
    vs30 = watch.station.vs30_ms or DEFAULT_VS30_MS
    total = np.zeros(len(GRID))
    for component, peak in measured:
        soil = component.soil * borcherdt_1994.log_amplification(
            component.quantity, vs30, peaks.pa_ms2
        )
        off = math.log10(peak) - soil - _so_far(component, km, age)
        total += (off / component.sigma) ** 2
    weight = min(max(age, 0.5), SETTLED) / SETTLED * (1.0 if is_s else P_WEIGHT)
    return PhaseMagnitude(
        watch.station.code, "S" if is_s else "P", -0.5 * total / len(measured), weight
    )


def event_magnitude(phases: Iterable[PhaseMagnitude]) -> Magnitude | None:
    """The median of the posterior of all phases, with its sigma; None without phases."""
    known = list(phases)
    if not known:
        return None
    most = max(s.weight for s in known)
    beyond = np.maximum(GRID - _middle(known), 0.0)  # the prior applies beyond what was observed
    log_posterior = -FREQUENCY * math.log(10.0) * beyond
    for s in known:
        log_posterior += s.weight / most * np.log(np.exp(s.log_likelihood) + ODD)
    share = np.exp(log_posterior - log_posterior.max())
    low, median, high = np.interp((0.16, 0.5, 0.84), np.cumsum(share) / share.sum(), GRID)
    sigma = math.hypot(EVENT_SIGMA, (high - low) / 2)
    stations = len({s.station for s in known})
    return Magnitude(round(float(median) - STEP / 2, 2), round(sigma, 2), KIND, stations)


def _middle(phases: list[PhaseMagnitude]) -> float:
    """The weighted median of the most likely magnitudes of the phases."""
    value = np.array([p.value for p in phases])
    order = np.argsort(value, kind="stable")
    weight = np.array([p.weight for p in phases])[order]
    share = np.cumsum(weight) - weight / 2
    return float(np.interp(weight.sum() / 2, share, value[order]))


def _windows(
    history: Sequence[Amplitude], s_time: float
) -> Iterator[tuple[Amplitude, float, bool]]:
    """For each phase: the peaks to use, the seconds of it that they span, and whether it is S.

    Peaks are used up to the time at which the sensor clips.
    """
    whole = [a for a in history if not a.clipped]
    if not whole:
        return
    if has_s := whole[-1].time >= s_time + 1.0:
        yield whole[-1], whole[-1].time - s_time, True
    of_p = [a for a in whole if a.time <= s_time]
    if of_p or not has_s:
        newest = of_p[-1] if of_p else whole[0]
        yield newest, newest.since_pick or 0.0, False


def _measured(
    peaks: Amplitude, after_s: bool, noise_pa: float, noise_pd: float
) -> list[tuple[Component, float]]:
    """The components above the noise, and their peaks."""
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
    """(GRID,) log10 of the expected peak at an age (s) of the phase."""
    row = component.log_peak[km, np.arange(len(GRID))]
    short = GROWTH * max(0.0, 1.0 - age / GROWTH_SPAN)
    most = (visible_magnitude(age) - LEAST) / STEP
    at = int(min(max(most, 0.0), len(GRID) - 1.0))
    return np.asarray(np.minimum(row, row[at]) - short if at < len(GRID) - 1 else row - short)
