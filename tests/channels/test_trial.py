import asyncio

import pytest

from forewave.channels.card import DeliveryError
from forewave.channels.registry import make
from forewave.channels.trial import trial
from forewave.client.receiver import Receiver as Device
from forewave.delivery.signing import unseal
from tests.channels.home_assistant.test_channel import Client, broker, table, until
from tests.channels.made import TABLES, Receiver, context, entries
from tests.client.made import HERE

__all__ = ["broker"]
pytestmark = pytest.mark.live

HOOK = {"type": "webhook", "url": "https://example.org/", "min_mmi": 7.0, "timeout": 0.3}


def tried(receiver, **more):
    (entry,) = entries(HOOK | more, folder=".")
    return asyncio.run(trial(receiver, entry, 0.0))


def test_it_is_a_drill_and_its_cancel_and_nothing_is_left():
    receiver = Receiver()
    steps = tried(receiver, place=[24.5, 121.5])
    assert [(step.what, step.why) for step in steps] == [
        ("open", ""), ("first", ""), ("cancel", ""), ("expire", ""),
    ]  # fmt: skip
    first, cancel = receiver.got
    assert first.alert.drill
    assert cancel.alert.drill
    assert first.alert.mmi >= 7.0
    assert (first.active, cancel.active) == (True, False)
    assert receiver.expired == [first.alert.event]
    assert receiver.closed


def test_its_message_is_refused_by_every_device_even_with_the_key():
    receiver = Receiver()
    tried(receiver)
    keys = {}
    for each in receiver.got:
        with pytest.raises(Exception, match="unknown key"):
            unseal(each.message, keys)
        assert b'"mode":"test"' in each.message
    device = Device(HERE, TABLES, drills=True)
    device.trust(keys)
    assert device.frame(receiver.got[0].message, 0.0, 2e9) is None


def test_what_fails_is_reported_and_the_channel_closed():
    steps = tried(Receiver(fails=[DeliveryError("refused")]))
    assert [step.why for step in steps] == ["", "refused", "", ""]
    slow = Receiver()
    slow.delay = 10.0
    assert tried(slow)[1].why == "no answer within 0.3 s"
    assert slow.closed


def test_a_siren_is_not_switched_on_by_a_test(tmp_path):
    on = ["sh", "-c", f"touch {tmp_path}/on"]
    (entry,) = entries({"type": "relay", "on": on, "off": ["true"]}, folder=tmp_path)
    steps = asyncio.run(trial(make(entry, context(tmp_path)), entry, 0.0))
    assert steps[1].why == "no drill: set drill_on to show one"
    assert not (tmp_path / "on").exists()


def test_a_test_beside_a_running_machine_touches_the_drill_only(tmp_path, broker):
    async def main():
        (entry,) = entries(table(broker), folder=tmp_path)
        async with Client(broker) as client:
            channel = make(entry, context(tmp_path, trial=True))
            steps = await trial(channel, entry, 0.2)
            assert [step.why for step in steps] == [""] * 4
            await until(lambda: client.seen("drill") == [b"ON", b"OFF", b"OFF"])
            assert client.seen("alert") == client.seen("availability") == []

    asyncio.run(main())
