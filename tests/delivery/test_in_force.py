import pytest

from forewave.delivery.in_force import InForce

DAY = 86_400.0


@pytest.fixture
def messages(clock):
    return InForce(clock)


def sent(alert):
    return f"{alert.event} {alert.version}".encode()


def test_of_an_event_the_newest_version_is_kept(messages, alert, version):
    assert messages.newest(alert) is None
    messages.add(alert, b"1")
    messages.add(version(3), b"3")
    assert messages.newest(version(2)) == messages.newest(version(3)) == b"3"
    assert messages.newest(version(4)) is None
    assert messages.repeated() == messages.for_new_device() == [b"3"]


def test_what_has_expired_is_neither_repeated_nor_in_force(messages, alert, clock):
    messages.add(alert, b"1")
    clock.now = alert.expires - 0.1
    assert messages.alerts() == [alert]
    assert messages.repeated() == [b"1"]
    clock.now = alert.expires
    assert messages.alerts() == messages.repeated() == messages.for_new_device() == []


def test_what_is_cancelled_is_not_in_force(messages, alert, version):
    messages.add(alert, b"1")
    messages.add(version(2, kind="cancel", why="false"), b"2")
    assert messages.alerts() == []
    assert messages.repeated() == [b"2"]


def test_a_cancel_is_repeated_for_three_minutes_and_then_sent_to_newcomers(
    messages, version, clock
):
    messages.add(version(2, kind="cancel", why="false", expires=clock.now + DAY), b"2")
    clock.now += 179
    assert messages.repeated() == messages.for_new_device() == [b"2"]
    clock.now += 1
    assert (messages.repeated(), messages.for_new_device()) == ([], [b"2"])


def test_an_expired_cancel_is_not_sent(messages, version, clock):
    messages.add(version(2, kind="cancel", why="false", expires=clock.now + DAY), b"2")
    clock.now += DAY - 1
    assert messages.for_new_device() == [b"2"]
    clock.now += 1
    assert messages.for_new_device() == []


def test_a_newcomer_gets_the_last_cancels_only(messages, version, clock):
    for i in range(50):
        change = {"event": f"e{i}", "issued": clock.now + i, "expires": clock.now + i + DAY}
        each = version(2, kind="cancel", why="false", **change)
        messages.add(each, sent(each))
    clock.now += 3600
    assert messages.for_new_device() == [b"e%d 2" % i for i in range(30, 50)]


def test_an_old_version_does_not_come_back_within_an_hour_after_it_expired(
    messages, clock, alert, version
):
    messages.add(version(3), b"3")
    clock.now = alert.expires + 3590
    messages.add(version(1, event="e2", expires=clock.now + 100), b"another")
    assert messages.newest(version(2)) == b"3"
    clock.now += 20
    messages.add(version(1, event="e3", expires=clock.now + 100), b"another")
    assert messages.newest(version(2)) is None


def test_all_are_signed_anew(messages, alert, version):
    messages.add(alert, b"1")
    messages.add(version(1, event="e2"), b"2")
    assert messages.reseal(sent) == [b"e1 1", b"e2 1"]
    assert messages.repeated() == [b"e1 1", b"e2 1"]
