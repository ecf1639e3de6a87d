import json
import os
import stat
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.delivery import signing
from forewave.errors import ConfigError, FormatError
from forewave.formats.protocols.alert_message import MAX_BYTES, encode


def test_what_is_sealed_is_unsealed(keys, alert):
    message = signing.unseal(keys.seal(alert), keys.trusted)
    assert (message.id, message.n, message.key, message.mode) == ("e1", 1, keys.id, "drill")


def test_sealing_is_deterministic(keys, alert):
    assert keys.seal(alert) == keys.seal(alert)


def test_the_longest_message_is_within_the_limit(keys, alert):
    cells = tuple((f"wx{a}{b}", 5.5) for a in "0123456789bcdefg" for b in "0123456789bcdefg")
    assert len(keys.seal(replace(alert, field=cells))) <= MAX_BYTES


CHANGES = {
    "mode": "actual",
    "kind": "update",
    "level": "aware",
    "id": "e2",
    "n": 2,
    "m": 9.0,
    "lat": 25.0,
    "t0": 1,
    "exp": 2_000_000_000_000,
    "cells": {},
    "why": "false",
    "extra": 1,
}


@pytest.mark.parametrize("field", CHANGES)
def test_any_changed_field_is_found(keys, alert, field):
    forged = {**json.loads(keys.seal(alert)), field: CHANGES[field]}
    with pytest.raises(FormatError, match="the signature does not match"):
        signing.unseal(encode(forged), keys.trusted)


def test_a_drill_signed_by_a_stranger_is_refused(keys, alert):
    with pytest.raises(FormatError, match="signed by an unknown key"):
        signing.unseal(signing.generate().seal(alert), keys.trusted)


def test_a_stranger_who_names_our_key_is_refused(keys, alert):
    stranger = signing.generate()
    stranger.id = keys.id
    with pytest.raises(FormatError, match="the signature does not match"):
        signing.unseal(stranger.seal(alert), keys.trusted)


def test_a_long_message_is_refused_before_it_is_read(keys):
    with pytest.raises(FormatError, match="1001 bytes, at most 1000"):
        signing.unseal(b" " * 1001, keys.trusted)


@pytest.mark.parametrize("letter", ["x", "地"])
def test_a_message_of_1000_bytes_is_read_and_a_longer_one_is_not(keys, alert, letter):
    fields = json.loads(keys.seal(alert))
    del fields["sig"]
    for size in (1000, 1001):
        room = size - len(encode({**fields, "pad": "", "sig": "x" * 86}))
        wide = room // len(letter.encode())
        padded = {**fields, "pad": letter * wide + "x" * (room - wide * len(letter.encode()))}
        sealed = encode({**padded, "sig": signing.base64url(keys.sign(encode(padded)))})
        assert len(sealed) == size
        for data in (sealed, sealed.decode()):
            if size == 1000:
                assert signing.unseal(data, keys.trusted).id == "e1"
            else:
                with pytest.raises(FormatError, match="1001 bytes, at most 1000"):
                    signing.unseal(data, keys.trusted)


def test_a_key_is_named_by_eight_letters(keys):
    assert len(keys.id) == 8


@given(st.binary(max_size=64))
def test_random_signatures_do_not_verify(keys, signature):
    public = keys.trusted[keys.id]
    assert not signing.verify(public, b"data", signing.base64url(signature))


def test_rfc_8032_test_2():
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert signing.verify(public, b"\x72", signing.base64url(signature))


def test_a_saved_key_is_the_same_and_private(keys, tmp_path):
    path = tmp_path / "key.pem"
    keys.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing.load(path).trusted == keys.trusted
    with pytest.raises(FileExistsError):
        keys.save(path)


def test_several_keys_in_a_file_the_first_signs(tmp_path, alert):
    old, new = signing.generate(), signing.generate()
    for name, key in (("old", old), ("new", new)):
        key.save(tmp_path / name)
    both = tmp_path / "both"
    both.touch(0o600)
    both.write_bytes((tmp_path / "new").read_bytes() + (tmp_path / "old").read_bytes())
    ring = signing.load(both)
    assert ring.id == new.id
    assert ring.trusted == {**new.trusted, **old.trusted}
    assert signing.unseal(old.seal(alert), ring.trusted).key == old.id


