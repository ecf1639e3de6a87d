"""Nothing is published without the lease, everything once with it, and again each second."""

import pytest

from forewave.cluster.lease import Candidate
from forewave.cluster.ledger import Ledger
from forewave.cluster.roles.publisher import Publisher
from forewave.cluster.wire import Beacon, Published, Subjects, devices, unsign
from forewave.delivery import signing
from forewave.delivery.stream import Readiness
from tests.cluster.records import T0, alert, published

KEYS = signing.generate()
SUBJECTS = Subjects("r")


class _Lease(Candidate):
    """One whose lease is held or not as the test says."""

    held = True

    def leads(self, now):
        return self.held

    def until(self):
        return 5.0 if self.held else 0.0


class _Bus:
    def __init__(self):
        self.sent = []

    def publish(self, subject, data, until):
        self.sent.append((subject, data, until))


class _Region:
    remade = 0
    fresh, differs, lacks = (), False, False

    def solution(self, event):
        return published(event).solution

    def unpublished(self, ledger, now):
        return list(self.fresh), self.differs

    def lacks_any(self, records):
        return self.lacks

    def remake(self, records):
        self.remade += 1


@pytest.fixture
def parts():
    return {"bus": _Bus(), "candidate": _Lease("a", 3), "region": _Region(), "ledger": Ledger()}


@pytest.fixture
def publisher(parts):
    return Publisher(
        subjects=SUBJECTS,
        keys=KEYS,
        clock=lambda: T0 + 10.0,
        readiness=lambda: Readiness("ready"),
        **parts,
    )


def records(bus):
    return [
        unsign(data, Published, KEYS.trusted, "r")
        for subject, data, _ in bus.sent
        if subject.startswith("forewave.r.published.")
    ]


def test_a_version_is_published_once_with_the_message_that_devices_get(publisher, parts):
    publisher.offer(alert())
    publisher.offer(alert())
    (record,) = records(parts["bus"])
    assert record.alert == alert()
    assert record.solution == published().solution
    on_devices = [data for subject, data, _ in parts["bus"].sent if subject == devices("actual")]
    assert on_devices == [record.message] == [KEYS.seal(alert())]
    assert {until for _, _, until in parts["bus"].sent} == {5.0}


def test_without_the_lease_nothing_leaves(publisher, parts):
    parts["candidate"].held = False
    publisher.offer(alert())
    publisher.look()
    publisher.repeat()
    assert parts["bus"].sent == []
    assert parts["ledger"].version("fw1") == 0


def test_valid_alerts_and_a_beacon_are_repeated_whoever_published_them(publisher, parts):
    parts["ledger"].add(published(version=3, epoch=1, leader="z", keys=KEYS), 0.0)
    parts["ledger"].add(published("fw0", keys=KEYS, expires=T0 + 9.0), 0.0)
    parts["candidate"].epoch = 7
    publisher.repeat()
    (record,) = records(parts["bus"])
    assert (record.epoch, record.leader, record.alert.version) == (7, "a", 3)
    beacons = [data for subject, data, _ in parts["bus"].sent if subject == SUBJECTS.beacon]
    (beacon,) = (unsign(data, Beacon, KEYS.trusted, "r") for data in beacons)
    assert (beacon.epoch, beacon.state) == (7, "ready")


def test_who_takes_over_publishes_what_is_fresh_and_makes_different_rooms_again(publisher, parts):
    parts["region"].fresh = [alert(version=2)]
    publisher.look()
    assert {r.alert.version for r in records(parts["bus"])} == {2}
    assert parts["region"].remade == 0
    count = len(parts["bus"].sent)
    publisher.look()
    assert len(parts["bus"].sent) == count
    parts["candidate"].held = False
    publisher.look()
    parts["candidate"].held, parts["region"].differs = True, True
    publisher.look()
    assert parts["region"].remade == 1
