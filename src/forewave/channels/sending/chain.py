"""The chain: signed messages in, notifications to every configured channel out.

    publish --> queue --> verify --> evaluate at each place --> Outbox --> Worker --> Channel

`publish` only puts the message into a queue: an alert never waits for a channel. Each channel has
an outbox (outbox.py, which decides) and a worker (worker.py, which sends) of its own. What was
sent is kept in a file, so that a cancel after a restart reaches those who got the alert.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from starlette.routing import Route

from forewave.channels import registry
from forewave.channels.card import Channel, ChannelSettings, Routed
from forewave.channels.place import evaluated, place_of
from forewave.channels.sending import memory
from forewave.channels.sending.entry import Wants
from forewave.channels.sending.outbox import Outbox
from forewave.channels.sending.worker import Worker
from forewave.client.place_alert import PlaceAlert
from forewave.delivery.signing import unseal
from forewave.earth.travel_time import TravelTimes
from forewave.errors import FormatError
from forewave.formats.protocols.alert_message import Message
from forewave.types import Place

QUEUE = 1000  # messages that may wait to be evaluated
FUTURE = 10.0  # seconds from now for which a message may be issued
STEP_BACK = 10.0  # seconds by which the time of a replay goes back where it begins again
STORE_AGAIN = 2.0  # seconds after which a file that could not be written is tried again
FILE = "channels.json"
_LOG = logging.getLogger("forewave.channels")


class Chain:
    """Serves the channels of `entries`, which registry.make_all has made, in the same order.

    trusted: public keys by id, asked for each message. clock: the server's time, POSIX seconds.
    travel_times: the coarse table. record: folder for what was sent, None: nothing is kept.
    past: the clock is that of a replay; otherwise ends of alerts follow the monotonic clock, which
    never steps. All methods are to be called in the thread of the event loop.
    """

    def __init__(
        self,
        entries: Sequence[ChannelSettings],
        channels: Sequence[Channel],
        trusted: Callable[[], Mapping[str, bytes]],
        clock: Callable[[], float],
        travel_times: TravelTimes,
        *,
        record: Path | None = None,
        past: bool = False,
    ) -> None:
        self._trusted, self._clock, self._travel_times = trusted, clock, travel_times
        self._now = clock if past else time.monotonic
        self._past, self._latest = past, float("-inf")
        self._file = None if record is None else record / FILE
        self._changed, self._restored = asyncio.Event(), False
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE)
        self._places = [place_of(entry) for entry in entries]
        self._channels = channels
        self.workers = [
            self._worker(entry, channel) for entry, channel in zip(entries, channels, strict=True)
        ]
        self.counts: Counter[str] = Counter()  # of the chain itself

    def _worker(self, entry: ChannelSettings, channel: Channel) -> Worker:
        outbox = Outbox(wants_of(entry))
        return Worker(channel, outbox, entry.timeout, self._now, self._clock, self._changed.set)

    def publish(self, message: bytes) -> None:
        """Hand a signed message over; never waits, never raises."""
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            self.counts["queue full"] += 1

    def routes(self) -> list[Route]:
        """The routes of channels that are fetched from."""
        return [
            route for each in self._channels if isinstance(each, Routed) for route in each.routes()
        ]

    def tallies(self) -> Mapping[str, Mapping[str, int]]:
        """Outcomes by reason: of the chain, and of each channel."""
        own = {"channels": self.counts} if self.workers else {}
        return own | {f"channel {worker.name}": worker.counts for worker in self.workers}

    def states(self) -> dict[str, str]:
        """How each channel is: "open", or why not."""
        return {worker.name: worker.state for worker in self.workers}

    def faults(self) -> dict[str, str]:
        """Why each channel cannot send now; "" where it can, or has only just begun."""
        fine = ("open", "opening")
        return {name: "" if state in fine else state for name, state in self.states().items()}

    async def run(self) -> None:
        """Serve all channels until cancelled; then close them."""
        if not self.workers:
            return
        if not self._restored:  # run again after a fault, it knows more than the file
            self._restored = True
            self._restore()
        async with asyncio.TaskGroup() as tasks:
            for worker in self.workers:
                tasks.create_task(worker.run(), name=f"channel {worker.name}")
            tasks.create_task(self._evaluate())
            if self._file is not None:
                tasks.create_task(self._keep(self._file))

    # From messages to outboxes

    async def _evaluate(self) -> None:
        while True:
            data = await self._queue.get()
            try:
                await self._take(data)
            except Exception:
                self.counts["fault in forewave"] += 1
                _LOG.exception("cannot evaluate a message for channels")

    async def _take(self, data: bytes) -> None:
        self._look_for_a_new_replay()
        try:
            message = unseal(data, self._trusted())
        except FormatError as error:
            self.counts["not verified"] += 1
            _LOG.warning("not passed to channels: %s", error)
            return
        left = self._left(message)
        if why := self._refusal(message, left):
            self.counts[why] += 1
            return
        now = self._now()
        found: dict[Place | None, PlaceAlert | None] = {}
        for worker, place in zip(self.workers, self._places, strict=True):
            if place not in found:
                await asyncio.sleep(0)  # some milliseconds each: packets come between them
                found[place] = evaluated(message, place, self._travel_times)
            alert = found[place]
            if alert is None:
                worker.count("elsewhere")
                continue
            if why := worker.outbox.take(alert, data, now, now + left):
                if why != "known":
                    worker.count(why)
                continue
            worker.wake()

    def _refusal(self, message: Message, left: float) -> str:
        if message.mode == "test":
            return "test"
        if message.iss / 1000.0 > self._clock() + FUTURE:
            return "from the future"
        return "expired" if left <= 0 else ""

    def _left(self, message: Message) -> float:
        """Seconds until it expires, at most as long as it was issued for."""
        issued, expires = message.iss / 1000.0, message.exp / 1000.0
        return min(expires - self._clock(), expires - issued)

    def _look_for_a_new_replay(self) -> None:
        """Where the time of a replay has gone back, what was sent of it is over."""
        now = self._now()
        if self._past and now < self._latest - STEP_BACK:
            for worker in self.workers:
                worker.outbox.end_all(now)
            self._latest = now
        self._latest = max(self._latest, now)

    # What was sent, on disk

    def _restore(self) -> None:
        if self._file is None:
            return
        stored = memory.load(self._file)
        for worker, place in zip(self.workers, self._places, strict=True):
            for each in stored.get(worker.name, []):
                try:
                    message = each.opened()
                    alert = evaluated(message, place, self._travel_times)
                except FormatError as error:
                    _LOG.warning("%s: %s", self._file, error)
                    continue
                if alert is not None:
                    ends = self._now() + self._left(message)
                    data = each.message.encode()
                    worker.outbox.restore(alert, data, ends, each.delivered, self._now())

    async def _keep(self, path: Path) -> None:
        """Write what was sent whenever it has changed, in a thread."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            stored = {w.name: memory.remembered(w.outbox.delivered()) for w in self.workers}
            try:
                await asyncio.to_thread(partial(memory.write, path, stored))
            except OSError as error:
                self.counts["not stored"] += 1
                _LOG.warning("%s: %s", path, error.strerror)
                await asyncio.sleep(STORE_AGAIN)
                self._changed.set()


def wants_of(entry: ChannelSettings) -> Wants:
    """What a channel wants, of its settings and card."""
    return Wants(
        min_mmi=entry.min_mmi,
        all_versions=entry.versions == "all",
        unconfirmed=entry.unconfirmed,
        drills=entry.drills,
        people=registry.card_of(entry).people,
        holds=registry.card_of(entry).holds,
    )
