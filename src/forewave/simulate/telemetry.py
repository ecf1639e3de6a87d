"""Telemetry: packet length, delay, bursts, loss, duplicates, detours, outages and clock errors.

A packet is sent after its last sample. Its delay is log-normal; during a burst nothing passes,
and all packets held back arrive at its end. The order of arrival follows from this and from
packets with detours. Random numbers are independent for each station, so further stations do not
change the others.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated
from zlib import crc32

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from forewave.formats.recordings.receipts import Receipt
from forewave.types import Packet

Share = Annotated[float, Meta(ge=0, le=1)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Arrival = tuple[float, Packet]


class Outage(Struct, frozen=True, forbid_unknown_fields=True):
    """From `after` (s from the start) on, about `share` of the stations send nothing."""

    after: Seconds
    share: Share = 0.5
    seconds: Annotated[float, Meta(gt=0)] = 3600.0


class Telemetry(Struct, frozen=True, forbid_unknown_fields=True):
    """Delays in seconds; loss, doubled, detours and bursts are probabilities per packet."""

    packet_s: Annotated[float, Meta(ge=0.05, le=60)] = 1.0
    delay: Seconds = 0.5  # median
    spread: Annotated[float, Meta(ge=0, le=3)] = 0.3  # sigma of ln delay
    bursts: Share = 0.0  # probability that a burst begins at this packet
    burst_s: Seconds = 5.0
    loss: Share = 0.0
    doubled: Share = 0.0
    detours: Share = 0.0  # probability of a longer way, so that other packets overtake it
    detour_s: Seconds = 3.0
    outage: Outage | None = None
    clocks: dict[str, float] = {}  # s by which a station's time stamps are ahead


def packets(segments: Sequence[Packet], telemetry: Telemetry, seed: int) -> list[Arrival]:
    """All packets by time of arrival, with the stations' own time stamps.

    The components of a station are cut at the same times and share delay and loss.
    """
    arrivals: list[Arrival] = []
    for code, own in _by_station(segments).items():
        rng = np.random.default_rng([seed, crc32(code.encode()), _PURPOSE])
        cuts = [_cut(segment, telemetry.packet_s) for segment in own]
        ahead = telemetry.clocks.get(code, 0.0)
        sent = np.array(
            [segment.start + len(segment.samples) / segment.rate for segment in cuts[0]]
        )
        lost = _lost(code, sent - own[0].start, telemetry.outage, seed)
        for index, received in _received(sent, lost, telemetry, rng):
            arrivals += [(received, _shifted(cut[index], ahead)) for cut in cuts]
    return sorted(arrivals, key=lambda a: (a[0], a[1].stream, a[1].start))


def receipts(arrivals: Iterable[Arrival]) -> tuple[Receipt, ...]:
    """Rows of packets.csv.gz: one for all components of a packet, with its first arrival."""
    first: dict[tuple[str, float], Receipt] = {}
    for received, packet in arrivals:
        count = len(packet.samples)
        last = packet.start + (count - 1) / packet.rate
        key = (packet.stream.code, round(last, 6))
        first.setdefault(key, Receipt(packet.stream.code, last, received, count))
    return tuple(sorted(first.values()))


def is_silenced(code: str, outage: Outage, seed: int) -> bool:
    """Whether the outage affects the station with that code."""
    return bool(
        np.random.default_rng([seed, crc32(code.encode()), _OUTAGE]).random() < outage.share
    )


_PURPOSE, _OUTAGE = 3, 5  # streams of random numbers other than those of waveforms and noise


def _by_station(segments: Sequence[Packet]) -> dict[str, list[Packet]]:
    own: dict[str, list[Packet]] = {}
    for segment in segments:
        own.setdefault(segment.stream.code, []).append(segment)
    return own


def _cut(segment: Packet, packet_s: float) -> list[Packet]:
    step = max(1, round(packet_s * segment.rate))
    return [
        Packet(
            segment.stream,
            segment.start + i / segment.rate,
            segment.rate,
            segment.samples[i : i + step],
        )
        for i in range(0, len(segment.samples), step)
    ]


def _shifted(packet: Packet, ahead: float) -> Packet:
    return Packet(packet.stream, packet.start + ahead, packet.rate, packet.samples)


def _received(
    sent: NDArray[np.float64],
    lost: NDArray[np.bool_],
    telemetry: Telemetry,
    rng: np.random.Generator,
) -> list[tuple[int, float]]:
    """Index and arrival of each packet that is received; twice if duplicated."""
    count = len(sent)
    delay = telemetry.delay * np.exp(telemetry.spread * rng.standard_normal((2, count)))
    chance = rng.random((4, count))
    opens = np.maximum.accumulate(
        np.where(chance[0] < telemetry.bursts, sent + telemetry.burst_s, -np.inf)
    )
    longer = np.where(chance[3] < telemetry.detours, telemetry.detour_s, 0.0)
    arrived = np.maximum(sent, opens) + delay + longer
    kept = (chance[1] >= telemetry.loss) & ~lost
    again = kept & (chance[2] < telemetry.doubled)
    once = [(int(i), float(arrived[0, i])) for i in np.flatnonzero(kept)]
    return once + [(int(i), float(arrived[1, i])) for i in np.flatnonzero(again)]


def _lost(
    code: str, sent: NDArray[np.float64], outage: Outage | None, seed: int
) -> NDArray[np.bool_]:
    """Which packets are lost in an outage; sent: s from the start."""
    if outage is None or not is_silenced(code, outage, seed):
        return np.zeros(len(sent), bool)
    return np.asarray((sent > outage.after) & (sent <= outage.after + outage.seconds))