def test_a_public_key_alone_cannot_sign(tmp_path):
    public = Ed25519PrivateKey.generate().public_key()
    path = tmp_path / "key.pem"
    path.touch(0o600)
    path.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(ConfigError, match="expected a private Ed25519 key"):
        signing.load(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot read the signing key: No such file"),
        (b"", "expected a private Ed25519 key"),
        (b"garbage", "expected a private Ed25519 key"),
        (
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "expected PEM keys without password",
        ),
    ],
)
def test_a_wrong_key_file_is_named(tmp_path, content, reason):
    path = tmp_path / "key.pem"
    if content is not None:
        path.touch(0o600)
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=reason) as refused:
        signing.load(path)
    assert str(path) in str(refused.value)


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o610, 0o602])
def test_a_key_that_others_may_read_is_refused(keys, tmp_path, mode):
    path = tmp_path / "key.pem"
    keys.save(path)
    path.chmod(mode)
    with pytest.raises(ConfigError, match="chmod 600"):
        signing.load(path)


def test_a_file_without_a_key_is_not_to_be_hidden(tmp_path):
    path = tmp_path / "stations.csv"
    path.write_text("net,sta\n")
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="expected a private Ed25519 key"):
        signing.load(path)


def test_a_signature_has_one_writing(keys):
    public, sealed = keys.trusted[keys.id], signing.base64url(keys.sign(b"data"))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = sealed[:-1] + letters[letters.index(sealed[-1]) ^ 1]  # four bits that say nothing
    assert signing.verify(public, b"data", sealed)
    assert not signing.verify(public, b"data", other)
    assert not signing.verify(public, b"data", sealed + "==")


def test_a_key_file_of_beginnings_is_refused_in_no_time(tmp_path):
    """A search for the end of each would take a second for 100 kB."""
    file = tmp_path / "k"
    file.touch(0o600)
    file.write_bytes(b"-----BEGIN PRIVATE KEY-----\n" * 3500)
    began = time.process_time()
    with pytest.raises(ConfigError, match="expected a private Ed25519 key"):
        signing.load(file)
    assert time.process_time() - began < 0.1
    file.write_bytes(b"x" * 200_000)
    with pytest.raises(ConfigError, match="expected at most"):
        signing.load(file)


def test_a_block_that_was_cut_off_does_not_hide_the_next_one(tmp_path):
    signing.generate().save(tmp_path / "k")
    whole = (tmp_path / "k").read_bytes()
    (tmp_path / "k").write_bytes(whole[:60] + b"\n" + whole)
    assert signing.load(tmp_path / "k").id


@pytest.mark.parametrize("number", ["1.8e20", "1e-9", "123456789012345678901234567890"])
def test_a_number_that_no_message_has_is_refused_in_one_line(keys, alert, number):
    sealed = keys.seal(alert).decode()
    with pytest.raises(FormatError, match="alert message: "):
        signing.unseal(sealed[:-1] + f',"z":{number}}}', keys.trusted)


def test_a_key_whose_kind_contradicts_its_length_is_refused_in_one_line(tmp_path):
    """One bit of the name of its algorithm, and OpenSSL has an error that it has no name for."""
    signing.generate().save(tmp_path / "k")
    as_x448 = (tmp_path / "k").read_bytes().replace(b"AwBQYDK2Vw", b"AwBQYDK2Vv")
    (tmp_path / "k").write_bytes(as_x448)
    with pytest.raises(ConfigError, match="expected PEM keys without password"):
        signing.load(tmp_path / "k")


def test_an_unknown_key_is_named(keys, alert):
    stranger = signing.generate()
    with pytest.raises(signing.UnknownKeyError) as error:
        signing.unseal(stranger.seal(alert), keys.trusted)
    assert error.value.key == stranger.id


@pytest.mark.parametrize("text", ["AB=", "AB==", "A", "AA+", "AA/_", "AB C", "AB\n", "é"])
def test_base64url_has_one_writing(text):
    with pytest.raises(ValueError, match=r"base64|ASCII|padding"):
        signing.from_base64url(text)


def test_base64url_is_read_as_it_is_written(keys):
    for raw in keys.trusted.values():
        assert signing.from_base64url(signing.base64url(raw)) == raw


def test_public_keys_are_those_of_the_private_ones_and_sign_nothing(keys, tmp_path):
    keys.save(tmp_path / "private.pem")
    keys.save_public(tmp_path / "public.pem")
    for name in ("private.pem", "public.pem"):
        public = signing.load_public(tmp_path / name)
        assert (public.id, public.trusted) == (keys.id, keys.trusted)
        assert not hasattr(public, "sign")
    assert b"PRIVATE" not in (tmp_path / "public.pem").read_bytes()


def test_a_file_without_public_keys_is_refused_in_one_line(tmp_path):
    with pytest.raises(ConfigError, match="cannot read the public keys"):
        signing.load_public(tmp_path / "missing.pem")
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(ConfigError, match="expected public Ed25519 keys"):
        signing.load_public(tmp_path / "empty.pem")
