"""`forewave.listen` against a real gateway on free ports of the loopback."""

import asyncio
import threading

import pytest

import forewave
from forewave.client import listen as listening
from forewave.delivery.signing import base64url, generate
from forewave.delivery.stream import Readiness
from tests.browser.warner import CHENGDU, Warner

WAIT = 30.0


@pytest.fixture
def warner():
    with Warner() as made:
        yield made


async def first(listener):
    async for alert in listener:
        return alert
    raise AssertionError("it has ended")


async def until(condition):
    while not condition():  # noqa: ASYNC110 (nobody tells us)
        await asyncio.sleep(0)


def latest(listener):
    """The version of e1 that was received last."""
    known = listener._receiver._known.get(("actual", "e1"))
    return known and known.version


def test_an_alert_has_intensity_and_seconds(warner):
    warner.publish(warner.alert(left=15.0))
    listener = forewave.listen(warner.url(), CHENGDU)
    alert = asyncio.run(asyncio.wait_for(first(listener), WAIT))
    assert alert.mmi == pytest.approx(5.26, abs=0.01)
    assert 0.0 < alert.seconds < 15.0
    assert abs(listener.now() - warner.now()) < 1.0
    assert alert.calls_for_action(5.0)


def test_versions_come_once_each_and_in_order(warner):
    listener = forewave.listen(warner.url(), CHENGDU)
    found = []

    async def take():
        async for alert in listener:
            found.append(alert.version)

    async def whole():
        taking = asyncio.create_task(take())
        await until(lambda: listener.readiness.ready)
        for version in (1, 2, 3):
            warner.publish(warner.alert(version=version, id=f"e1.{version}"))
            await until(lambda: found[-1:] == [version])  # noqa: B023 (awaited here)
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)

    asyncio.run(asyncio.wait_for(whole(), WAIT))
    assert found == [1, 2, 3]


def test_who_is_slow_gets_the_latest_version_only(warner):
    listener = forewave.listen(warner.url(), CHENGDU)

    async def whole():
        alerts = aiter(listener)
        warner.publish(warner.alert(event="e0"))
        await anext(alerts)
        for version in (1, 2):
            warner.publish(warner.alert(version=version))
            await until(lambda: latest(listener) == version)  # noqa: B023 (awaited here)
        return await anext(alerts)

    assert asyncio.run(asyncio.wait_for(whole(), WAIT)).version == 2


def test_drills_are_given_where_wanted_and_say_so(warner):
    warner.publish(warner.alert(event="d", mode="drill"))
    drill = asyncio.run(
        asyncio.wait_for(first(forewave.listen(warner.url(), CHENGDU, drills=True)), WAIT)
    )
    assert drill.drill
    warner.publish(warner.alert())
    real = asyncio.run(asyncio.wait_for(first(forewave.listen(warner.url(), CHENGDU)), WAIT))
    assert (real.event, real.drill) == ("e1", False)


def test_a_for_loop_blocks_until_an_alert_comes(warner):
    threads = threading.active_count()
    warner.publish(warner.alert())
    states = []
    listener = forewave.listen(warner.url(), CHENGDU, on_readiness=states.append)
    for alert in listener:
        assert alert.event == "e1"
        break
    del alert
    assert states[0].state in ("ready", "connecting")
    assert threading.active_count() <= threads + 2  # no thread of ours is left but the pool's
    assert "forewave.listen" not in [thread.name for thread in threading.enumerate()]


def test_a_fault_of_the_program_ends_both_kinds_of_iteration(warner):
    def broken(now):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        next(iter(forewave.listen(warner.url(), CHENGDU, on_readiness=broken)))
    with pytest.raises(ZeroDivisionError):
        asyncio.run(
            asyncio.wait_for(
                first(forewave.listen(warner.url(), CHENGDU, on_readiness=broken)), WAIT
            )
        )


def test_a_wrong_key_is_untrusted_and_gives_nothing(warner):
    warner.publish(warner.alert())
    wrong = [base64url(raw) for raw in generate().trusted.values()]
    told = asyncio.Event()
    states = []

    def note(now):
        states.append(now.state)
        told.set()

    async def whole():
        listener = forewave.listen(warner.url(), CHENGDU, keys=wrong, on_readiness=note)
        getting = asyncio.create_task(first(listener))
        await told.wait()
        done, _ = await asyncio.wait([getting], timeout=2.5)  # the alert is sent each second
        getting.cancel()
        await asyncio.gather(getting, return_exceptions=True)
        return done

    assert asyncio.run(asyncio.wait_for(whole(), WAIT)) == set()
    assert states == ["untrusted"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"url": "127.0.0.1"}, "expected one as http"),
        ({"place": forewave.Place("x", 91.0, 0.0)}, "no point of the Earth"),
        ({"place": forewave.Place("x", 0.0, float("nan"))}, "no point of the Earth"),
        ({"place": forewave.Place("x", 0.0, 0.0, vs30_ms=0.0)}, "vs30_ms"),
        ({"keys": ["short"]}, "expected an Ed25519 public key"),
        ({"keys": []}, "at least one public key"),
    ],
)
def test_wrong_arguments_are_clear_errors(change, says):
    given = {"url": "http://127.0.0.1:8460", "place": CHENGDU, **change}
    with pytest.raises(forewave.InputError, match=says):
        forewave.listen(given.pop("url"), given.pop("place"), **given)


def test_before_it_has_begun_it_is_connecting():
    listener = listening.listen("http://127.0.0.1:8460", CHENGDU)
    assert (listener.readiness.state, listener.now()) == ("connecting", None)


def test_what_the_server_lacks_is_told_too(warner):
    told = []
    listener = forewave.listen(warner.url(), CHENGDU, on_readiness=told.append)

    async def whole():
        taking = asyncio.create_task(first(listener))
        for missing in (("a live source", "a station"), ("a station",)):
            warner.able = Readiness("not ready", missing)
            await until(lambda: told[-1:] and told[-1].missing == missing)  # noqa: B023
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)

    asyncio.run(asyncio.wait_for(whole(), WAIT))
    assert {now.state for now in told} == {"unable"}
