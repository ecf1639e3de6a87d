"""What a gateway takes from the bus: signed, of this leader, once; and when it is not ready."""

import asyncio
import time

import pytest

from forewave.archive import travel_time
from forewave.cluster.bus import Bus, addresses
from forewave.cluster.ledger import FORGET
from forewave.cluster.roles.gateway import (
    EXPIRED,
    LOST,
    NEAR,
    REPLAYED,
    STEP,
    UNSIGNED,
    ClusterClock,
    GatewayRole,
    GatewayStatus,
    Received,
)
from forewave.cluster.wire import Beacon, Subjects, sign
from forewave.delivery import key_list, signing
from forewave.delivery.gateway import Gateway
from forewave.delivery.served_keys import KeyFiles
from tests.cluster.nats_nodes import opened, three_nodes, until
from tests.cluster.records import T0, published
from tests.cluster.screens import Screen

KEYS = signing.generate()
REGION = "r"


@pytest.fixture
def received():
    return Received(KEYS.trusted, REGION, ClusterClock(lambda: T0))


def sent(record, keys=KEYS):
    return sign(record, keys, REGION)


def beacon(n=1, epoch=1, leader="a", state="ready", now=T0):
    return sent(Beacon(epoch, leader, n, now, state))


def test_a_signed_alert_is_passed_on_once(received):
    data = sent(published(keys=KEYS))
    assert received.published(data, 0.0).alert.event == "fw1"
    assert received.published(data, 0.1) is None
    assert not received.counts


def test_an_alert_signed_by_another_key_is_refused(received):
    rogue = signing.generate()
    assert received.published(sent(published(keys=rogue), rogue), 0.0) is None
    assert received.published(sent(published(keys=rogue)), 0.0) is None
    assert received.counts[UNSIGNED] == 2


@pytest.mark.parametrize("change", [{"version": 2}, {"mode": "drill"}, {"expires": T0 + 900.0}])
def test_a_message_that_says_something_else_than_its_record_is_refused(received, change):
    """Signed both, but put together by somebody else: the record decides what is sent on."""
    other = published(keys=KEYS, **change)
    mixed = published(keys=KEYS)
    mixed = type(mixed)(mixed.epoch, mixed.leader, other.alert, mixed.solution, mixed.message)
    assert received.published(sent(mixed), 0.0) is None


def test_an_alert_of_a_former_leader_is_refused_but_not_one_that_is_kept(received):
    assert received.published(sent(published(epoch=2, leader="b", keys=KEYS)), 0.0)
    late = sent(published(event="fw2", epoch=1, keys=KEYS))
    assert received.published(late, 0.1) is None
    assert received.counts["of a former leader"] == 1
    kept = sent(published(event="fw3", epoch=1, keys=KEYS))
    assert received.published(kept, 0.2, kept=True)


def test_what_was_refused_for_a_leader_that_is_gone_is_passed_on_when_repeated(received):
    assert received.published(sent(published(epoch=2, leader="b", keys=KEYS)), 0.0)
    repeated = sent(published(event="fw2", epoch=1, keys=KEYS))
    assert received.published(repeated, 1.0) is None
    assert received.published(repeated, FORGET)


def test_without_a_beacon_it_is_not_ready(received):
    assert received.readiness(0.0).state == "not ready"
    received.beacon(beacon(), 10.0)
    assert received.readiness(10.0 + LOST).state == "ready"
    assert received.readiness(10.0 + LOST + 0.1).state == "not ready"


def test_the_leaders_word_is_passed_on(received):
    received.beacon(sent(Beacon(1, "a", 1, T0, "not ready", ("a station",))), 0.0)
    assert received.readiness(0.0).missing == ("a station",)
    received.beacon(beacon(2, state="drill"), 1.0)
    assert received.readiness(1.0).state == "drill"


def test_a_forged_or_repeated_beacon_does_not_make_it_ready(received):
    genuine = beacon(3)
    received.beacon(genuine, 0.0)
    received.beacon(beacon(2), 20.0)  # one that was captured and held back
    received.beacon(genuine, 20.0)
    rogue = signing.generate()
    received.beacon(sent(Beacon(9, "x", 9, T0, "ready"), rogue), 20.0)
    assert received.readiness(20.0).state == "not ready"


def test_the_time_is_the_leaders_whatever_this_machine_has():
    clock, began = ClusterClock(), time.monotonic()
    assert abs(clock() - time.time()) < 1.0
    clock.heard(T0, began, again=True)
    clock.heard(T0 + 1.0, began + 1.2, again=False)  # came 0.2 s later than the first
    assert clock() - T0 == pytest.approx(time.monotonic() - began, abs=0.05)
    clock.heard(T0 - 3600.0, began, again=False)  # the stations' clock was set back
    assert clock() - T0 == pytest.approx(time.monotonic() - began - 3600.0, abs=0.05)


