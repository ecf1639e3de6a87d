import asyncio
from math import nan

import pytest

from forewave.client.forward import GIVEN, NONE, NOT_READY, Threshold, forward
from forewave.client.readiness import Readiness
from tests.client.made import place_alert

WAIT = 30.0


class Source:
    """In place of a listener: gives these alerts, then nothing more."""

    def __init__(self, *alerts, state="ready"):
        self._alerts, self.readiness = alerts, Readiness(state)

    async def __aiter__(self):
        for alert in self._alerts:
            yield alert
        await asyncio.Event().wait()


class Kept:
    def __init__(self, busy=0):
        self.alerts, self._busy = [], busy

    @property
    def busy(self):
        self._busy -= 1
        return self._busy >= 0

    def put(self, alert):
        self.alerts.append(alert)


def run(source, *outputs, least=None, **more):
    work = forward(source, outputs, Threshold(least), **more)
    return asyncio.run(asyncio.wait_for(work, WAIT))


def test_every_output_gets_every_alert_until_the_time_is_over():
    outputs = Kept(), Kept()
    alerts = place_alert(), place_alert(version=2)
    assert run(Source(*alerts), *outputs, most_s=0.2) == GIVEN
    assert outputs[0].alerts == outputs[1].alerts == list(alerts)


def test_once_ends_with_the_first_and_waits_for_outputs():
    output = Kept(busy=3)
    assert run(Source(place_alert(), place_alert(event="e2")), output, once=True) == GIVEN
    assert [alert.event for alert in output.alerts] == ["e1"]
    assert not output.busy


@pytest.mark.parametrize(("state", "code"), [("ready", NONE), ("lost", NOT_READY)])
def test_the_time_is_over_without_an_alert(state, code):
    assert run(Source(state=state), most_s=0.05) == code


def test_it_ends_without_fault_when_nobody_reads():
    async def whole():
        ends = asyncio.Event()
        ends.set()
        return await forward(Source(state="lost"), (), Threshold(None), ends=ends)

    assert asyncio.run(asyncio.wait_for(whole(), WAIT)) == GIVEN


def test_below_the_threshold_nothing_is_passed_on():
    output = Kept()
    weak = place_alert(mmi=3.9), place_alert(mmi=nan, event="e2")
    assert run(Source(*weak), output, least=4.0, most_s=0.05) == NONE
    assert output.alerts == []


def test_what_was_passed_on_is_followed_by_all_its_later_versions():
    passes = Threshold(4.0).passes
    assert passes(place_alert(mmi=4.0))
    assert passes(place_alert(mmi=3.0, version=2))
    assert passes(place_alert(mmi=nan, version=3, kind="cancel", cancelled=True))
    assert not passes(place_alert(mmi=nan, event="e2", kind="cancel", cancelled=True))
    assert not passes(place_alert(mmi=3.0, drill=True))


def test_a_fault_of_the_listener_is_raised():
    class Broken:
        async def __aiter__(self):
            raise ZeroDivisionError
            yield

    with pytest.raises(ZeroDivisionError):
        run(Broken(), most_s=5.0)
