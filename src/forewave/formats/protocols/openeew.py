"""OpenEEW's JSON packets (about one second of x, y, z in gal) to packets and back.

Three layouts are in use: arrays x, y, z beside device_t and sr (2017-20, and the published
recordings); the same arrays in an object `traces`; and a list of such objects in order of time,
each optionally with its own t. Each may be wrapped in an object `d`. device_t (or t) is the time of
the LAST sample. The stated rate is the nominal one of the sensor; real ones are up to 4 % lower, so
that the true one can be passed (`rate`). The published firmware states no rate, and its time in
whole seconds or not at all; rate and time must then be known otherwise. Which axis is vertical is
not in the packet but in `Naming`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.types import Dropped, Packet, StreamId

SOURCE = "OpenEEW"  # source of a dropped message that names no device
AXES = ("x", "y", "z")
COUNTS_PER_GAL = 1000.0  # steps of a quarter of the sensor's resolution (ADXL355: 3.9 ug)
COUNTS_PER_MS2 = 100.0 * COUNTS_PER_GAL  # the gain to write into the inventory
STRONGEST_GAL = 20_000.0  # beyond the range of the sensors
LONGEST = 5000  # samples; on request, devices send ten seconds of 125 samples/s
SLOWEST, QUICKEST = 1.0, 1000.0
LATEST = 4_102_444_800.0  # 2100-01-01


class Naming(Struct, frozen=True):
    """Stream names: network of packets that name none, and the channel codes of x, y, z.

    The station is `station` of the packet, or else its country and device, such as MX012.
    """

    network: str = "XX"
    channels: tuple[str, str, str] = ("BNZ", "BN1", "BN2")


class Reading(Struct, frozen=True):
    """One message: three components of (n,) int32 thousandths of a gal, the last sample at `last`.

    stated: nominal rate, samples/s. received: when the server of the network received it, POSIX
    seconds. These and `last` are None if the message does not state them.
    """

    network: str
    station: str
    last: float | None
    stated: float | None
    received: float | None
    channels: tuple[str, str, str]
    samples: NDArray[np.int32]  # (3, n)

    @property
    def code(self) -> str:
        """The station's code, "NET.STA"."""
        return f"{self.network}.{self.station}"


class _Arrays(Struct):
    x: list[float]
    y: list[float]
    z: list[float]
    t: float | None = None
    sr: float | None = None


class _Message(Struct):
    device_id: str | int = ""
    device_t: float | str | None = None
    cloud_t: float | None = None
    sr: float | None = None
    country_code: str = ""
    network: str = ""
    station: str = ""
    x: list[float] | None = None
    y: list[float] | None = None
    z: list[float] | None = None
    traces: list[_Arrays] | _Arrays | None = None
    d: "_Message | None" = None


_DECODER = msgspec.json.Decoder(_Message)


def read(data: bytes, naming: Naming) -> Reading | Dropped:
    """The message in `data`. Never raises on bad data."""
    try:
        message = _DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Dropped(SOURCE, "not an OpenEEW packet", str(error)[:200])
    message = message.d or message
    if message.device_id == "":
        return Dropped(SOURCE, "not an OpenEEW packet", "no device_id")
    network, station = message.network or naming.network, _station(message)
    source = f"{network}.{station}"
    if not (station.isascii() and station.isalnum() and network.isascii() and network.isalnum()):
        return Dropped(SOURCE, "unreadable stream name", repr(source)[:80])
    traces = _traces(message)
    fault = _fault(traces)
    if fault:
        return Dropped(source, fault)
    samples = np.array([[v for t in traces for v in getattr(t, axis)] for axis in AXES])
    last, stated = _stated(_last(message, traces)), _stated(_rate(message, traces))
    if not _possible(last, stated):
        return Dropped(source, "impossible time or rate", f"{stated} samples/s at {last}")
    if not np.abs(samples).max() <= STRONGEST_GAL:
        return Dropped(source, "impossible acceleration", f"{np.abs(samples).max():.4g} gal")
    counts = np.rint(samples * COUNTS_PER_GAL).astype(np.int32)
    return Reading(network, station, last, stated, message.cloud_t, naming.channels, counts)


def packets(reading: Reading, rate: float | None = None, shift: float = 0.0) -> list[Packet]:
    """A packet per axis, with the true `rate` if it is known; `shift` is added to the times.

    Ordered by stream, as in a replay: the vertical follows the horizontals. Raises ValueError if
    rate or time are unknown.
    """
    rate = rate or reading.stated
    if rate is None or reading.last is None:
        raise ValueError("expected a rate and a time, which the message does not state")
    start = reading.last + shift - (reading.samples.shape[1] - 1) / rate
    names = (StreamId(reading.network, reading.station, "", name) for name in reading.channels)
    axes = zip(names, reading.samples, strict=True)
    return [Packet(stream, start, rate, samples) for stream, samples in sorted(axes, key=_stream)]


def _stream(axis: tuple[StreamId, Any]) -> StreamId:
    return axis[0]


def encode(
    axes: Sequence[Packet], received: float | None = None, stated: float | None = None
) -> bytes:
    """The JSON of three packets x, y, z of the same samples, in thousandths of a gal."""
    first = axes[0]
    last = first.start + (len(first.samples) - 1) / first.rate
    values = (np.asarray(p.samples, np.float64) / COUNTS_PER_GAL for p in axes)
    content: dict[str, Any] = {"device_id": first.stream.station, "station": first.stream.station}
    content["network"] = first.stream.network
    content |= {axis: np.round(v, 3).tolist() for axis, v in zip(AXES, values, strict=True)}
    content |= {"device_t": last, "sr": stated or first.rate}
    return msgspec.json.encode(content | ({} if received is None else {"cloud_t": received}))


def _station(message: _Message) -> str:
    return (message.station or f"{message.country_code}{message.device_id}").upper()


def _traces(message: _Message) -> list[_Arrays]:
    if isinstance(message.traces, _Arrays):
        return [message.traces]
    if message.traces is not None:
        return message.traces
    return [_Arrays(message.x or [], message.y or [], message.z or [])]


def _fault(traces: Sequence[_Arrays]) -> str | None:
    counts = [len(t.x) for t in traces]
    if any(not len(t.x) == len(t.y) == len(t.z) for t in traces):
        return "axes of different length"
    if not 0 < sum(counts) <= LONGEST:
        return "empty packet" if not sum(counts) else "packet too long"
    return None


def _last(message: _Message, traces: Sequence[_Arrays]) -> Any:
    """Time of the last sample: that of the last of several traces."""
    return traces[-1].t if traces[-1].t is not None else message.device_t


def _rate(message: _Message, traces: Sequence[_Arrays]) -> float | None:
    return traces[-1].sr if message.sr is None else message.sr


def _possible(last: float | None, stated: float | None) -> bool:
    """Whether time and rate are in range, if they are stated."""
    in_time = last is None or 0.0 < last < LATEST
    return in_time and (stated is None or SLOWEST <= stated <= QUICKEST)


def _stated(value: Any) -> float | None:
    """A number, also as text (some firmware quotes its time); nan if it is anything else."""
    if value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def lines(data: bytes, naming: Naming) -> Iterator[Reading | Dropped]:
    """The messages of a published recording, one per line."""
    return (read(line, naming) for line in data.splitlines() if line.strip())
