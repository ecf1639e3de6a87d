"""Event directories as a live network: `forewave relay DIR...`.

Each packet is handed to the relay when it is due. Its times are shifted to now (unless
`keep_times`), since clients refuse packets that are years old.
"""

import asyncio
import contextlib
import math
import ssl
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from forewave.formats.recordings.event_directory import Recording
from forewave.process.replay_clock import ReplayClock
from forewave.relay.server import Relay
from forewave.sources.replay import arrivals
from forewave.types import Packet, StreamId

LEAD = 1.0  # seconds, at least, from the start of playing to the first packet


class RelayPace(Struct, frozen=True):
    """How packets are cut and timed; packet_s and latency as in sources.replay.arrivals.

    speed: multiple of real time; at any other than 1, times of samples drift away from now.
    patience: seconds to wait for the first client before playing. stay: seconds for which the relay
    stays open after the end; None: until the task is cancelled.
    """

    packet_s: float = 1.0
    latency: float = 0.5
    speed: float = 1.0
    keep_times: bool = False
    patience: float = 0.0
    stay: float | None = None


async def serve(
    recordings: Sequence[Recording],
    pace: RelayPace,
    *,
    host: str = "127.0.0.1",
    port: int = 18000,
    tls: ssl.SSLContext | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> None:
    """Open the relay, wait, play, stay. report: called with lines for people."""
    relay = Relay()
    await relay.start(host, port, tls)
    stations = {stream.code for each in recordings for stream in _streams(each)}
    kind = " over TLS" if tls else ""
    report(f"SeedLink 3 and 4{kind} on {host}:{relay.port}: {len(stations)} stations")
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pace.patience):
                await relay.first_client.wait()
        await play(relay, recordings, pace)
        report("end of the recordings")
        await (asyncio.Event().wait() if pace.stay is None else asyncio.sleep(pace.stay))
    finally:
        await relay.stop()


async def play(relay: Relay, recordings: Sequence[Recording], pace: RelayPace) -> None:
    """Play one recording after the other."""
    for recording in recordings:
        await _play(relay, arrivals(recording, pace.packet_s, pace.latency), pace)


async def _play(relay: Relay, packets: Sequence[tuple[float, Packet]], pace: RelayPace) -> None:
    if not packets:
        return
    now = relay.clock()
    # Whole seconds, so that the fractions of sample times stay.
    moved = math.ceil(now + LEAD - packets[0][0])
    clock = ReplayClock(now - moved, pace.speed)
    clock.go()
    for due, packet in packets:
        await clock.until(due)
        relay.push(packet if pace.keep_times else _moved(packet, moved))


def _moved(packet: Packet, seconds: int) -> Packet:
    return replace(packet, start=packet.start + seconds)


def _streams(recording: Recording) -> set[StreamId]:
    return {segment.stream for segment in recording.segments}
