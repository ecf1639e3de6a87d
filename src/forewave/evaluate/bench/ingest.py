"""`forewave bench ingest`: how many stations one core takes in, from bytes to picks.

Made stations, three components at 100 samples/s as miniSEED 2 (Steim-2), one record a second and
component, noise and then an earthquake. What is timed is one core's processor time from the bytes
in hand to all words of the detectors. Beside it, on the same bytes: obspy reads each record and
runs its recursive STA/LTA on the vertical.
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
SETTLED = 12  # seconds before the timing begins
ONSET = 20
RATE = 100.0
GAIN = 1e6
OBSPY_STATIONS = 10
BEGIN = 1_600_000_000.0


class Ingested(Struct, frozen=True):
    """Station-seconds timed, and the processor time that one takes here and with obspy."""

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
    """Make the records, run both, and compare. Under a minute."""
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
    """A made station: three components, counts of a micrometre per second squared."""
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
    """Bytes through the reader and the detectors; how many picks and amplitudes came of it."""
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
