"""Held to the example of RFC 8291, appendix A, and to a receiver with code of its own."""

import csv
from pathlib import Path

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from forewave.channels.push.encryption import LARGEST, prepare, seal
from forewave.delivery.signing import from_base64url

TABLE = Path(__file__).parents[2] / "reference" / "rfc8291_appendix_a.csv"


@pytest.fixture(scope="module")
def example() -> dict[str, bytes]:
    with TABLE.open(encoding="ascii") as file:
        return {row["name"]: from_base64url(row["base64url"]) for row in csv.DictReader(file)}


def key_of(raw: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())


def test_the_body_is_that_of_the_rfc(example):
    prepared = prepare(
        example["ua_public"],
        example["auth_secret"],
        key_of(example["as_private"]),
        example["salt"],
    )
    assert seal(prepared, example["plaintext"]) == example["body"]


@given(message=st.binary(max_size=LARGEST))
@settings(max_examples=25)
def test_the_receiver_reads_what_was_sent(message):
    ua = ec.generate_private_key(ec.SECP256R1())
    public = ua.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    body = seal(prepare(public, b"a" * 16), message)
    assert len(body) <= 4096
    assert http_ece.decrypt(body, private_key=ua, auth_secret=b"a" * 16) == message


def test_each_message_has_keys_of_its_own(example):
    one, two = (prepare(example["ua_public"], example["auth_secret"]) for _ in range(2))
    assert one.key != two.key
    assert one.header != two.header


def test_refuses_what_no_push_service_takes(example):
    prepared = prepare(example["ua_public"], example["auth_secret"])
    with pytest.raises(ValueError, match="at most"):
        seal(prepared, b"x" * (LARGEST + 1))


@pytest.mark.parametrize("public", [b"", b"\x04" + b"\x00" * 64, b"\x04" + b"\xff" * 64, b"\x04"])
def test_refuses_a_key_that_is_not_on_the_curve(public):
    with pytest.raises(ValueError):  # noqa: PT011 (the message is of OpenSSL)
        prepare(public, b"a" * 16)
