"""The token that push services check, verified by code that is not ours."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from forewave.channels.push.vapid import VALID, Vapid, load_or_make
from forewave.delivery.signing import from_base64url
from forewave.errors import ConfigError
from tests.channels.push.push_service import claims

ENDPOINT = "https://push.example.net/send/abc"


def vapid(now):
    return Vapid(ec.generate_private_key(ec.SECP256R1()), "mailto:a@example.org", lambda: now[0])


def test_the_token_is_for_the_service_for_less_than_a_day_and_signed():
    sender = vapid([1_700_000_000.0])
    header = sender.authorization(ENDPOINT)
    expected = {"aud": "https://push.example.net", "exp": 1_700_000_000 + int(VALID)}
    assert claims(header) == {**expected, "sub": "mailto:a@example.org"}
    token, key = header.removeprefix("vapid t=").split(", k=")
    signed, _, signature = token.rpartition(".")
    raw = from_base64url(signature)
    r, s = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(key))
    public.verify(encode_dss_signature(r, s), signed.encode(), ECDSA(SHA256()))
    assert key == sender.public


def test_a_token_is_used_again_until_shortly_before_it_expires():
    now = [0.0]
    sender = vapid(now)
    first = sender.authorization(ENDPOINT)
    now[0] = VALID - 3700.0
    assert sender.authorization(ENDPOINT + "/other") == first
    now[0] = VALID - 3500.0
    assert claims(sender.authorization(ENDPOINT))["exp"] == int(now[0] + VALID)


def test_a_clock_that_was_wrong_does_not_leave_a_token_of_the_future():
    now = [10 * VALID]
    sender = vapid(now)
    sender.authorization(ENDPOINT)
    now[0] = 1000.0
    assert claims(sender.authorization(ENDPOINT))["exp"] == int(1000.0 + VALID)


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    path = tmp_path / "forewave.vapid"
    one, two = load_or_make(path), load_or_make(path)
    assert one.private_numbers() == two.private_numbers()
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o644)
        with pytest.raises(ConfigError, match="chmod 600"):
            load_or_make(path)


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAA\n"])
def test_a_file_with_something_else_is_an_error_that_names_it(tmp_path, content):
    path = tmp_path / "forewave.vapid"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ConfigError, match=r"forewave\.vapid: expected"):
        load_or_make(path)
