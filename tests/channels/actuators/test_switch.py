import asyncio
import time

import pytest

from forewave.channels.actuators.switch import Switch
from forewave.channels.card import DeliveryError, Notification
from tests.channels.made import NOW, place_alert, until

pytestmark = pytest.mark.live


class Lamp(Switch):
    """Remembers how it was switched; `fails` are raised first."""

    def __init__(self, most_s=60.0, fails=()):
        self.time = NOW
        super().__init__("lamp", most_s, lambda: self.time)
        self.log, self.fails = [], list(fails)

    async def _set(self, drill):
        if self.fails:
            raise self.fails.pop(0)
        self.log.append({None: "off", False: "on", True: "drill"}[drill])


def told(reason="first", event="e1", drill=False, active=None, **change):
    active = reason not in ("cancel", "final") if active is None else active
    return Notification(reason, place_alert(event=event, drill=drill, **change), b"", active=active)


def played(lamp, *steps):
    async def main():
        for step in steps:
            await step()

    asyncio.run(main())
    return lamp.log


@pytest.mark.parametrize("end", [told("final"), told("cancel"), told("lower", active=False)])
def test_it_is_on_from_the_alert_to_its_end(end):
    lamp = Lamp()
    log = played(lamp, lamp.open, lambda: lamp.send(told()), lambda: lamp.send(end))
    assert log == ["off", "on", "off"]


def test_it_is_off_after_expiry_close_and_a_restart():
    lamp = Lamp()
    assert played(lamp, lambda: lamp.send(told()), lambda: lamp.expire("e1")) == ["on", "off"]
    lamp = Lamp()
    assert played(lamp, lambda: lamp.send(told()), lamp.close) == ["on", "off"]
    lamp = Lamp()
    assert played(lamp, lamp.open) == ["off"]


def test_it_stays_on_until_the_last_of_several_alerts_has_ended():
    lamp = Lamp()
    one, two = told(event="one"), told(event="two")
    steps = [lamp.open, lambda: lamp.send(one), lambda: lamp.send(two)]
    assert played(lamp, *steps, lambda: lamp.expire("one")) == ["off", "on"]
    assert played(lamp, lambda: lamp.expire("two")) == ["off", "on", "off"]


def test_a_drill_is_switched_as_a_drill_and_a_real_alert_goes_before_it():
    lamp = Lamp()
    drill, real = told(event="d", drill=True), told()
    steps = [lamp.open, lambda: lamp.send(drill), lambda: lamp.send(real)]
    assert played(lamp, *steps, lambda: lamp.expire("e1")) == ["off", "drill", "on", "drill"]


def test_it_ends_after_the_longest_time_whatever_happens():
    lamp = Lamp(most_s=0.3)

    async def main():
        await lamp.open()
        began = time.monotonic()
        await lamp.send(told())
        working = asyncio.create_task(lamp.work())
        await until(lambda: lamp.log[-1] == "off")
        assert time.monotonic() - began >= 0.3
        await lamp.send(told("update"))
        assert lamp.log == ["off", "on", "off"]
        await lamp.send(told("higher"))
        assert lamp.log[-1] == "on"
        working.cancel()

    asyncio.run(main())


def test_what_may_be_on_after_a_failure_is_switched_off():
    lamp = Lamp(fails=[DeliveryError("x")])

    async def main():
        with pytest.raises(DeliveryError):
            await lamp.send(told())
        await lamp.close()

    asyncio.run(main())
    assert lamp.log == ["off"]


def test_a_close_that_fails_raises_nothing():
    lamp = Lamp(fails=[DeliveryError("x")])
    assert played(lamp, lamp.close) == []


def test_after_a_failure_in_the_middle_of_an_alert_it_is_switched_on_again():
    lamp = Lamp()

    async def main():
        await lamp.open()
        await lamp.send(told())
        lamp.fails = [DeliveryError("x")]
        with pytest.raises(DeliveryError):
            await lamp.send(told(event="e2", drill=True, reason="cancel")) or await lamp._set(None)
        lamp._known = False
        await lamp.open()

    asyncio.run(main())
    assert lamp.log == ["off", "on", "on"]


def test_what_could_not_be_switched_on_is_left_to_what_is_sent_next():
    lamp = Lamp()

    async def main(then):
        await lamp.open()
        lamp.fails = [DeliveryError("busy")]
        with pytest.raises(DeliveryError):
            await lamp.send(told())
        await lamp.open()
        assert lamp.log[-1] == "off"
        await lamp.send(then)

    asyncio.run(main(told("cancel")))
    assert lamp.log == ["off", "off"]
    asyncio.run(main(told()))
    assert lamp.log[2:] == ["on"]


def test_what_will_not_be_sent_again_leaves_the_others_as_they_are():
    lamp = Lamp()

    async def main():
        await lamp.send(told())
        lamp._known, lamp.fails = False, [DeliveryError("no drill", retry=False)]
        with pytest.raises(DeliveryError):
            await lamp.send(told(event="d", drill=True))
        await lamp.open()

    asyncio.run(main())
    assert lamp.log == ["on", "on"]


def test_what_has_expired_is_not_switched_on():
    lamp = Lamp()

    async def main():
        await lamp.send(told())
        lamp._known, lamp.time = False, NOW + 100.0
        await lamp.open()
        await lamp.send(told(event="late"))

    asyncio.run(main())
    assert lamp.log == ["on", "off"]


def test_what_may_be_on_is_switched_off_at_expiry_although_nobody_says_so(caplog):
    lamp = Lamp()

    async def main():
        lamp.fails = [DeliveryError("no answer", received=True)]
        with pytest.raises(DeliveryError):
            await lamp.send(told())
        lamp.time = NOW + 100.0
        working = asyncio.create_task(lamp.work())
        await until(lambda: lamp.log == ["off"])
        working.cancel()

    asyncio.run(main())
    assert caplog.text == ""


def test_it_stays_on_where_a_version_that_changes_nothing_else_lasts_longer():
    """Such a version is not sent; its end is."""
    lamp = Lamp()

    async def main():
        await lamp.send(told())
        lamp.time = NOW + 150.0
        working = asyncio.create_task(lamp.work())
        await asyncio.sleep(0.1)
        working.cancel()
        assert lamp.log == ["on"]
        await lamp.expire("e1")

    asyncio.run(main())
    assert lamp.log == ["on", "off"]


def test_an_update_says_when_it_expires_now():
    lamp = Lamp()
    later = told("update", expires=NOW + 200.0)

    async def main():
        await lamp.send(told())
        await lamp.send(later)
        lamp._known, lamp.time = False, NOW + 150.0
        await lamp.open()

    asyncio.run(main())
    assert lamp.log == ["on", "on"]
