"""`forewave bench ingest`: number of stations that one core can process in real time.

Simulated stations with three components at 100 samples/s as miniSEED 2 (Steim-2), one record per
second and component: noise, then an earthquake. Measured is the processor time from the bytes to
all output of the detectors. For comparison, obspy reads the same records and runs its recursive
STA/LTA on the vertical.
"""

import io
import time
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import obspy
from msgspec import Struct
from obspy.signal.trigger import recursive_sta_lta

from forewave.evaluate.bench.decide import machine
from forewave.formats.waveforms import miniseed
from forewave.stations.detector import Detector
from forewave.stations.kernel import compile_kernels
from forewave.types import Amplitude, Channel, Packet, Pick, Station, StreamId

Clock = Callable[[], float]
Record = tuple[float, bytes]

STATIONS = 500
SECONDS = 40
SETTLED = 12  # s of data before the measurement
ONSET = 20
RATE = 100.0
GAIN = 1e6
OBSPY_STATIONS = 10
BEGIN = 1_600_000_000.0


class Ingested(Struct, frozen=True):
    """Number of station-seconds measured, and the processor time of each, here and with obspy."""

    machine: str
    stations: int
    station_seconds: int
    picks: int
    amplitudes: int
    us_per_station_second: float
    obspy_us_per_station_second: float
    stations_realtime_per_core: int
    ratio_to_obspy: float

    def __str__(self) -> str:
        return (
            f"ingest: {self.stations_realtime_per_core} stations of three components at 100/s in "
            f"real time on one core ({self.us_per_station_second:.0f} us per station and second, "
            f"{self.picks} picks and {self.amplitudes} amplitudes in "
            f"{self.station_seconds} station-seconds); {self.ratio_to_obspy:.0f} times obspy's "
            f"reading and recursive STA/LTA ({self.obspy_us_per_station_second:.0f} us)\n"
            f"on {self.machine}"
        )


def measure(
    stations: int = STATIONS, seconds: int = SECONDS, clock: Clock = time.process_time
) -> Ingested:
    """Simulate the records, run both, and compare. Takes less than a minute."""
    compile_kernels()
    network = [station(i) for i in range(stations)]
    records = make(network, seconds)
    warm, timed = records[: SETTLED * stations], records[SETTLED * stations :]
    detectors = {s.code: Detector(s) for s in network}
    ingest(detectors, warm)
    begun = clock()
    picks, amplitudes = ingest(detectors, timed)
    ours = (clock() - begun) / len(timed)
    few = timed[: OBSPY_STATIONS * max(1, seconds - SETTLED)]
    begun = clock()
    with_obspy(few)
    theirs = (clock() - begun) / len(few)
    return Ingested(
        machine=machine(),
        stations=stations,
        station_seconds=len(timed),
        picks=picks,
        amplitudes=amplitudes,
        us_per_station_second=1e6 * ours,
        obspy_us_per_station_second=1e6 * theirs,
        stations_realtime_per_core=int(1.0 / ours),
        ratio_to_obspy=theirs / ours,
    )


def station(number: int) -> Station:
    """A simulated station: three components, one count per um/s^2."""
    code = f"S{number:04d}"
    streams = [StreamId("XX", code, "", f"HN{c}") for c in "ZNE"]
    return Station(
        f"XX.{code}", 0.0, 0.0, 0.0, tuple(Channel(s, GAIN, "m/s^2", RATE) for s in streams)
    )


def make(network: Sequence[Station], seconds: int) -> list[Record]:
    """(arrival, three records) of every station for every second, second by second."""
    random = np.random.default_rng(1)
    out = []
    for second in range(seconds):
        start, size = BEGIN + second, 300.0 if second < ONSET else 30_000.0
        for here in network:
            packets = [Packet(c.stream, start, RATE, counts(random, size)) for c in here.channels]
            out.append((start + 1.5, miniseed.encode(packets)))
    return out


def counts(random: np.random.Generator, size: float) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """One second of noise of a given standard deviation."""
    return (size * random.standard_normal(int(RATE))).astype(np.int32)


def ingest(detectors: dict[str, Detector], records: Iterable[Record]) -> tuple[int, int]:
    """Decode the bytes and feed the detectors; returns the number of picks and amplitudes."""
    picks = amplitudes = 0
    for now, data in records:
        packets, _ = miniseed.packets(data)
        for packet in packets:
            for word in detectors[packet.stream.code].feed(packet, now):
                picks += isinstance(word, Pick)
                amplitudes += isinstance(word, Amplitude)
    return picks, amplitudes


def with_obspy(records: Iterable[Record]) -> None:
    """Each record read by obspy, and its recursive STA/LTA (0.5 s, 10 s) on the vertical."""
    for _, data in records:
        size = len(data) // 3
        for i in range(3):
            stream = obspy.read(io.BytesIO(data[i * size : (i + 1) * size]), format="MSEED")
            if i == 0:
                recursive_sta_lta(stream[0].data.astype(np.float64), 50, 1000)
