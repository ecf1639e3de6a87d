import asyncio
import socket

import pytest

from forewave.channels.card import DeliveryError, Notification
from forewave.channels.datagrams.repeater import Repeater
from tests.channels.made import NOW, place_alert, until

pytestmark = pytest.mark.live


class Pair(Repeater):
    """Sends to the other end of a pair of sockets."""

    def __init__(self, every=0.02):
        self.time = NOW
        super().__init__("pair", every, lambda: self.time)
        self.broken = self.failing = False

    def _made(self):
        if self.broken:
            raise OSError("no network")
        here, self.there = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        here.setblocking(False)
        self.there.setblocking(False)
        return here

    def _send(self, datagram):
        if self.failing:
            raise DeliveryError("not sent")
        super()._send(datagram)

    def _datagram(self, notification):
        return notification.message

    def received(self):
        found = []
        while True:
            try:
                found.append(self.there.recv(1000))
            except BlockingIOError:
                return found


def told(reason="first", message=b"1", event="e1"):
    return Notification(reason, place_alert(event=event), message)


def test_the_newest_is_repeated_until_it_expires():
    pair = Pair()

    async def main():
        await pair.open()
        working = asyncio.create_task(pair.work())
        await pair.send(told())
        found = []
        await until(lambda: found.extend(pair.received()) or found.count(b"1") >= 3)
        await pair.send(told("update", b"2"))
        pair.received()
        found = []
        await until(lambda: found.extend(pair.received()) or len(found) >= 3)
        assert set(found) == {b"2"}
        await pair.expire("e1")
        pair.received()
        await asyncio.sleep(0.1)
        assert pair.received() == []
        working.cancel()
        await pair.close()

    asyncio.run(main())


def test_a_final_is_silence_and_a_cancel_is_repeated():
    pair = Pair()

    async def main():
        await pair.open()
        await pair.send(told())
        await pair.send(told("cancel", b"c", "e2"))
        await pair.send(told("final", b"f"))
        assert pair._held == {"e2": (NOW + 100.0, b"c")}
        assert b"f" not in pair.received()

    asyncio.run(main())


def test_what_has_expired_is_not_repeated_although_nobody_says_so():
    pair = Pair()

    async def main():
        await pair.open()
        await pair.send(told())
        pair.time = NOW + 100.0
        await pair.send(told(event="late"))
        pair.received()
        working = asyncio.create_task(pair.work())
        await asyncio.sleep(0.1)
        assert pair.received() == []
        assert pair._held == {}
        working.cancel()

    asyncio.run(main())


@pytest.mark.parametrize("reason", ["first", "update", "cancel"])
def test_what_could_not_be_sent_is_not_repeated_nor_what_it_replaces(reason):
    pair = Pair()

    async def main():
        await pair.open()
        await pair.send(told())
        pair.failing = True
        with pytest.raises(DeliveryError):
            await pair.send(told(reason, b"2"))
        assert pair._held == {}
        pair.failing = False
        await pair.send(told(reason, b"2"))
        assert pair._held == {"e1": (NOW + 100.0, b"2")}

    asyncio.run(main())


def test_a_network_that_is_not_there_is_a_failure_that_may_end():
    pair = Pair()
    pair.broken = True

    async def main():
        with pytest.raises(DeliveryError, match="no socket: no network") as caught:
            await pair.open()
        assert caught.value.retry
        pair.broken = False
        await pair.open()
        pair.there.close()
        with pytest.raises(DeliveryError, match="not sent"):
            await pair.send(told())

    asyncio.run(main())
