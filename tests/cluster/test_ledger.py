"""What was published: versions rise, events are forgotten after their time, old leaders refused."""

from forewave.cluster.ledger import FORGET, KEPT, Fence, Ledger
from tests.cluster.records import published


def test_a_version_is_new_once_and_numbers_only_rise():
    ledger = Ledger()
    assert ledger.add(published(version=2), 1.0)
    assert not ledger.add(published(version=2, epoch=9), 2.0)
    assert not ledger.add(published(version=1, epoch=9), 2.0)
    assert ledger.version("fw1") == 2
    assert not ledger.is_new(published(version=2).alert)
    assert ledger.is_new(published(version=3).alert)
    assert [at for _, at in ledger.heard()] == [1.0]


def test_expired_records_are_kept_for_an_hour_and_not_valid():
    ledger = Ledger()
    record = published()
    ledger.add(record, 0.0)
    assert ledger.valid(record.alert.expires - 1.0) == [record]
    assert ledger.valid(record.alert.expires) == []
    ledger.forget(record.alert.expires + KEPT - 1.0)
    assert ledger.records() == [record]
    ledger.forget(record.alert.expires + KEPT)
    assert ledger.records() == []


def test_a_former_leader_is_refused():
    fence = Fence()
    assert fence.admits(5, "a", 0.0)
    assert fence.admits(6, "b", 1.0)
    assert not fence.admits(5, "a", 1.1)
    assert fence.epoch == 6


def test_a_lower_epoch_counts_when_the_higher_one_is_gone():
    fence = Fence()
    assert fence.admits(6, "b", 0.0)
    assert not fence.admits(5, "a", FORGET - 0.1)
    assert fence.admits(5, "a", FORGET)
