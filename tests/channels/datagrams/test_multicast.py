import asyncio
import socket
import struct
import time

import pytest

from forewave.channels.registry import make_all
from forewave.delivery.signing import unseal
from forewave.errors import ConfigError
from tests.channels.made import KEYS, context, entries, seal_now, serving, until
from tests.sources.broker import free_port

pytestmark = pytest.mark.live
GROUP = "239.255.84.60"


class Receiver:
    """A member of a multicast group on loopback."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((GROUP, port))
        member = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton("127.0.0.1"))
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        self.socket.setblocking(False)
        self.got = []

    def take(self):
        try:
            while True:
                self.got.append(self.socket.recv(2000))
        except BlockingIOError:
            return self.got

    def close(self):
        self.socket.close()


@pytest.fixture
def receiver():
    made = Receiver(free_port())
    yield made
    made.close()


def table(receiver, **more):
    port = receiver.socket.getsockname()[1]
    return {"type": "multicast", "port": port, "interface": "127.0.0.1", **more}


def test_a_member_of_the_group_gets_the_signed_message_each_second_until_expiry(tmp_path, receiver):
    message = seal_now(lasts=2.5)

    async def main():
        async with serving(tmp_path, table(receiver)) as (chain, channels):
            sock = channels[0]._socket
            chain.publish(message)
            await until(lambda: len(receiver.take()) >= 2)
            sock = channels[0]._socket
            assert sock.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL) == 1
            await until(lambda: chain.workers[0].counts["expired"])
            receiver.take()
            before = len(receiver.got)
            await asyncio.sleep(1.3)
            assert len(receiver.take()) == before

    asyncio.run(main())
    assert set(receiver.got) == {message}
    assert unseal(receiver.got[0], KEYS.trusted).n == 1


def test_after_a_restart_in_the_middle_of_an_alert_it_is_sent_again(tmp_path, receiver):
    async def main():
        async with serving(tmp_path, table(receiver), record=tmp_path) as (chain, _):
            chain.publish(seal_now())
            await until(lambda: receiver.take() and (tmp_path / "channels.json").exists())
        receiver.got.clear()
        async with serving(tmp_path, table(receiver), record=tmp_path):
            await until(lambda: receiver.take())

    asyncio.run(main())


def test_it_is_there_a_moment_after_it_was_published(tmp_path, receiver):
    async def main():
        async with serving(tmp_path, table(receiver)) as (chain, _):
            await until(lambda: chain.states() == {"multicast": "open"})
            began = time.perf_counter()
            chain.publish(seal_now())
            await until(receiver.take)
            return time.perf_counter() - began

    assert asyncio.run(main()) < 2.0


@pytest.mark.parametrize("group", ["192.168.1.1", "x", "", "::1"])
def test_an_address_of_one_receiver_is_refused(tmp_path, group):
    read = entries({"type": "multicast", "group": group}, folder=tmp_path)
    with pytest.raises(ConfigError, match="group: expected a multicast address"):
        make_all(read, context(tmp_path))
