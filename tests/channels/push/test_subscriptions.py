"""What is kept of a device, and which addresses are taken."""

import os
import sqlite3

import pytest

from forewave.channels.push.subscriptions import Subscriptions, is_of, read
from forewave.errors import ConfigError, InputError
from tests.channels.push.push_service import Device, PushService

SERVICES = ("fcm.googleapis.com", "push.apple.com", "http://127.0.0.1:9")


@pytest.fixture(scope="module")
def device():
    with PushService() as service:
        yield Device(service), service.origin


def subscription(device, cell="wm6n", name="x"):
    one, origin = device
    fields = one.subscription(cell)
    return read(f"{origin}/{name}", fields["p256dh"], fields["auth"], cell, (origin,))


def test_they_are_the_same_after_a_restart(device, tmp_path):
    path = tmp_path / "record" / "push.sqlite"
    before = Subscriptions(path, 10)
    for name in "abc":
        before.add(subscription(device, name=name))
    before.remove(subscription(device, name="b").endpoint)
    before.close()
    after = Subscriptions(path, 10)
    after.load()
    assert {s.endpoint[-1] for s in after} == {"a", "c"}
    assert {s.public for s in after} == {subscription(device).public}
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_but_address_keys_and_cell_is_kept(device, tmp_path):
    path = tmp_path / "push.sqlite"
    store = Subscriptions(path, 10)
    store.add(subscription(device))
    with sqlite3.connect(path) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(subscriptions)")]
    assert columns == ["endpoint", "public", "auth", "cell"]


def test_a_device_that_moves_is_in_its_new_cell_only(device):
    store = Subscriptions(None, 10)
    store.add(subscription(device, "wm6n"))
    store.add(subscription(device, "wm7"))
    assert list(store.cells) == ["wm7"]
    assert len(store) == 1


def test_beyond_the_limit_none_is_added_but_known_ones_may_change(device):
    store = Subscriptions(None, 1)
    assert store.add(subscription(device, name="a"))
    assert not store.add(subscription(device, name="b"))
    assert store.add(subscription(device, "wm7", name="a"))


def test_keys_are_used_for_one_message_only(device):
    one = subscription(device)
    ready = one.prepared
    assert ready is not None
    assert one.keys() is ready
    assert one.keys().key != ready.key


@pytest.mark.parametrize(
    ("endpoint", "taken"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://web.push.apple.com/x", True),
        ("http://127.0.0.1:9/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com@127.0.0.1/x", False),
        ("https://evilfcm.googleapis.com.example.org/x", False),
        ("https://notpush.apple.com/x", False),
        ("http://127.0.0.1:80/x", False),
        ("http://[::1/x", False),
        ("https://fcm.googleapis.com/" + "x" * 1000, False),
        ("https://fcm.googleapis.com/\u00e9", False),
        ("", False),
    ],
)
def test_this_server_sends_only_to_known_push_services(endpoint, taken):
    assert is_of(endpoint, SERVICES) is taken


@pytest.mark.parametrize(
    "change",
    [
        {"cell": "wm"},
        {"cell": "wm6nq"},
        {"cell": "wma"},
        {"p256dh": "AAAA"},
        {"p256dh": "!"},
        {"auth": "AAAA"},
    ],
)
def test_wrong_fields_are_refused(device, change):
    one, origin = device
    fields = one.subscription("wm6n") | change
    with pytest.raises(InputError):
        read(services=(origin,), **fields)


def test_a_file_that_is_none_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "push.sqlite"
    path.write_text("something else, and long enough to be taken for a database" * 20)
    with pytest.raises(ConfigError, match=r"push\.sqlite"):
        Subscriptions(path, 1).load()


def test_a_file_that_is_locked_at_first_is_used_later(tmp_path, monkeypatch):
    file, connect = tmp_path / "push.sqlite", sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k, timeout=0.01))
    other = connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    subscriptions = Subscriptions(file, 10)
    with pytest.raises(ConfigError, match="locked"):
        subscriptions.load()
    other.execute("ROLLBACK")
    other.close()
    subscriptions.load()
    assert len(subscriptions) == 0
    subscriptions.close()
