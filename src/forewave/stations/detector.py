"""The room of one station: packets in; picks, amplitudes and station states out.

    detector = Detector(station)
    for message in detector.feed(packet, now):   # Pick | Amplitude | StationState | Dropped
        ...

Results do not depend on how the stream was cut into packets, nor on the order of the components, as
long as these stay within `settings.wait` seconds of the vertical.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forewave.stations import quality
from forewave.stations.layout import SNR
from forewave.stations.sample_grid import Clockwork, begin
from forewave.stations.settings import DetectorSettings
from forewave.stations.station_arrays import Memory
from forewave.types import (
    Amplitude,
    Dropped,
    Packet,
    Pick,
    PickWithdrawn,
    Station,
    StationState,
)

Out = Pick | PickWithdrawn | Amplitude | StationState | Dropped
DOUBTED = 60.0  # seconds after a packet that nobody vouches for in which picks are not vouched for
SAME = 1.0  # seconds within which a pick that was made again lies at the one that is known


class Detector:
    """Detects P waves and measures peaks at one station; packets in order of arrival."""

    def __init__(self, station: Station, settings: DetectorSettings | None = None) -> None:
        self.station = station
        self.settings = settings or DetectorSettings()
        self._component_of = {c.stream: i for i, c in enumerate(station.channels)}
        self._memory = Memory(station, self.settings)
        self._clocks: list[Clockwork | None] = [None] * len(station.channels)
        self._completeness = quality.Completeness()
        self._usual = quality.Usual()
        self._ids: dict[int, str] = {}  # of the last picks
        self._known: tuple[Pick, ...] = ()
        self._picks_made = 0
        self._state_at = -math.inf
        self._absurd = 0
        self._calibrated = -math.inf  # up to when any sensor was seen to be calibrated
        self._doubted = -math.inf  # when a packet that nobody vouches for last arrived
        self._vouched = True

    def feed(self, item: Packet, now: float) -> Sequence[Out]:
        """Take a packet of one component; return picks, amplitudes, state and refusals."""
        component = self._component_of.get(item.stream)
        if component is None:
            return [Dropped(str(item.stream), "not a channel of this station")]
        refused = quality.refuse(item, self.station.channels[component], now, self.settings)
        if refused is not None:
            return [refused]
        self._doubted = self._doubted if item.vouched else now
        self._vouched = now - self._doubted >= DOUBTED
        out: list[Out] = []
        unreal = quality.not_numbers(item.samples)
        if unreal:
            out.append(Dropped(str(item.stream), "not a number", f"{unreal} samples"))
        samples = self._place(component, item, out)
        if item.calibration:
            out.append(Dropped(str(item.stream), "calibration", f"{len(samples)} samples"))
            samples = np.full(len(samples), np.nan)
            self._calibrated = item.start + len(item.samples) / item.rate
        for first in range(0, len(samples), self._memory.step):
            self._run(component, samples[first : first + self._memory.step], out)
        if component == 0:
            self._emit_state(now, out)
        return out

    def know(self, picks: Sequence[Pick]) -> None:
        """Take over picks that an earlier detector of this station emitted.

        A pick made again from the same samples is the same pick: it is not emitted a second time,
        and the peaks since then belong to it.
        """
        self._known = tuple(picks)

    def tick(self, now: float) -> Sequence[Out]:
        """No deadlines: nothing to do."""
        return []

    def deadline(self) -> float | None:
        """No deadlines."""
        return None

    def _place(self, component: int, packet: Packet, out: list[Out]) -> NDArray[np.float64]:
        """New samples for the component; reports those that had already been received."""
        clock = self._clocks[component]
        if clock is None:
            beside = next((c for c in self._clocks if c is not None), None)
            clock = self._clocks[component] = begin(packet, self._memory.rate, beside)
            self._memory.restart(component, clock.head)
        placed = clock.place(packet)
        if placed.restart is not None:
            self._memory.restart(component, placed.restart)
        if placed.known > 0:
            reason = "duplicate" if placed.known == len(packet.samples) else "overlap"
            out.append(Dropped(str(packet.stream), reason, f"{placed.known} samples"))
        self._completeness.note(len(placed.samples), placed.missing, 60.0 * self._memory.rate)
        return placed.samples

    def _run(self, component: int, samples: NDArray[np.float64], out: list[Out]) -> None:
        """Process at most one second of samples in compiled code."""
        picks, rows = self._memory.run(component, samples)
        for row in picks:
            if row[SNR] == 0.0:
                out.append(self._withdrawn(row[0]))
                continue
            pick = self._pick(*row.tolist())
            if pick not in self._known:
                out.append(pick)
        for row in rows:
            out.append(self._amplitude(row))

    def _pick(
        self,
        onset: float,
        _decided: float,
        sigma: float,
        _snr: float,
        before_ms2: float,
        before_m: float,
    ) -> Pick:
        """The pick of a row written by the picker."""
        clock = self._clocks[0]
        assert clock is not None
        time = clock.at(onset)
        stream = self.station.channels[0].stream
        again = [known for known in self._known if abs(known.time - time) <= SAME]
        pick = min(again, key=lambda known: abs(known.time - time), default=None) or Pick(
            id=f"{stream}.{round(time * 1000)}",
            stream=stream,
            phase="P",
            time=time,
            sigma=max(0.05, math.hypot(sigma, 0.5) / clock.rate),
            noise_pa_ms2=before_ms2,
            noise_pd3_m=before_m,
            vouched=self._vouched,
        )
        self._picks_made += 1
        self._ids[self._picks_made] = pick.id
        self._ids.pop(self._picks_made - 8, None)
        return pick

    def _withdrawn(self, onset: float) -> PickWithdrawn:
        """The last pick, withdrawn."""
        clock = self._clocks[0]
        assert clock is not None
        return PickWithdrawn(self.station.code, self._ids[self._picks_made], clock.at(onset))

    def _amplitude(self, row: NDArray[np.float64]) -> Amplitude:
        """The amplitude of a row written by amplitudes.py."""
        index, serial, since, pd, pv, pa, pga, pgv, shindo, clipped, pd3 = row.tolist()
        clock = self._clocks[0]
        assert clock is not None
        pick = self._ids.get(int(serial))
        return Amplitude(
            station=self.station.code,
            time=clock.at(index),
            pick=pick,
            since_pick=None if pick is None else since,
            pd_m=pd,
            pv_ms=pv,
            pa_ms2=pa,
            pga_ms2=pga,
            pgv_ms=pgv,
            intensity_jma=shindo,
            clipped=clipped > 0,
            pd3_m=pd3,
        )

    def _emit_state(self, now: float, out: list[Out]) -> None:
        """Append the station state, once per second of the vertical's data."""
        clock = self._clocks[0]
        assert clock is not None
        latest = clock.at(clock.head - 1)
        if latest - self._state_at < 1.0 - 0.5 / clock.rate:
            return
        passed, self._state_at = min(60.0, latest - self._state_at), latest
        noise, stuck, clipped, absurd = self._memory.state()
        if absurd > self._absurd:
            lost = f"{absurd - self._absurd} samples"
            out.append(Dropped(self.station.code, "absurd values", lost))
            self._absurd = absurd
        self._usual.note(noise[0], passed)
        word = quality.health(
            stuck=stuck,
            clipped=clipped,
            late=now - latest > self.settings.late,
            gappy=self._completeness.gappy,
            calibrating=latest < self._calibrated + self.settings.settle,
            noise_pa_ms2=noise[0],
            fast=latest - now > self.settings.clock_fast,
            fallen=self._usual.times(noise[0]) < quality.FALLEN,
            settings=self.settings,
        )
        code = self.station.code
        out.append(StationState(code, latest, now - latest, word, *noise))
