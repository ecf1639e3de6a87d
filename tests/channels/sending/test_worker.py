import asyncio
import time

import pytest

from forewave.channels.card import DeliveryError
from forewave.channels.sending import worker as worker_module
from forewave.channels.sending.entry import Wants
from forewave.channels.sending.outbox import Outbox
from forewave.channels.sending.worker import MOST_REASONS, Worker, with_seconds
from tests.channels.made import NOW, Receiver, place_alert, until

pytestmark = pytest.mark.live


class Serving:
    """A worker at work."""

    def __init__(self, receiver, timeout=5.0):
        self.receiver = receiver
        self.box = Outbox(Wants(all_versions=True))
        self.worker = Worker(receiver, self.box, timeout, time.monotonic, lambda: NOW)

    def take(self, number=1, lasts=100.0, **change):
        now = time.monotonic()
        self.box.take(place_alert(version=number, **change), b"", now, now + lasts)
        self.worker.wake()

    async def __aenter__(self):
        self.task = asyncio.create_task(self.worker.run())
        return self

    async def __aexit__(self, *_):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


def served(receiver, work, **more):
    async def main():
        async with Serving(receiver, **more) as serving:
            await work(serving)
        return serving.worker

    return asyncio.run(main())


def test_an_alert_is_sent_and_expires_at_its_end():
    receiver = Receiver()

    async def work(serving):
        serving.take(lasts=0.4)
        await until(lambda: receiver.expired)

    worker = served(receiver, work)
    assert receiver.delivered == [("first", 1), ("final", 1)]
    assert receiver.expired == ["e1"]
    assert receiver.closed
    assert worker.counts == {"sent first": 1, "sent final": 1, "expired": 1}


def test_what_fails_is_tried_again_after_the_channel_is_opened_again():
    receiver = Receiver(fails=[DeliveryError("no answer: x"), RuntimeError("broken")])

    async def work(serving):
        serving.take()
        await until(lambda: receiver.got)

    worker = served(receiver, work)
    assert receiver.delivered == [("first", 1)]
    assert receiver.opened == 3
    assert worker.counts["send failed: no answer"] == 1
    assert worker.counts["send failed: fault in forewave"] == 1


def test_a_failure_for_good_is_not_tried_again():
    receiver = Receiver(fails=[DeliveryError("unknown receiver", retry=False)])

    async def work(serving):
        serving.take(1)
        await until(lambda: receiver.opened == 2)
        assert receiver.got == []
        serving.take(2)
        await until(lambda: receiver.got)

    served(receiver, work)
    assert receiver.delivered == [("first", 2)]


def test_what_failed_for_a_while_gets_its_cancel(monkeypatch):
    monkeypatch.setattr(worker_module, "FIRST_PAUSE", 0.01)
    receiver = Receiver(fails=[DeliveryError("HTTP 504")])

    async def work(serving):
        serving.take(1)
        await until(lambda: serving.worker.state == "HTTP 504")
        serving.take(2, kind="cancel", cancelled=True)
        await until(lambda: receiver.got)

    served(receiver, work)
    assert receiver.delivered == [("cancel", 2)]


def test_a_fault_of_ours_does_not_end_the_worker(monkeypatch):
    monkeypatch.setattr(worker_module, "FIRST_PAUSE", 0.01)
    receiver = Receiver()

    async def work(serving):
        real, faults = serving.worker.outbox.swept, [KeyError("e1")]
        monkeypatch.setattr(serving.worker.outbox, "swept", lambda now: raised(faults) or real(now))
        serving.take(1)
        await until(lambda: receiver.got)

    worker = served(receiver, work)
    assert worker.counts["serving failed: fault in forewave"] == 1


def raised(faults):
    """Raise each once."""
    if faults:
        raise faults.pop()


def test_retries_end_at_expiry(monkeypatch):
    monkeypatch.setattr(worker_module, "FIRST_PAUSE", 0.01)
    receiver = Receiver(fails=[DeliveryError("down", received=False)] * 10_000)

    async def work(serving):
        serving.take(lasts=0.5)
        await until(lambda: serving.worker.counts["expired unsent"])
        tries = len(receiver.fails)
        await asyncio.sleep(0.2)
        assert len(receiver.fails) == tries

    worker = served(receiver, work)
    assert receiver.got == []
    assert worker.counts["send failed: down"] >= 3