QUIET = FORGET + 1.0  # seconds after which any epoch counts
HOURS = 6 * 3600.0


def test_captured_beacons_do_not_make_it_ready_when_the_leader_is_gone(received):
    received.beacon(beacon(1, epoch=9, leader="new"), 0.0)
    for n in range(3):
        received.beacon(beacon(n, epoch=5, leader="old", now=T0 - HOURS + n), QUIET + n)
    assert received.counts[REPLAYED] == 3
    assert received.readiness(QUIET + 2.0).state == "not ready"
    assert (received.epoch, received._clock.at(QUIET)) == (9, T0 + QUIET)
    received.beacon(beacon(1, epoch=5, leader="old", now=T0 - 60.0), QUIET)  # this hour's
    assert received.counts[REPLAYED] == 4
    received.beacon(beacon(1, epoch=8, leader="next", now=T0 + QUIET), QUIET)
    received.beacon(beacon(2, epoch=9, leader="new", now=T0 + 1.0), 3 * QUIET)
    assert received.counts[REPLAYED] == 5  # its epoch is higher than the last, but not than all


def test_with_a_wrong_clock_of_this_machine_captured_beacons_do_not_count_either():
    for wrong in (-1e9, 1e9):
        received = Received(KEYS.trusted, REGION, ClusterClock(lambda wrong=wrong: T0 + wrong))
        received.beacon(beacon(1, epoch=9, leader="new"), 0.0)
        received.beacon(beacon(7, epoch=5, leader="old", now=T0 - HOURS), QUIET)
        assert received.counts[REPLAYED] == 1
        received.beacon(beacon(1, epoch=8, leader="next", now=T0 + QUIET), QUIET)
        assert received.readiness(QUIET).state == "ready"


def test_stations_whose_clock_is_set_back_are_followed(received):
    received.beacon(beacon(1, epoch=9), 0.0)
    received.beacon(beacon(2, epoch=9, now=T0 - HOURS), 1.0)  # of the same leader
    received.beacon(beacon(1, epoch=10, leader="b", now=T0 - 2 * HOURS), 2.0)
    assert received.readiness(2.0).state == "ready"
    assert received._clock.at(2.0) == T0 - 2 * HOURS
    received.beacon(beacon(1, epoch=3, leader="c", now=T0 - 2 * HOURS + QUIET - STEP), 2.0 + QUIET)
    assert received.readiness(2.0 + QUIET).state == "ready"


def test_a_leader_that_was_ahead_by_hours_does_not_shut_out_the_next(received):
    received.beacon(beacon(1, epoch=9, now=T0 + HOURS), 0.0)
    received.beacon(beacon(1, epoch=8, leader="b", now=T0 - NEAR - 1.0), QUIET)
    assert received.counts[REPLAYED] == 1
    received.beacon(beacon(1, epoch=8, leader="b", now=T0 + QUIET), QUIET)
    assert received.readiness(QUIET).state == "ready"


def test_an_alert_that_has_expired_by_the_leaders_clock_is_not_passed_on(received):
    received.beacon(beacon(epoch=9), 0.0)
    for kept in (False, True):
        old = sent(published(epoch=5, keys=KEYS, expires=T0 + QUIET))
        assert received.published(old, QUIET, kept=kept) is None
    assert (received.counts[EXPIRED], received.epoch) == (2, 9)
    valid = sent(published("fw2", epoch=5, keys=KEYS, expires=T0 + QUIET + 1.0))
    assert received.published(valid, QUIET)


def test_a_machine_that_is_ahead_passes_alerts_on_as_soon_as_it_hears_the_leader():
    received = Received(KEYS.trusted, REGION, ClusterClock(lambda: T0 + HOURS))
    data = sent(published(keys=KEYS))
    at = time.monotonic()
    assert received.published(data, at) is None
    received.beacon(beacon(), at)
    assert received.published(data, at)


def test_an_odd_epoch_shuts_out_the_leader_for_seconds_only(received):
    received.beacon(beacon(epoch=2**62, leader="odd"), 0.0)
    received.beacon(beacon(5, epoch=9, now=T0 + 5.0), 5.0)
    assert received.counts["of a former leader"] == 1
    received.beacon(beacon(10, epoch=9, now=T0 + QUIET), QUIET)
    assert received.readiness(QUIET).state == "ready"


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
