"""Stations with a wrong gain: their motion in earthquakes is always too large or too small.

Two observations show it, each only after some time:

- *Motion compared with other stations*. For each earthquake that at least FEWEST stations have
  picked, a station's vertical peak, corrected for distance (DECAY), is compared with the mode of
  all stations. Site, radiation pattern and directivity scatter it by a factor of two or three, in
  both directions. A median over the last EARTHQUAKES that is OFF, alike in all, is no site effect.
- *Implausible noise*. The quietest sites (Peterson 1993, USGS OFR 93-322, the new low-noise
  model: -167 dB at 1 to 10 Hz) have vertical peaks of 3.5e-8 m/s^2 in a second; a third of it for
  QUIET seconds means that the gain is too large. Noise above 0.05 m/s^2 for LOUD seconds would be
  felt without a pause: the gain is too small, or the station is of no use.

The owner saves what was found and restores it after a restart (`known`). Memory is bounded by the
stations of the inventory and the picks of the last minutes.
"""

import math
from collections.abc import Iterable, Mapping
from statistics import median

import msgspec
from msgspec import Struct

from forewave.types import Amplitude, Solution, StationState

DECAY = 1.6  # of log10 peak with log10 distance, 10 to 150 km, M4 to M6
FEWEST, FARTHEST_KM, LARGEST = 8, 150.0, 6.5  # stations; how far off; what is no point source
SETTLED = 90.0  # seconds after the origin when peaks are known within FARTHEST_KM
EARTHQUAKES, ENOUGH = 12, 4  # that are remembered, and that are needed
OFF, ALIKE = 0.9, 0.35  # log10; their median absolute deviation
FAR_OFF, FEW = 1.5, 2  # log10 so large that fewer earthquakes are enough
LOWEST_MS2, QUIET = 1e-8, 600.0
HIGHEST_MS2, LOUD = 0.05, 6 * 3600.0
RECOVERS = 10.0  # times as fast as implausible noise is learned
MOST_PICKS, PICKS_KEPT = 20_000, 400.0

Known = dict[str, tuple[float, ...]]  # by station: log10 residuals in the last earthquakes


class _Peak(Struct):
    """The largest vertical acceleration since a pick, up to a time."""

    time: float
    pa_ms2: float
    clipped: bool


