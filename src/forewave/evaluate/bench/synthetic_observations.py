"""Synthetic observations of many stations, second by second, without waveforms.

For benchmarks of the events, shaking and alerts rooms: picks at predicted P with scatter,
amplitudes from the envelopes of Cua and Heaton (2007), and a state per second and station.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.scoring.catalogue import Quake
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.types import Amplitude, Pick, Station, StationState
from forewave.units import GAL_MS2

Floats = NDArray[np.float64]

NOISE_PA_MS2, NOISE_PD_M = 2e-4, 2e-6
AUDIBLE = 5.0  # ratio of P to noise above which it is picked
LASTS = 120.0  # s after its origin that an earthquake is simulated
HOLD_OFF = 10.0  # s between picks of a station
MEASURED = 60.0  # s after a pick that amplitudes are sent
LATENCY = 0.5
PICK_SIGMA = 0.15


class StationMessages(Struct, frozen=True):
    """Observations of one station and second, and their arrival."""

    arrival: float
    station: str
    words: tuple[Pick | Amplitude | StationState, ...]


class _NetworkMotion:
    """One earthquake at every station: arrivals, and peaks (n,) in P and from S on."""

    def __init__(
        self, quake: Quake, lat: Floats, lon: Floats, travel_times: TravelTimes, scatter: Floats
    ) -> None:
        self.quake = quake
        away = distance_km(quake.lat, quake.lon, lat, lon)
        depth = quake.depth_km or 10.0
        self.p = quake.time + travel_times.seconds("P", away, depth) + scatter
        self.s = quake.time + travel_times.seconds("S", away, depth)
        slant = envelopes.slant_km(away, depth)
        self.peaks = {
            phase: [10.0 ** envelopes.log_amplitude(e, quake.magnitude, slant) for e in kinds]
            for phase, kinds in (
                ("P", (envelopes.P_ZD, envelopes.P_ZV, envelopes.P_ZA)),
                ("S", (envelopes.S_ZD, envelopes.S_HV, envelopes.S_HA)),
            )
        }

    def at(self, now: float) -> tuple[Floats, Floats, Floats]:
        """Displacement, velocity and acceleration reached by now, 0 before P."""
        begun, strong = self.p <= now, self.s <= now
        d, v, a = (
            np.where(begun, np.where(strong, s, p), 0.0)
            for p, s in zip(self.peaks["P"], self.peaks["S"], strict=True)
        )
        return d, v, a


class SyntheticStations:
    """The network; keeps the earthquakes of the last two minutes."""

    def __init__(
        self, stations: Sequence[Station], quakes: Sequence[Quake], travel_times: TravelTimes
    ) -> None:
        self._stations = list(stations)
        self._lat = np.array([s.lat for s in stations])
        self._lon = np.array([s.lon for s in stations])
        self._phase = np.random.default_rng(3).uniform(0.0, 1.0, len(stations))
        self._waiting = sorted(quakes, key=lambda q: -q.time)
        self._travel_times = travel_times
        self._rng = np.random.default_rng(5)
        self._motions: list[_NetworkMotion] = []
        self._pick: list[Pick | None] = [None] * len(stations)
        self._picked = np.full(len(stations), -np.inf)

    def second(self, begin: float) -> Iterator[StationMessages]:
        """Observations from one second of data that starts at `begin`, by arrival."""
        self._motions = [h for h in self._motions if begin < h.quake.time + LASTS]
        while self._waiting and self._waiting[-1].time < begin + 1.0:
            scatter = self._rng.normal(0.0, PICK_SIGMA, len(self._stations))
            quake = self._waiting.pop()
            self._motions.append(
                _NetworkMotion(quake, self._lat, self._lon, self._travel_times, scatter)
            )
        end = begin + 1.0
        peaks = [np.zeros(len(self._stations)) for _ in range(3)]
        for motion in self._motions:
            self._pick_new(motion, begin, end)
            peaks = [np.maximum(a, b) for a, b in zip(peaks, motion.at(end), strict=True)]
        for index in np.argsort(self._phase).tolist():
            yield self._messages(index, end, *(float(peak[index]) for peak in peaks))

    def _pick_new(self, motion: _NetworkMotion, begin: float, end: float) -> None:
        """New picks of one earthquake in this second."""
        audible = motion.peaks["P"][2] > AUDIBLE * NOISE_PA_MS2
        free = self._picked < motion.p - HOLD_OFF
        for index in np.flatnonzero(
            (motion.p >= begin) & (motion.p < end) & audible & free
        ).tolist():
            stream, time = self._stations[index].channels[0].stream, float(motion.p[index])
            name = f"{stream.code}-{time:.2f}"
            self._pick[index] = Pick(name, stream, "P", time, PICK_SIGMA)
            self._picked[index] = time

    def _messages(
        self, index: int, end: float, pd_m: float, pv_ms: float, pa_ms2: float
    ) -> StationMessages:
        code = self._stations[index].code
        words: list[Pick | Amplitude | StationState] = [
            StationState(code, end, LATENCY, "good", NOISE_PA_MS2, NOISE_PD_M)
        ]
        pick = self._pick[index]
        if pick is not None and end - pick.time < MEASURED:
            since = end - pick.time
            words += [pick] if since <= 1.0 else []
            intensity = 2.0 * np.log10(max(pa_ms2 / GAL_MS2, 1e-6)) + 0.94
            words.append(
                Amplitude(
                    station=code,
                    time=end,
                    pick=pick.id,
                    since_pick=since,
                    pd_m=pd_m,
                    pv_ms=pv_ms,
                    pa_ms2=pa_ms2,
                    pga_ms2=pa_ms2,
                    pgv_ms=pv_ms,
                    intensity_jma=float(intensity),
                    clipped=False,
                )
            )
        return StationMessages(end + LATENCY + float(self._phase[index]), code, tuple(words))
