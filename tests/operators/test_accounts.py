"""Accounts: what a file holds, and who may log in."""

import json
import statistics
import time

import pytest

from forewave.errors import ConfigError, InputError
from forewave.operators.accounts import LONGEST, Accounts


@pytest.fixture
def accounts(tmp_path):
    return Accounts(tmp_path / "operators.json")


def test_a_password_is_right_for_its_name_only(accounts, password):
    accounts.add("anna", password)
    accounts.add("bob", password + " 2")
    assert accounts.names() == ["anna", "bob"]
    assert accounts.verify("anna", password)
    assert not accounts.verify("anna", password + " 2")
    assert not accounts.verify("bob", password)
    assert not accounts.verify("carol", password)
    assert not accounts.verify("", "")


def test_the_file_has_argon2id_hashes_and_is_for_its_owner_only(accounts, password):
    accounts.add("anna", password)
    text = accounts.path.read_text()
    assert password not in text
    assert json.loads(text)["operators"]["anna"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert accounts.path.stat().st_mode & 0o777 == 0o600


def test_a_new_password_replaces_the_old_one_and_a_removed_account_is_gone(accounts, password):
    accounts.add("anna", password)
    accounts.add("anna", "another password")
    assert not accounts.verify("anna", password)
    assert accounts.verify("anna", "another password")
    accounts.remove("anna")
    assert not accounts.verify("anna", "another password")
    with pytest.raises(InputError, match="no account 'anna'"):
        accounts.remove("anna")


@pytest.mark.parametrize("name", ["", "Anna", "a b", "x" * 33, "../x", "é", "-a"])
def test_a_name_is_plain(accounts, password, name):
    with pytest.raises(InputError, match="name"):
        accounts.add(name, password)


@pytest.mark.parametrize("wrong", ["", "short", "x" * 11, "x" * (LONGEST + 1)])
def test_a_password_has_a_length(accounts, wrong):
    with pytest.raises(InputError, match="password: expected at"):
        accounts.add("anna", wrong)


@pytest.mark.parametrize("data", ["", "[]", "{}", '{"operators": 1}', '{"operators": {"a": 1}}'])
def test_a_damaged_file_lets_nobody_in(accounts, password, data):
    accounts.path.touch(0o600)
    accounts.path.write_text(data)
    with pytest.raises(ConfigError, match="no file of operators"):
        accounts.verify("anna", password)


def test_a_file_that_others_may_read_is_refused(accounts, password):
    accounts.add("anna", password)
    accounts.path.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        accounts.names()


def test_a_hash_that_is_none_lets_nobody_in(accounts, password):
    accounts.path.touch(0o600)
    accounts.path.write_text('{"operators": {"anna": "plain text"}}')
    assert not accounts.verify("anna", "plain text")


@pytest.mark.alone
def test_the_time_does_not_tell_whether_a_name_exists(accounts, password):
    accounts.add("anna", password)

    def median(name):
        times = []
        for _ in range(9):
            began = time.perf_counter()
            accounts.verify(name, "wrong password")
            times.append(time.perf_counter() - began)
        return statistics.median(times)

    assert median("nobody") == pytest.approx(median("anna"), rel=0.5)