def test_a_hanging_receiver_is_given_up_after_the_timeout_and_then_gets_the_newest_version():
    receiver = Receiver()
    receiver.delay = 30.0

    async def work(serving):
        serving.take(1)
        await asyncio.sleep(0.1)
        for number in range(2, 6):
            serving.take(number)
        await until(lambda: serving.worker.counts["send failed: timeout"])
        receiver.delay = 0.0
        await until(lambda: receiver.got)

    served(receiver, work, timeout=0.3)
    assert receiver.delivered == [("first", 5)]


def test_a_receiver_that_was_down_gets_a_new_version_at_once(monkeypatch):
    monkeypatch.setattr(worker_module, "FIRST_PAUSE", 100.0)
    monkeypatch.setattr(worker_module, "LONGEST_PAUSE", 100.0)
    receiver = Receiver(fails=[DeliveryError("down")])

    async def work(serving):
        serving.take(1)
        await until(lambda: serving.worker.state == "down")
        serving.take(2)
        await until(lambda: receiver.got)

    served(receiver, work)
    assert receiver.delivered == [("first", 2)]


def test_a_channel_that_cannot_be_opened_is_opened_again():
    receiver = Receiver()
    left = [DeliveryError("refused"), OSError("x")]
    opened = receiver.open

    async def refuse():
        if left:
            raise left.pop()
        await opened()

    receiver.open = refuse

    async def work(serving):
        serving.take()
        await until(lambda: receiver.got)
        assert serving.worker.state == "open"

    assert served(receiver, work).counts["open failed: refused"] == 1


def test_the_number_of_reasons_is_bounded():
    worker = Worker(Receiver(), Outbox(Wants()), 1.0, time.monotonic, time.time)
    for number in range(1000):
        worker.count(f"reason {number}")
    assert len(worker.counts) == MOST_REASONS + 1
    assert worker.counts["other"] == 1000 - MOST_REASONS


def test_a_channel_whose_own_work_fails_is_opened_again_and_works_again(monkeypatch):
    monkeypatch.setattr(worker_module, "FIRST_PAUSE", 0.01)
    receiver, begun = Receiver(), []

    async def work_of_its_own():
        begun.append(1)
        if len(begun) == 1:
            raise DeliveryError("connection lost")
        if len(begun) == 2:
            raise RuntimeError("x")
        await asyncio.Event().wait()

    receiver.work = work_of_its_own

    async def work(serving):
        await until(lambda: len(begun) == 3)
        serving.take()
        await until(lambda: receiver.got)

    counts = served(receiver, work).counts
    assert counts["work failed: connection lost"] == counts["work failed: fault in forewave"] == 1
    assert receiver.opened == 3


@pytest.mark.parametrize("error", [DeliveryError("lost"), OSError("x"), None])
def test_it_ends_although_the_channel_swallows_the_cancellation(error):
    receiver = Receiver()

    async def send(notification):
        receiver.got.append(notification)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if error is not None:
                raise error from None

    receiver.send = send

    async def main():
        async with asyncio.timeout(10.0), Serving(receiver) as serving:
            serving.take()
            await until(lambda: receiver.got)

    asyncio.run(main())
    assert receiver.closed


def test_seconds_are_given_only_where_they_can_be_trusted():
    assert with_seconds(place_alert(), NOW).seconds == 12.0
    assert with_seconds(place_alert(s_sigma=5.0), NOW).seconds is None
    assert with_seconds(place_alert(s_sigma=5.0, s_arrival=NOW + 20.0), NOW).seconds == 20.0
    assert with_seconds(place_alert(single_station=True), NOW).seconds is None
    assert with_seconds(place_alert(cancelled=True), NOW).seconds is None
    assert with_seconds(place_alert(s_arrival=float("nan")), NOW).seconds is None