class Gains:
    """Takes observations and solutions; finds stations whose gain is wrong.

    learned: number of earthquakes used so far, so that the owner knows when to save.
    """

    def __init__(self, stations: Iterable[str], known: Mapping[str, Iterable[float]] | None = None):
        self._residuals = {code: list((known or {}).get(code, ())) for code in stations}
        self._seconds = dict.fromkeys(self._residuals, 0.0)  # of implausible noise
        self._unusable: set[str] = set()  # by their own last state: noise above any
        self._latest: dict[str, float] = {}
        self._noise: dict[str, float] = {}
        self._peaks: dict[str, _Peak] = {}
        self._events: dict[str, Solution] = {}
        self.learned = 0
        self._off = {code: off for code in self._residuals if (off := self._residual(code))}

    def usable(self, word: Amplitude | StationState) -> Amplitude | StationState | None:
        """The observation to use: unchanged, or a state with health "gain".

        None for motion of a station whose gain is wrong or whose own health is "unusable".
        """
        wrong = self.is_wrong(word.station)
        if isinstance(word, StationState):
            self._note_noise(word)
            changes = self._unusable.add if word.health == "unusable" else self._unusable.discard
            changes(word.station)
            return msgspec.structs.replace(word, health="gain") if wrong else word
        self._note_peak(word)
        return None if wrong or word.station in self._unusable else word

    def solution(self, solution: Solution) -> None:
        """Take a solution; the last one of an event is used."""
        self._events[solution.event] = solution

    def tick(self, now: float) -> None:
        """Use the earthquakes that have ended."""
        over = [e for e in self._events.values() if now >= e.origin.time + SETTLED]
        for event in over:
            del self._events[event.event]
            if event.withdrawn is None:
                self._learn(event)

    def is_wrong(self, code: str) -> bool:
        """Whether a station's gain has been found wrong."""
        return code in self._off or self._noise_is_wrong(code)

    def wrong(self) -> dict[str, str]:
        """By station: why its gain must be wrong, as text for operators."""
        return {code: self._why(code) for code in self._residuals if self.is_wrong(code)}

    def known(self) -> Known:
        """Residuals by station (log10), to be saved and given to a new object after a restart."""
        return {code: tuple(values) for code, values in self._residuals.items() if values}

    def _why(self, code: str) -> str:
        if code in self._off:
            times, count = 10.0 ** abs(self._off[code]), len(self._residuals[code])
            size = "large" if self._off[code] > 0 else "small"
            return f"its motion is {times:.2g} times too {size} in {count} earthquakes"
        noise = self._noise[code]
        ground = "no ground is so calm" if noise < LOWEST_MS2 else "no ground moves so for hours"
        return f"its noise is {noise:.2g} m/s^2: {ground}"

    def _note_noise(self, state: StationState) -> None:
        code, noise = state.station, state.noise_pa_ms2
        if code not in self._seconds or not 0.0 < noise < math.inf:
            return
        passed = min(60.0, max(0.0, state.latest - self._latest.get(code, state.latest)))
        self._latest[code] = max(state.latest, self._latest.get(code, -math.inf))
        if LOWEST_MS2 <= noise <= HIGHEST_MS2:
            self._seconds[code] = max(0.0, self._seconds[code] - RECOVERS * passed)
            return
        self._noise[code] = noise
        self._seconds[code] = min(self._needed(code), self._seconds[code] + passed)

    def _needed(self, code: str) -> float:
        return QUIET if self._noise[code] < LOWEST_MS2 else LOUD

    def _noise_is_wrong(self, code: str) -> bool:
        return code in self._noise and self._seconds[code] >= self._needed(code)

    def _note_peak(self, word: Amplitude) -> None:
        if word.pick is None or not word.pa_ms2 > 0.0:
            return
        before = self._peaks.pop(word.pick, None)  # moves to the end: peaks that grow are kept
        largest = max(word.pa_ms2, before.pa_ms2 if before else 0.0)
        self._peaks[word.pick] = _Peak(word.time, largest, word.clipped)
        while len(self._peaks) > MOST_PICKS or self._oldest() < word.time - PICKS_KEPT:
            del self._peaks[next(iter(self._peaks))]

    def _oldest(self) -> float:
        return next(iter(self._peaks.values())).time

    def _learn(self, event: Solution) -> None:
        """Add one earthquake's residuals, relative to the mode of all stations."""
        if event.magnitude.value > LARGEST:
            return
        level: dict[str, float] = {}
        for arrival in event.picks:
            peak = self._peaks.get(arrival.pick)
            near = arrival.phase == "P" and arrival.distance_km <= FARTHEST_KM
            if peak is not None and near and not peak.clipped and arrival.station in self._seconds:
                away_km = max(10.0, math.hypot(arrival.distance_km, event.origin.depth_km))
                level[arrival.station] = math.log10(peak.pa_ms2) + DECAY * math.log10(away_km)
        if len(level) < FEWEST:
            return
        usual = _usual(sorted(level.values()))
        for code, value in level.items():
            self._residuals[code] = [*self._residuals[code], value - usual][-EARTHQUAKES:]
            off = self._residual(code)
            if off:
                self._off[code] = off
            else:
                self._off.pop(code, None)
        self.learned += 1

    def _residual(self, code: str) -> float:
        """log10 of the gain error; 0 where site effects or chance may explain it."""
        values = self._residuals[code]
        if len(values) < FEW:
            return 0.0
        middle = median(values)
        alike = median(abs(value - middle) for value in values) <= ALIKE
        least = FAR_OFF if len(values) < ENOUGH else OFF
        return middle if alike and abs(middle) >= least else 0.0


def _usual(values: list[float]) -> float:
    """The middle of the shortest half of sorted values: outliers do not shift it."""
    half = len(values) // 2 + 1
    first = min(range(len(values) - half + 1), key=lambda i: values[i + half - 1] - values[i])
    return median(values[first : first + half])
