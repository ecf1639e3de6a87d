import asyncio
import json
import time

import pytest
from msgspec.structs import replace

from forewave.channels.card import Card, ChannelSettings, DeliveryError
from forewave.channels.registry import CHANNELS
from forewave.channels.sending import chain as chain_module
from forewave.channels.sending.chain import FILE
from forewave.delivery import signing
from tests.channels.made import (
    ALERT,
    KEYS,
    NOW,
    PATIENCE,
    Receiver,
    alert_now,
    chain_of,
    running,
    seal_now,
    until,
)

pytestmark = pytest.mark.live

HERE = (24.5, 121.5)
FAR = (30.0, 110.0)


class RecordedSettings(ChannelSettings, frozen=True, kw_only=True, tag="recorded"):
    """For these tests."""


@pytest.fixture(autouse=True)
def recorded(monkeypatch):
    card = Card("recorded", RecordedSettings, lambda *_: Receiver(), lambda _: ())
    monkeypatch.setitem(CHANNELS, "recorded", card)


def with_receivers(work, *settings, receivers=None, **more):
    """Run `work` with a running chain and a receiver for each of the settings."""
    each = [RecordedSettings(name=f"r{n}", **keys) for n, keys in enumerate(settings)]
    receivers = receivers or [Receiver(f"r{n}") for n in range(len(settings))]

    async def main():
        async with running(chain_of(each, receivers, **more)) as chain:
            await work(chain, *receivers)
        return chain

    return asyncio.run(main())


def test_each_channel_gets_the_alert_for_its_place_and_threshold():
    async def work(chain, here, far, anywhere, high):
        chain.publish(seal_now())
        await until(lambda: here.got and anywhere.got)
        (got,) = here.got
        assert got.message == anywhere.got[0].message
        assert got.alert.place == "School"
        assert got.alert.distance_km == pytest.approx(55.6, abs=0.3)
        assert 0.0 < got.alert.seconds < 30.0
        assert anywhere.got[0].alert.mmi > got.alert.mmi
        assert anywhere.got[0].alert.seconds is None
        assert far.got == high.got == []

    chain = with_receivers(
        work,
        {"place": HERE, "place_name": "School"},
        {"place": FAR},
        {},
        {"place": HERE, "min_mmi": 9.0},
    )
    assert chain.tallies()["channel r1"] == {"below threshold": 1}


def test_the_strongest_anywhere_counts_observed_cells_too():
    async def work(chain, anywhere):
        chain.publish(seal_now(field=(("wsqq", 9.5),)))
        await until(lambda: anywhere.got)
        assert anywhere.got[0].alert.mmi == 9.5

    with_receivers(work, {})


def test_first_higher_cancel_reach_a_channel_and_updates_one_that_wants_all():
    async def work(chain, steps, every):
        now = alert_now()
        versions = [
            {"magnitude": now.magnitude},
            {"version": 2, "kind": "update"},
            {"version": 3, "kind": "cancel", "why": "false"},
        ]
        for number, change in enumerate(versions, 1):
            chain.publish(seal_now(**change))
            await until(lambda number=number: len(every.got) == number)
        await until(lambda: len(steps.got) == 2)
        assert steps.delivered == [("first", 1), ("cancel", 3)]
        assert every.delivered == [("first", 1), ("update", 2), ("cancel", 3)]
        assert every.got[-1].alert.cancelled

    with_receivers(work, {"place": HERE}, {"place": HERE, "versions": "all"})


def test_what_is_not_signed_expired_a_test_or_from_the_future_is_not_passed_on():
    async def work(chain, receiver):
        strange = signing.generate().seal(alert_now())
        for data in (
            strange,
            seal_now().replace(b'"n":1', b'"n":2'),
            b"{}",
            seal_now(mode="test"),
            seal_now(mode="drill"),
            signing_of_the_past(),
            seal_now(issued=time.time() + 60.0, expires=time.time() + 90.0),
        ):
            chain.publish(data)
        await until(lambda: chain._queue.empty())
        await asyncio.sleep(0.05)
        assert receiver.got == []

    chain = with_receivers(work, {})
    assert chain.counts == {"not verified": 3, "test": 1, "expired": 1, "from the future": 1}
    assert chain.tallies()["channel r0"] == {"drill": 1}


def signing_of_the_past():
    now = time.time()
    origin = replace(alert_now().origin, time=now - 105.0)
    return seal_now(issued=now - 100.0, expires=now - 50.0, origin=origin)


def test_publish_takes_no_time_and_a_full_queue_is_counted(monkeypatch):
    monkeypatch.setattr(chain_module, "QUEUE", 3)
    receiver = Receiver()
    chain = chain_of([RecordedSettings()], [receiver])
    message = seal_now()
    began = time.perf_counter()
    for _ in range(10):
        chain.publish(message)
    assert time.perf_counter() - began < 0.05
    assert chain.counts == {"queue full": 7}


def test_a_channel_that_hangs_delays_no_other():
    slow, quick = Receiver("slow"), Receiver("quick")
    slow.delay = 30.0

    async def work(chain, *_):
        began = time.monotonic()
        chain.publish(seal_now())
        await until(lambda: quick.got)
        assert time.monotonic() - began < PATIENCE / 2
        assert slow.got == []

    with_receivers(work, {}, {}, receivers=[slow, quick])


