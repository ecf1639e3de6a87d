"""Sample times of a sensor whose packets state whole seconds only, or no time.

OpenEEW's published firmware sends 32 samples, a time truncated to the second, and no sample rate.
Sample times follow from three facts: samples are taken at a constant rate near a nominal one; the
last sample was taken within the second that the device states; no sample arrives before it was
taken. Because the packet interval is no whole number of seconds, some of a few dozen packets bound
the time to a fraction of a second.

Error once the rate is known: about 0.05 s if the device is synchronised (NTP), otherwise the
telemetry's shortest delay minus `TELEMETRY`.
"""

from collections import deque
from math import isfinite

import numpy as np
from msgspec import Struct

from forewave.sources.mqtt.device_clock import RATE_SLACK, STEADY, TELEMETRY, WRONG, DeviceClock

NOMINAL = (31.25, 62.5, 125.0, 250.0)  # samples/s of the ADXL355 that are in use
LEARN = 6  # packets before the nominal rate is chosen
WINDOW = 64  # packets that are kept
FIT = 20  # packets before the rate is fitted: jitter of 0.1 s is then an error of 0.4 %
LATELY = 10  # packets of which the fastest gives the sample times if the device states none
SLIP = 0.5  # seconds off the expected time beyond which packets were lost or sent twice


class Sampled(Struct, frozen=True):
    """rate: samples/s. last: time of the packet's last sample (POSIX seconds)."""

    rate: float
    last: float


class _Noted(Struct, frozen=True):
    """A packet. index: number of samples up to its last. stated: the device's time, or nan."""

    index: int
    stated: float
    arrival: float


class CoarseClock:
    """The clock of one device. nominal: samples/s, if known to 8 %."""

    def __init__(self, nominal: float | None = None) -> None:
        self._nominal = self._rate = nominal
        self._noted: deque[_Noted] = deque(maxlen=WINDOW)
        self._last: float | None = None

    def note(self, stated: float | None, count: int, arrival: float) -> Sampled | None:
        """Add a packet of `count` samples. None while the rate is not known.

        stated: time of the last sample as the device states it. Both times in POSIX seconds.
        """
        second = stated if stated is not None else float("nan")
        before = self._noted[-1].index if self._noted else 0
        self._noted.append(_Noted(before + count, second, arrival))
        self._learn_rate(count)
        if self._rate is None:
            return None
        expected = None if self._last is None else self._last + count / self._rate
        self._last = self._time(expected, count)
        return Sampled(self._rate, self._last)

    def _learn_rate(self, count: int) -> None:
        """Choose the nominal rate, then fit the true one to the arrivals."""
        noted = self._noted
        if self._nominal is None and len(noted) >= LEARN:
            seconds = noted[-1].arrival - noted[0].arrival
            if seconds > 0:
                came = (noted[-1].index - noted[0].index) / seconds
                self._nominal = self._rate = min(NOMINAL, key=lambda rate: abs(rate / came - 1.0))
        if self._nominal is not None and len(noted) >= FIT:
            fitted = _slope(noted)
            if abs(fitted - self._nominal) < RATE_SLACK * self._nominal:
                self._rate = fitted

    def _time(self, expected: float | None, count: int) -> float:
        """Time of the last sample: as expected, within the bounds that all packets set."""
        assert self._rate is not None
        earliest, latest = self._bounds()
        if expected is not None and not earliest - SLIP <= expected <= latest + SLIP:
            # Packets were lost or sent twice: earlier packets no longer bound the time.
            newest = self._noted[-1]
            self._noted.clear()
            self._noted.append(newest)
            earliest, latest = self._bounds()
            expected = None
        if expected is None or earliest > latest:
            middle = (earliest + latest) / 2.0
            return middle if earliest <= latest else min(max(expected or latest, latest), earliest)
        return min(max(expected, earliest), latest)

    def _bounds(self) -> tuple[float, float]:
        """Earliest and latest possible time of the last sample."""
        assert self._rate is not None
        # Before the rate is fitted, old packets would bound the time wrongly.
        known = list(self._noted)[-WINDOW if len(self._noted) >= FIT else -LEARN :]
        newest = known[-1].index
        since = np.array([(newest - each.index) / self._rate for each in known])
        arrived = np.array([each.arrival for each in known]) + since
        stated = np.array([each.stated for each in known]) + since
        if not isfinite(known[-1].stated) or self._is_wrong():
            quickest = float(arrived[-LATELY:].min()) - TELEMETRY
            return quickest - TELEMETRY, quickest + TELEMETRY
        seconds = stated[np.isfinite(stated)]
        return float(seconds.max()), float(min(seconds.min() + 1.0, arrived.min()))

    def _is_wrong(self) -> bool:
        """Whether the device's clock is wrong: constant offset of seconds, unlike telemetry."""
        lately = [each for each in self._noted if isfinite(each.stated)][-LEARN:]
        lags = [each.arrival - each.stated for each in lately]
        steady = len(lags) == LEARN and max(lags) - min(lags) <= 1.0 + STEADY
        return steady and min(abs(lag) for lag in lags) > WRONG


def _slope(noted: deque[_Noted]) -> float:
    """Samples/s by least squares, without packets far off a first fit (a backlog)."""
    index = np.array([each.index for each in noted], np.float64)
    arrival = np.array([each.arrival for each in noted])
    index, arrival = index - index.mean(), arrival - arrival[0]
    line = np.polyfit(index, arrival, 1)
    off = arrival - np.polyval(line, index)
    fits = np.abs(off - np.median(off)) <= SLIP
    if fits.sum() >= FIT // 2:
        line = np.polyfit(index[fits], arrival[fits], 1)
    return 1.0 / float(line[0]) if line[0] > 0 else float("inf")


class DeviceTimes:
    """Sample times of a device: DeviceClock if it states fractions of a second, else CoarseClock.

    rate: true samples/s, if known (for CoarseClock to 8 %).
    """

    def __init__(self, rate: float | None = None) -> None:
        self._exact, self._coarse = DeviceClock(rate), CoarseClock(rate)
        self._whole, self._has_fractions = 0, False
        self._last: float | None = None

    def note(
        self, last: float | None, count: int, stated: float | None, arrival: float
    ) -> Sampled | None:
        """Add a packet of `count` samples; None while the rate is not known.

        last: time of its last sample, if the device states one. stated: samples/s, if the packet
        has them.
        """
        self._has_fractions |= last is not None and last % 1.0 != 0.0
        self._whole += 1
        if last is None or not self._has_fractions:
            sampled = self._coarse.note(last, count, arrival)
            # Times with milliseconds are whole seconds once in a thousand.
            if last is None or stated is None or self._whole > LEARN:
                return sampled
        nominal = self._guess(last, count) if stated is None else stated
        self._last = last
        timing = self._exact.note(last, count, nominal, arrival)
        return None if timing is None else Sampled(timing.rate, last + timing.shift)

    def _guess(self, last: float, count: int) -> float:
        """The nominal rate that fits the time since the previous packet."""
        since = last - self._last if self._last is not None else 0.0
        return min(NOMINAL, key=lambda rate: abs(rate * since / count - 1.0))
