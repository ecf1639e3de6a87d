"""What a gateway takes from the bus: signed, of this leader, once; and when it is not ready."""

import time

import pytest

from forewave.cluster.ledger import FORGET
from forewave.cluster.roles.received import (
    EXPIRED,
    LOST,
    NEAR,
    REPLAYED,
    STEP,
    UNSIGNED,
    ClusterClock,
    Received,
)
from forewave.cluster.wire import Beacon
from forewave.delivery import signing
from tests.cluster.records import T0, published
from tests.cluster.signed import KEYS, REGION, beacon, sent


@pytest.fixture
def received():
    return Received(KEYS.trusted, REGION, ClusterClock(lambda: T0))


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
