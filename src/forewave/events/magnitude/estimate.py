"""Magnitude from peak amplitudes: the likelihood of every magnitude by station, and combined.

Each phase that has arrived is measured at a station: vertical acceleration, velocity and
displacement of P, and vertical and horizontal peaks of S. P counts also after S has arrived, as an
early S shows less than a complete P. Quantities below the sensor's noise are not used;
displacement, integrated twice, is lost first. Small earthquakes on low-cost sensors are measured in
acceleration only.

Two cases are weighed by the share of stations at which S has stopped growing (`growth`):

- The source still grows. Some seconds after its onset a phase shows only what has ruptured so far.
  All larger magnitudes are then equally likely by the data, and only their frequency (Gutenberg and
  Richter) distinguishes them: the likelihood is open upwards.
- The source has ended, and the peaks are those of all of it. The stations of one event are not
  independent: its stress drop and directivity, and the paths from it, lift or lower all of them
  alike. Such a term of the event is unknown for P and for S, and is marginalised. It matters from
  M6.5 on, where near motion grows little with magnitude: 34 stations that are 0.15 (log10) above
  the median would otherwise agree on half a magnitude too much.

The likelihood of each station has a floor for outliers, so one wrong gain cannot move the result.
"""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.arrays import read_only
from forewave.earth.site import DEFAULT_VS30_MS
from forewave.events.location.source_duration import visible_magnitude
from forewave.events.magnitude import expected_peaks as expected
from forewave.events.magnitude import growth
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
EVENT_SIGMA = 0.2  # log10, common to all stations of one event (stress drop, directivity)
TERMS = read_only(EVENT_SIGMA * np.linspace(-2.5, 2.5, 11))
LOG_TERM_PRIOR = read_only(-0.5 * (TERMS / EVENT_SIGMA) ** 2)
PHASES: tuple[Phase, ...] = ("P", "S")
FREQUENCY = 0.5  # b of Gutenberg and Richter, reduced as small events are detected less often
KIND = "Menv"


class PhaseMagnitude(Struct, frozen=True):
    """One phase at a station, and its weight (0..1).

    log_likelihood: (GRID,) of every magnitude, of a source that may still grow. ended: whether this
    motion has stopped growing. log_ended: (TERMS, GRID) of every magnitude with every term of the
    event, of a source that has ended; (1, GRID) where the term is not separated.
    """

    station: str
    phase: Phase
    log_likelihood: Floats
    weight: float
    ended: bool
    log_ended: Floats

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
    ended = growth.has_ended(history, s_time)
    found = (_phase_magnitude(watch, noise, rows, *window, ended) for window in windows)
    return [magnitude for magnitude in found if magnitude is not None]


def _phase_magnitude(
    watch: Watch,
    noise: tuple[float, float],
    km: NDArray[np.intp],
    peaks: Amplitude,
    age: float,
    is_s: bool,
    ended: bool,
) -> PhaseMagnitude | None:
    """The measurement of a phase of this age (s); None where all peaks are below noise."""
    measured = _measured(peaks, is_s, *noise)
    if not measured:
        return None
    vs30 = watch.station.vs30_ms or DEFAULT_VS30_MS
    growing, over = np.zeros(len(GRID)), np.zeros((len(TERMS), len(GRID)))
    for component, peak in measured:
        soil = component.soil * borcherdt_1994.log_amplification(
            component.quantity, vs30, peaks.pa_ms2
        )
        on_rock, so_far = math.log10(peak) - soil, _so_far(component, km, age)
        growing += ((on_rock - so_far) / component.sigma) ** 2
        in_all = component.log_peak[km, np.arange(len(GRID))] if is_s else so_far
        off = on_rock - in_all - TERMS[:, None]
        # What has not ended is no less than this: more of it may come.
        off = off if ended or not is_s else np.maximum(off, 0.0)
        over += off**2 / (component.sigma**2 - EVENT_SIGMA**2)
    weight = min(max(age, 0.5), SETTLED) / SETTLED * (1.0 if is_s else P_WEIGHT)
    phase: Phase = "S" if is_s else "P"
    log_growing, log_over = (-0.5 * total / len(measured) for total in (growing, over))
    return PhaseMagnitude(watch.station.code, phase, log_growing, weight, is_s and ended, log_over)


def event_magnitude(phases: Iterable[PhaseMagnitude]) -> Magnitude | None:
    """The median of the posterior of all phases, with its sigma; None without phases."""
    known = list(phases)
    if not known:
        return None
    ended = _share_ended(known)
    share = (1.0 - ended) * _growing(known) + ended * _over(known)
    low, median, high = np.interp((0.16, 0.5, 0.84), np.cumsum(share), GRID)
    sigma = math.hypot(EVENT_SIGMA * (1.0 - ended), (high - low) / 2)
    stations = len({s.station for s in known})
    return Magnitude(round(float(median) - STEP / 2, 2), round(sigma, 2), KIND, stations)


def _growing(phases: list[PhaseMagnitude]) -> Floats:
    """(GRID,) probability of each magnitude if the source still grows."""
    beyond = np.maximum(GRID - _middle(phases), 0.0)  # the prior applies beyond what was observed
    log_posterior = -FREQUENCY * math.log(10.0) * beyond
    for phase, weight in zip(phases, _relative_weights(phases), strict=True):
        log_posterior += weight * np.log(np.exp(phase.log_likelihood) + ODD)
    return _normalised(log_posterior)


def _over(phases: list[PhaseMagnitude]) -> Floats:
    """(GRID,) probability of each magnitude if the source has ended."""
    log_posterior = -FREQUENCY * math.log(10.0) * GRID
    weights = _relative_weights(phases)
    for kind in PHASES:
        joint = np.repeat(LOG_TERM_PRIOR[:, None], len(GRID), axis=1)
        for phase, weight in zip(phases, weights, strict=True):
            if phase.phase == kind:
                joint += weight * np.log(np.exp(phase.log_ended) + ODD)
        log_posterior += np.logaddexp.reduce(joint, axis=0)
    return _normalised(log_posterior)


def _share_ended(phases: list[PhaseMagnitude]) -> float:
    """The share of stations, by weight, at which the newest phase has stopped growing."""
    newest = {phase.station: phase for phase in phases if phase.phase == "P"}
    newest |= {phase.station: phase for phase in phases if phase.phase == "S"}
    total = sum(phase.weight for phase in newest.values())
    return sum(phase.weight for phase in newest.values() if phase.ended) / total


def _relative_weights(phases: list[PhaseMagnitude]) -> list[float]:
    most = max(phase.weight for phase in phases)
    return [phase.weight / most for phase in phases]


def _normalised(log_posterior: Floats) -> Floats:
    share = np.exp(log_posterior - log_posterior.max())
    return np.asarray(share / share.sum())


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
