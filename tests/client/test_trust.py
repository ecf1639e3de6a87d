"""Whom a program believes, with the vectors that it shares with the pages."""

import json
from pathlib import Path

import pytest

from forewave.archive import travel_time
from forewave.client.receiver import Receiver
from forewave.client.service import Config
from forewave.client.trust import Trust
from forewave.delivery import signing
from forewave.errors import FormatError, InputError
from forewave.formats.protocols.alert_message import encode
from forewave.types import Place

VECTORS = json.loads(
    (Path(__file__).parents[1] / "reference" / "device_trust.json").read_text("utf-8")
)
NOW = VECTORS["now"] / 1000.0
CHENGDU = Place("Chengdu", 30.66, 104.06)
NEXT, OLDER = (
    encode(step["list"])
    for case in VECTORS["lists"]
    if case["name"] == "rollback"
    for step in case["received"]
)


def config(data, keys=None):
    return Config(keys or {}, stream="stream", key_list=data)


@pytest.mark.parametrize("case", VECTORS["lists"], ids=lambda case: case["name"])
def test_lists_of_keys(case):
    trust = Trust(roots=case["given"])
    for step in case["received"]:
        # A device that does not know the date has a clock before it was built, and no server time.
        date = -1.0 if step["today"] is None else step["today"] / 1000.0
        found = json.dumps(step["list"]).encode()
        trust.learn(config(found), date, None)
        assert trust.refusal.startswith("key list: " + (step["why"] or "")) == bool(step["why"])
    date = -1.0 if case["today"] is None else case["today"] / 1000.0
    assert sorted(trust.keys(date, None)) == case["trusted"]


@pytest.mark.parametrize("case", VECTORS["streams"], ids=lambda case: case["name"])
def test_streams_of_messages(case):
    trust = Trust()
    trust.learn(config(encode(case["list"])), NOW, None)
    receiver = Receiver(CHENGDU, travel_time.load().coarse(), drills=True)
    for frame in case["frames"]:
        at = frame["at"] / 1000.0
        receiver.trust(trust.keys(at, None), trust.version)
        beat = json.dumps({"type": "heartbeat", "now": frame["at"]}).encode()
        receiver.frame(beat, at, at)
        alert = receiver.frame(frame["text"].encode(), at, at)
        became = "refused" if alert is None else "drill" if alert.drill else "actual"
        assert became == frame["is"]


@pytest.mark.parametrize("text", VECTORS["altered"], ids=["plain", "notice", "Chinese"])
def test_no_byte_of_a_message_may_change(text):
    """Every bit of every byte, by the decoder of messages; the receiver believes no other."""
    trust = Trust()
    trust.learn(config(encode(VECTORS["list"])), NOW, None)
    keys = trust.keys(NOW, None)
    receiver = Receiver(CHENGDU, travel_time.load().coarse(), drills=True)
    receiver.trust(keys)
    plain = text.encode()
    for position in range(len(plain)):
        for bit in range(8):
            changed = bytearray(plain)
            changed[position] ^= 1 << bit
            with pytest.raises(FormatError):
                signing.unseal(bytes(changed), keys)
            assert receiver.frame(bytes(changed), NOW, NOW) is None
    assert signing.unseal(plain, keys).id
    assert not receiver._known


def test_without_a_list_the_services_keys_are_trusted():
    trust = Trust()
    trust.learn(config(None, {"a": b"x"}), NOW, None)
    assert trust.keys(NOW, None) == {"a": b"x"}
    trust.learn(config(NEXT, {"a": b"x"}), NOW, None)
    assert "a" not in trust.keys(NOW, None)
    trust.learn(config(None, {"a": b"x"}), NOW, None)  # from now on never again
    assert "a" not in trust.keys(NOW, None)


def test_with_a_root_a_service_without_a_list_is_not_believed():
    trust = Trust(roots=[VECTORS["list"]["root"]])
    trust.learn(config(None, {"a": b"x"}), NOW, None)
    assert trust.keys(NOW, None) == {}


def test_pinned_keys_count_while_the_list_has_them():
    (name,) = VECTORS["lists"][3]["trusted"]
    trust = Trust(pinned={name: b"pinned", "other": b"x"})
    trust.learn(config(NEXT), NOW, None)
    assert trust.keys(NOW, None) == {name: b"pinned"}


def test_an_older_list_is_refused_after_a_restart(tmp_path):
    kept = tmp_path / "kept.json"
    Trust(kept=kept).learn(config(NEXT), NOW, None)
    again = Trust(kept=kept)
    assert again.version == 3
    again.learn(config(OLDER), NOW, None)
    assert "older" in again.refusal
    assert again.version == 3


def test_another_root_that_was_given_counts_instead_of_the_kept_one(tmp_path):
    kept = tmp_path / "kept.json"
    Trust(kept=kept).learn(config(NEXT), NOW, None)
    other = signing.generate()
    trust = Trust(roots=[signing.base64url(other.trusted[other.id])], kept=kept)
    assert trust.version == 0
    trust.learn(config(NEXT), NOW, None)
    assert "unknown root" in trust.refusal


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"roots": [], "list": {}}', b"\xff"])
def test_a_damaged_file_is_an_error_and_not_a_first_use(tmp_path, data):
    (tmp_path / "kept.json").write_bytes(data)
    with pytest.raises(InputError, match="damaged"):
        Trust(kept=tmp_path / "kept.json")


def test_a_folder_that_cannot_be_written_costs_no_alert(tmp_path, caplog):
    trust = Trust(kept=tmp_path / "gone" / "kept.json")
    trust.learn(config(NEXT), NOW, None)
    assert trust.version == 3
    assert "cannot be kept" in caplog.text


def test_the_servers_time_counts_where_this_clock_is_not_set():
    trust = Trust(built=NOW - 1.0)
    trust.learn(config(NEXT), 0.0, NOW)
    assert trust.keys(0.0, NOW)
    assert not trust.keys(0.0, NOW + 400 * 86_400.0)
