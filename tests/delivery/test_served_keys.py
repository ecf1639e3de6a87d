"""What a server makes of its files of keys, and what it serves of them."""

import json
import time

import pytest

from forewave.delivery import key_list, served_keys, signing
from forewave.delivery.served_keys import KeyFiles, believed
from forewave.errors import ConfigError

DAY = 86_400.0
ROOT, KEYS, NEXT = signing.generate(), signing.generate(), signing.generate()


def a_list(n=1, *keys, days=100.0, key_days=100.0, revoked=()):
    now = time.time()
    entries = [
        key_list.listed(key.trusted[key.id], now - DAY, now + key_days * DAY)
        for key in keys or (KEYS,)
    ]
    return key_list.make(ROOT, entries, n=n, made=now, until=now + days * DAY, revoked=revoked)


@pytest.fixture
def files(tmp_path):
    KEYS.save(tmp_path / "a.key")
    (tmp_path / "keys.json").write_bytes(a_list())
    return KeyFiles(signing.load, tmp_path / "a.key", tmp_path / "keys.json")


def test_keys_and_list_are_read(files, caplog):
    keys, served = files.read()
    assert keys.id == KEYS.id
    assert served is not None
    assert served[0].n == 1
    assert not caplog.records


def test_without_a_list_there_is_none(tmp_path):
    KEYS.save(tmp_path / "a.key")
    assert KeyFiles(signing.load, tmp_path / "a.key", None).read()[1] is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"nonsense", "malformed"),
        (a_list().replace(b'"n":1', b'"n":2'), "bad signature"),
        (a_list(1, NEXT), "does not list the signing key"),
        (a_list(1, KEYS, revoked=[KEYS.id]), "or revokes it"),
        (None, "cannot read the key list"),
    ],
)
def test_a_list_of_no_use_is_an_error(files, tmp_path, data, why):
    (tmp_path / "keys.json").unlink()
    if data is not None:
        (tmp_path / "keys.json").write_bytes(data)
    with pytest.raises(ConfigError, match=why):
        files.read()


@pytest.mark.parametrize(
    ("dates", "problem"),
    [
        ({"days": -1.0}, "the key list has expired"),
        ({"key_days": -0.5}, "is not valid now"),
        ({"days": 20.1}, "the key list ends in 20 days"),
        ({"key_days": 10.1}, "the signing key ends in 10 days"),
    ],
)
def test_what_devices_refuse_now_or_soon_is_logged(files, tmp_path, caplog, dates, problem):
    (tmp_path / "keys.json").write_bytes(a_list(**dates))
    files.read()
    assert problem in caplog.text


def test_an_older_list_than_the_one_before_is_not_served(files, tmp_path):
    (tmp_path / "keys.json").write_bytes(a_list(2))
    files.read()
    (tmp_path / "keys.json").write_bytes(a_list(1))
    with pytest.raises(
        ConfigError, match="devices would refuse it: key list: older: version 1, version 2"
    ):
        files.read()


def test_another_list_of_the_same_version_is_not_served(files, tmp_path):
    before = files.read()[1]
    (tmp_path / "keys.json").write_bytes(a_list(1, KEYS, NEXT))
    with pytest.raises(ConfigError, match="conflict: another list of version 1 was seen"):
        files.read()
    (tmp_path / "keys.json").write_bytes(before[1] + b"\n")  # the same list once more
    assert files.read()[1] == before


BOTH = signing.Keys(NEXT._private, (KEYS._private.public_key(),))


def served_list(*args, **dates):
    data = a_list(*args, **dates)
    return key_list.read_unverified(data), data


@pytest.mark.parametrize(
    ("served", "ids"),
    [
        (None, [NEXT.id, KEYS.id]),
        (served_list(1, KEYS, NEXT), [NEXT.id, KEYS.id]),
        (served_list(1, NEXT), [NEXT.id]),
        (served_list(1, NEXT, revoked=[KEYS.id]), [NEXT.id]),
        (served_list(1, KEYS, NEXT, revoked=[KEYS.id]), [NEXT.id]),
        (served_list(1, KEYS, NEXT, revoked=[KEYS.id], days=-1.0), [NEXT.id]),
        (served_list(1, KEYS, NEXT, key_days=-0.5), [NEXT.id, KEYS.id]),
        (served_list(1, ROOT), []),
    ],
)
def test_keys_are_believed_that_the_list_has_and_has_not_revoked(served, ids):
    found = believed(BOTH, served, time.time())
    assert list(found) == ids
    assert found.items() <= BOTH.trusted.items()


def test_of_keys_that_are_listed_those_whose_time_has_come_are_believed():
    now = time.time()
    raw = (key.trusted[key.id] for key in (NEXT, KEYS))
    entries = [key_list.listed(next(raw), now - DAY, now + DAY)]
    entries.append(key_list.listed(next(raw), now - DAY, now - 1.0))
    data = key_list.make(ROOT, entries, n=1, made=now, until=now + DAY)
    assert list(believed(BOTH, (key_list.read_unverified(data), data), now)) == [NEXT.id]


def test_the_list_is_served_and_only_its_keys_are_named(net, open_gateway, keys):
    own = key_list.listed(keys.trusted[keys.id], 0, time.time() + DAY)
    data = key_list.make(ROOT, [own], n=4, made=0, until=time.time() + DAY)
    served = (key_list.read_unverified(data), data.strip())

    async def work():
        async with open_gateway(key_list=served) as gateway:
            config = (await net.get(gateway, "/config.json")).json()
            assert config["key_list"] == json.loads(data)
            assert list(config["keys"]) == [keys.id]
            answer = await net.get(gateway, "/keys.json")
            assert answer.content == data.strip()
            async with net.stream(gateway) as client:
                json.loads(await client.recv())
                gateway.stream.heartbeat()
                assert json.loads(await client.recv())["list"] == 4

    net.run(work())


def test_without_a_list_the_server_says_how_far_keys_are_trusted(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            answer = await net.get(gateway, "/keys.json")
            assert (answer.status_code, answer.text) == (404, served_keys.NO_LIST)
            assert (await net.get(gateway, "/config.json")).json()["key_list"] is None

    net.run(work())
