"""The arrays of a station, and calls of the compiled entry with them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from forewave.stations.component import SECTIONS
from forewave.stations.filters import high_pass, integrating_high_pass, low_pass
from forewave.stations.intensity import jma_sections
from forewave.stations.kernel import run_station
from forewave.stations.layout import (
    COMPONENT,
    MEASURE,
    PEAKS,
    PICK,
    ROW,
    SPAN_S,
    StationArrays,
    record,
)
from forewave.stations.settings import DetectorSettings, configuration
from forewave.types import Station

Floats = NDArray[np.float64]
NOWHERE = -(1 << 60)
MOST_PICKS = 4
NOISES = ("noise_pa", "noise_pd", "noise_pd3")
MOST_ROWS = 8


def sections(settings: DetectorSettings, rate: float, up: int, velocity: bool) -> Floats:
    """Rows of a component's second-order sections, in the order of component.py's names."""
    corner = settings.high_pass_hz
    low, high = settings.band_hz
    first = high_pass(corner, rate) if velocity else integrating_high_pass(corner, rate)
    rows = [
        first,
        integrating_high_pass(corner, rate),
        high_pass(low, rate),
        low_pass(min(high, 0.4 * rate), rate),
        integrating_high_pass(settings.displacement_high_pass_hz, rate),
        high_pass(settings.upper_hz, rate),
    ]
    return np.vstack([*rows, jma_sections(rate * up)])


class Memory:
    """A station's arrays. About 65 kB at three components and 100 samples/s."""

    def __init__(self, station: Station, settings: DetectorSettings) -> None:
        channels = station.channels
        vertical = channels[0]
        conf = configuration(settings, vertical)
        ring, up, top = (int(conf[name][0]) for name in ("ring", "up", "top"))
        k = len(channels)
        self.rate = vertical.rate
        self.gains = [c.gain for c in channels]
        self.stuck = settings.stuck * vertical.rate
        self.step = max(1, round(vertical.rate))
        self.arrays = StationArrays(
            components=np.zeros(k, COMPONENT),
            measure=record(MEASURE, next=-1, pick=-1, **dict.fromkeys(NOISES, np.nan)),
            conf=conf,
            sections=sections(settings, vertical.rate, up, vertical.unit == "m/s"),
            delays=np.zeros((k, SECTIONS, 2)),
            motion=np.zeros((k, 2, ring), np.float32),
            jma=np.zeros((k, 1 << int(np.ceil(np.log2(ring * up)))), np.float32),
            vertical=np.zeros((4, ring), np.float32),
            clip=np.zeros((k, ring), np.uint8),
            past=np.zeros(round(SPAN_S * vertical.rate * up), np.float32),
            top=np.zeros(top),
            now=np.append(np.zeros(PEAKS), [np.nan, np.nan, np.nan, 0.0, 0.0, 0.0]),
            picks=np.zeros((MOST_PICKS, PICK)),
            rows=np.zeros((MOST_ROWS, ROW)),
        )
        for which in range(k):
            self.restart(which, NOWHERE)

    def restart(self, which: int, head: int) -> None:
        """Reset a component; its next sample has the index `head`."""
        blank = np.zeros(1, COMPONENT)
        blank["head"], blank["gain"], blank["vertical"] = head, self.gains[which], which == 0
        blank["trigger"] = blank["last_pick"] = blank["review"] = -1
        blank["refused"] = blank["distant"] = NOWHERE
        blank["step"] = np.inf
        arrays = self.arrays
        arrays.components[which] = blank[0]
        kept: list[NDArray[Any]] = [arrays.delays, arrays.motion, arrays.jma, arrays.clip]
        for array in kept:
            array[which] = 0
        if which == 0:
            arrays.vertical[:] = 0.0

    def run(self, which: int, samples: Floats) -> tuple[Floats, Floats]:
        """Samples (n,), at most one second, of a component. Returns rows of picks, of amplitudes.

        Both are views that the next call overwrites.
        """
        picks, rows = run_station(*self.arrays, which, samples)
        return self.arrays.picks[:picks], self.arrays.rows[:rows]

    def state(self) -> tuple[tuple[float, float, float], bool, bool, int]:
        """As of the last whole second: noise of pa, pd and pd3; stuck, clipped, absurd samples."""
        pa, pd, pd3, still, clipped, absurd = self.arrays.now[PEAKS:].tolist()
        return (pa, pd, pd3), still > self.stuck, clipped > 0.0, int(absurd)