def test_a_cancel_after_a_restart_reaches_who_got_the_alert_and_only_them(tmp_path):
    settings = [{"place": HERE}, {"place": FAR}]
    first = seal_now()

    async def before(chain, here, far):
        chain.publish(first)
        await until(lambda: here.got and is_stored(tmp_path))

    async def after(chain, here, far):
        chain.publish(first)  # as a machine does that starts again
        chain.publish(seal_now(version=2, kind="cancel", why="false"))
        await until(lambda: here.got)
        await asyncio.sleep(0.05)
        assert here.delivered == [("cancel", 2)]
        assert far.got == []

    with_receivers(before, *settings, record=tmp_path)
    with_receivers(after, *settings, record=tmp_path)


def is_stored(folder):
    """Whether the file says that the first version was received."""
    file = folder / FILE
    return file.exists() and b'"version":1,' in file.read_bytes()


def test_what_expired_while_nothing_ran_is_removed_after_the_restart(tmp_path):
    async def before(chain, receiver):
        chain.publish(seal_now(lasts=0.6))
        await until(lambda: receiver.got and is_stored(tmp_path))

    async def after(chain, receiver):
        await until(lambda: receiver.expired)
        assert receiver.delivered == [("final", 1)]
        await until(lambda: json.loads((tmp_path / FILE).read_bytes()) == {"r0": []})

    with_receivers(before, {}, record=tmp_path)
    time.sleep(0.6)
    with_receivers(after, {}, record=tmp_path)


def test_a_file_that_could_not_be_written_is_written_later(tmp_path, monkeypatch):
    monkeypatch.setattr(chain_module, "STORE_AGAIN", 0.05)
    real, refusals = chain_module.memory.write, [OSError(28, "no space")] * 3

    def full(path, stored):
        if refusals:
            raise refusals.pop()
        real(path, stored)

    monkeypatch.setattr(chain_module.memory, "write", full)

    async def work(chain, receiver):
        chain.publish(seal_now())
        await until(lambda: is_stored(tmp_path))
        assert chain.counts["not stored"] == 3

    with_receivers(work, {}, record=tmp_path)


def test_a_chain_that_runs_again_after_a_fault_sends_nothing_twice(tmp_path):
    receiver, message = Receiver("r"), seal_now()

    async def main():
        chain = chain_of([RecordedSettings(name="r")], [receiver], tmp_path)
        for _ in range(2):
            async with running(chain):
                chain.publish(message)
                await until(lambda: receiver.got)
                await asyncio.sleep(0.1)
                (tmp_path / FILE).unlink(missing_ok=True)

    asyncio.run(main())
    assert receiver.delivered == [("first", 1)]


@pytest.mark.parametrize("content", [b"", b"\xff{", b'{"r0":[{"message":"{}","told":1}]}', b"[]"])
def test_a_damaged_memory_is_as_none(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)

    async def work(chain, receiver):
        chain.publish(seal_now())
        await until(lambda: receiver.got)

    with_receivers(work, {}, record=tmp_path)


def test_a_folder_that_cannot_be_written_is_counted_and_the_alert_sent(tmp_path):
    (tmp_path / "file").write_text("")

    async def work(chain, receiver):
        chain.publish(seal_now())
        await until(lambda: receiver.got and chain.counts["not stored"])

    with_receivers(work, {}, record=tmp_path / "file" / "below")


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.mark.parametrize("step", [-7200.0, 7200.0])
def test_a_step_of_the_clock_neither_ends_nor_prolongs_an_alert(step):
    clock = Clock(time.time())

    async def work(chain, receiver):
        chain.publish(seal_now(lasts=1.0))
        await until(lambda: receiver.got)
        clock.now += step
        await asyncio.sleep(0.4)
        assert receiver.delivered == [("first", 1)]
        await until(lambda: receiver.expired)
        assert receiver.delivered == [("first", 1), ("final", 1)]

    with_receivers(work, {}, clock=clock)


def test_a_replay_that_begins_again_ends_its_drills_and_sends_them_again():
    clock = Clock(NOW + 1.0)
    message = KEYS.seal(replace(ALERT, mode="drill"))

    async def work(chain, receiver):
        chain.publish(message)
        await until(lambda: receiver.got)
        clock.now = NOW + 30.0
        chain.publish(b"later")
        await until(lambda: chain.counts["not verified"] == 1)
        clock.now = NOW + 1.0
        chain.publish(b"earlier")
        await until(lambda: receiver.expired)
        chain.publish(message)
        await until(lambda: len(receiver.got) == 2)
        assert receiver.delivered == [("first", 1), ("first", 1)]
        assert receiver.got[0].alert.drill

    with_receivers(work, {"drills": True}, clock=clock, past=True)


def test_the_state_of_each_channel_is_known():
    async def work(chain, receiver):
        await until(lambda: chain.states() == {"r0": "open"})
        assert chain.faults() == {"r0": ""}
        receiver.fails = [DeliveryError("refused: door is open")]
        receiver.delay = 0.2
        chain.publish(seal_now())
        await until(lambda: chain.faults() == {"r0": "refused: door is open"})
        await until(lambda: receiver.got and chain.faults() == {"r0": ""})

    with_receivers(work, {})


def test_without_channels_nothing_runs():
    chain = chain_of([], [])
    asyncio.run(chain.run())
    assert chain.tallies() == {}
    assert chain.routes() == []
