"""A station's arrays, and the two kernels run on them."""

import numpy as np
from numpy.typing import NDArray

from forewave.stations.filters import high_pass, integrating_high_pass, low_pass
from forewave.stations.intensity import jma_sections
from forewave.stations.kernel import run_station
from forewave.stations.lane import SECTIONS
from forewave.stations.settings import DetectorSettings, configuration
from forewave.stations.state import LANE, MEASURE, PICK, ROW, SPAN_S, record
from forewave.types import Station

Floats = NDArray[np.float64]
NOWHERE = -(1 << 60)
MOST_PICKS = 4
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
        self.step = max(1, round(vertical.rate))
        self.sections = sections(settings, vertical.rate, up, vertical.unit == "m/s")
        self.lanes = np.zeros(n, LANE)
        self.lanes["gain"] = [c.gain for c in channels]
        self.lanes["vertical"][0] = 1
        for i in range(n):
            self.restart(i, NOWHERE)
        self.zi = np.zeros((n, SECTIONS, 2))
        self.motion = np.zeros((n, 2, ring), np.float32)
        jma = 1 << int(np.ceil(np.log2(ring * up)))
        self.jma = np.zeros((n, jma), np.float32)
        self.vertical = np.zeros((2, ring), np.float32)
        self.clip = np.zeros((n, ring), np.uint8)
        self.past = np.zeros(round(SPAN_S * vertical.rate * up), np.float32)
        self.measure = record(MEASURE, next=-1, pick=-1, noise_pa=np.nan, noise_pd=np.nan)
        self.top = np.zeros(int(self.conf["top"][0]))
        self.now = np.zeros(7)
        self.picks = np.zeros((MOST_PICKS, PICK))
        self.rows = np.zeros((MOST_ROWS, ROW))

    def restart(self, lane: int, head: int) -> None:
        """Begin a lane anew at an index."""
        gain, vertical = self.lanes["gain"][lane], self.lanes["vertical"][lane]
        self.lanes[lane] = np.zeros(1, LANE)[0]
        for name, value in (("gain", gain), ("vertical", vertical), ("head", head)):
            self.lanes[name][lane] = value
        for name in ("trigger", "last_pick", "refused"):
            self.lanes[name][lane] = NOWHERE if name == "refused" else -1

    def run(self, lane: int, samples: Floats) -> tuple[Floats, Floats]:
        """Samples (n,), at most one second, into a lane. Rows of picks and of amplitudes."""
        made, told = run_station(
            lane, self.lanes, self.measure, self.conf, self.sections, self.zi, self.motion,
            self.jma, self.vertical, self.clip, self.past, self.top, self.now, samples, self.picks,
            self.rows,
        )  # fmt: skip
        return self.picks[:made], self.rows[:told]
