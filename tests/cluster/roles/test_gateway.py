"""The role gateway: its pages, its keys after SIGHUP, and devices of a cluster of three nodes."""

import asyncio
import time

import pytest

from forewave.archive import travel_time
from forewave.cluster.bus import Bus, addresses
from forewave.cluster.roles.gateway import GatewayRole, GatewayStatus
from forewave.cluster.roles.received import LOST, UNSIGNED, ClusterClock, Received
from forewave.cluster.wire import Beacon, Subjects
from forewave.delivery import key_list, signing
from forewave.delivery.gateway import Gateway
from forewave.delivery.served_keys import KeyFiles
from tests.cluster.nats_nodes import opened, three_nodes, until
from tests.cluster.records import T0, published
from tests.cluster.screens import Screen
from tests.cluster.signed import KEYS, REGION, beacon, sent


@pytest.fixture
def received():
    return Received(KEYS.trusted, REGION, ClusterClock(lambda: T0))


class _Gateway:
    connected = 3

    def health(self):
        return {"status": "ok"}


class _Bus:
    connected = 2


def test_its_pages_say_what_it_knows(received):
    status = GatewayStatus(_Bus(), received, _Gateway)
    assert status.alive() == (True, {"status": "ok"})
    assert status.ready()[0] is False
    received.beacon(beacon(), time.monotonic())
    assert status.ready()[0] is True
    text = status.metrics(status.snapshot()).decode()
    assert "forewave_bus_nodes 2\n" in text
    assert "forewave_devices 3\n" in text
    assert status.facts(status.snapshot())["epoch"] == 1


def role_of(received, file, listed=None, **more):
    return GatewayRole(
        name="g",
        bus=_Bus(),
        subjects=Subjects(REGION),
        received=received,
        gateway=Gateway(KEYS, time.time, travel_time.load()),
        key_files=KeyFiles(signing.load_public, file, listed),
        **more,
    )


def test_after_sighup_a_key_that_the_list_revokes_is_not_believed(received, tmp_path):
    file, listed = tmp_path / "public.pem", tmp_path / "keys.json"
    root, following, now = signing.generate(), signing.generate(), time.time()
    role = role_of(received, file, listed)
    signing.Keys(following._private, (KEYS._private.public_key(),)).save_public(file)
    entry = key_list.listed(following.trusted[following.id], now - 9.0, now + 999.0)
    dates = {"made": now, "until": now + 999.0}
    listed.write_bytes(key_list.make(root, [entry], n=2, revoked=[KEYS.id], **dates))
    role.reload()
    assert received.trusted == following.trusted
    assert received.published(sent(published(keys=KEYS)), 0.0) is None
    received.beacon(beacon(epoch=2**62), 0.0)
    assert (received.epoch, received.counts[UNSIGNED]) == (0, 2)


def test_after_sighup_the_next_key_is_trusted_too_and_a_faulty_file_changes_nothing(
    received, tmp_path, caplog
):
    file, following = tmp_path / "public.pem", signing.generate()
    role = role_of(received, file)
    message = sent(published(keys=following), following)
    assert received.published(message, 0.0) is None
    assert received.published(message, 0.0) is None
    assert received.counts[UNSIGNED] == 1  # it is not verified again
    file.write_text("not a key")
    role.reload()
    assert "keys are not changed" in caplog.text
    assert received.trusted == KEYS.trusted
    KEYS.save_public(file)
    both = file.read_bytes()
    following.save_public(file)
    file.write_bytes(both + file.read_bytes())
    role.reload()
    assert received.published(message, 0.1)  # the leader repeats the same bytes
    assert received.published(sent(published("fw3", keys=KEYS)), 0.2)
    assert role._gateway.signing[0].trusted == {**KEYS.trusted, **following.trusted}


@pytest.mark.live
@pytest.mark.slow
def test_devices_get_what_is_signed_and_a_gateway_that_is_cut_off_says_so(tmp_path):
    """A rogue has the password of the bus, but no key."""
    rogue = signing.generate()
    now = time.time()
    times = {"issued": now, "expires": now + 300.0}

    async def play(nodes):
        received = Received(KEYS.trusted, REGION, clock := ClusterClock())
        gateway = Gateway(
            KEYS,
            clock,
            travel_time.load(),
            port=0,
            stream_port=0,
            readiness=lambda: received.readiness(time.monotonic()),
        )
        bus = Bus(addresses(nodes.bus), "gateway")
        subjects = Subjects(REGION)
        role = GatewayRole(
            name="g",
            bus=bus,
            subjects=subjects,
            received=received,
            gateway=gateway,
            key_files=KeyFiles(signing.load_public, tmp_path / "public.pem", None),
        )
        running = asyncio.create_task(role.run())
        screen = None
        try:
            async with opened(nodes) as other:
                await until(lambda: bus.connected == 3 and gateway.stream_port)
                await asyncio.sleep(0.5)  # it has subscribed
                screen = Screen([gateway.stream_port], 0, KEYS.trusted)
                watching = asyncio.create_task(screen.run())
                await until(lambda: screen.heartbeat.get("state") == "not ready")
                other.publish(subjects.beacon, sent(Beacon(1, "x", 1, now, "ready"), rogue))
                forged = published("fw9", keys=rogue, **times)
                other.publish(subjects.published("fw9"), sent(forged, rogue))
                other.publish(subjects.beacon, beacon(now=now))
                genuine = published("fw1", keys=KEYS, **times)
                other.publish(subjects.published("fw1"), sent(genuine))
                await until(lambda: screen.has("fw1", 1))
                await until(lambda: screen.heartbeat["state"] == "ready")
                ready = time.monotonic()
                for process in nodes.processes:
                    process.kill()
                await until(lambda: screen.heartbeat["state"] == "not ready")
                assert time.monotonic() - ready < LOST + 3.0
                assert not screen.has("fw9", 1)
                assert received.counts[UNSIGNED] >= 2
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    with three_nodes(tmp_path) as nodes:
        asyncio.run(play(nodes))
