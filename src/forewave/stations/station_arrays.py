"""A station's arrays, and the two kernels run on them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from forewave.stations.component import SECTIONS
from forewave.stations.filters import high_pass, integrating_high_pass, low_pass
from forewave.stations.intensity import jma_sections
from forewave.stations.kernel import run_station
from forewave.stations.layout import LANE, MEASURE, PEAKS, PICK, ROW, SPAN_S, record
from forewave.stations.settings import DetectorSettings, configuration
from forewave.types import Station

Floats = NDArray[np.float64]
NOWHERE = -(1 << 60)
MOST_PICKS = 4
NOISES = ("noise_pa", "noise_pd", "noise_pd3")
MOST_ROWS = 8


def sections(settings: DetectorSettings, rate: float, up: int, velocity: bool) -> Floats:
    """Rows of a lane's second-order sections, in the order of kernel.py's names."""
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
    """All that a station remembers. About 45 kB at three components and 100 samples/s."""

    def __init__(self, station: Station, settings: DetectorSettings) -> None:
        channels = station.channels
        vertical = channels[0]
        self.conf = configuration(settings, vertical)
        ring, up = int(self.conf["ring"][0]), int(self.conf["up"][0])
        n = len(channels)
        self.rate = vertical.rate
        self.gains = [c.gain for c in channels]
        self.stuck = settings.stuck * vertical.rate
        self.step = max(1, round(vertical.rate))
        self.sections = sections(settings, vertical.rate, up, vertical.unit == "m/s")
        self.lanes = np.zeros(n, LANE)
        self.zi = np.zeros((n, SECTIONS, 2))
        self.motion = np.zeros((n, 2, ring), np.float32)
        self.jma = np.zeros((n, 1 << int(np.ceil(np.log2(ring * up)))), np.float32)
        self.vertical = np.zeros((4, ring), np.float32)
        self.clip = np.zeros((n, ring), np.uint8)
        for i in range(n):
            self.restart(i, NOWHERE)
        self.past = np.zeros(round(SPAN_S * vertical.rate * up), np.float32)
        self.measure = record(MEASURE, next=-1, pick=-1, **dict.fromkeys(NOISES, np.nan))
        self.top = np.zeros(int(self.conf["top"][0]))
        self.now = np.append(np.zeros(PEAKS), [np.nan, np.nan, np.nan, 0.0, 0.0, 0.0])
        self.picks = np.zeros((MOST_PICKS, PICK))
        self.rows = np.zeros((MOST_ROWS, ROW))

    def restart(self, lane: int, head: int) -> None:
        """Begin a lane anew at an index."""
        blank = np.zeros(1, LANE)
        blank["head"], blank["gain"], blank["vertical"] = head, self.gains[lane], lane == 0
        blank["trigger"] = blank["last_pick"] = blank["review"] = -1
        blank["refused"] = blank["distant"] = NOWHERE
        blank["step"] = np.inf
        self.lanes[lane] = blank[0]
        kept: list[NDArray[Any]] = [self.zi, self.motion, self.jma, self.clip]
        for array in kept:
            array[lane] = 0
        if lane == 0:
            self.vertical[:] = 0.0

    def run(self, lane: int, samples: Floats) -> tuple[Floats, Floats]:
        """Samples (n,), at most one second, into a lane. Rows of picks and of amplitudes."""
        made, told = run_station(
            lane, self.lanes, self.measure, self.conf, self.sections, self.zi, self.motion,
            self.jma, self.vertical, self.clip, self.past, self.top, self.now, samples, self.picks,
            self.rows,
        )  # fmt: skip
        return self.picks[:made], self.rows[:told]

    def state(self) -> tuple[tuple[float, float, float], bool, bool, int]:
        """As of the last whole second: noise of pa, pd and pd3; stuck, clipped, absurd samples."""
        pa, pd, pd3, still, clipped, absurd = self.now[PEAKS:].tolist()
        return (pa, pd, pd3), still > self.stuck, clipped > 0.0, int(absurd)
