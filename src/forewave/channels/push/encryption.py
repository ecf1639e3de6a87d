"""Encryption of one push message for one subscription (RFC 8291, aes128gcm of RFC 8188).

All that depends on the subscription alone, above all the key agreement, is done ahead by `prepare`,
so that an alert costs one AES-GCM for each subscription. Each Prepared is for one message only: a
second one under the same key and nonce would reveal both.
"""

import hmac
import os
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct

RECORD_BYTES = 4096  # record size of the header; a push service takes no larger message
LARGEST = RECORD_BYTES - 86 - 17  # bytes of a message: less header, delimiter and tag
_LAST = b"\x02"  # delimiter of the last record, without padding


class Prepared(Struct, frozen=True):
    """Keys of one message to one subscription, and the header that names them."""

    header: bytes
    key: bytes
    nonce: bytes


def prepare(
    public: bytes,
    auth: bytes,
    private: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> Prepared:
    """The keys for one message.

    public: the subscription's P-256 key, 65 bytes uncompressed ("p256dh"). auth: its secret, 16
    bytes. private, salt: of the sender, random by default. Raises ValueError if `public` is not a
    point of the curve.
    """
    private = private or ec.generate_private_key(ec.SECP256R1())
    salt = os.urandom(16) if salt is None else salt
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    own = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = private.exchange(ec.ECDH(), theirs)
    material = _expand(_mac(auth, shared), b"WebPush: info\x00" + public + own)
    pseudorandom = _mac(salt, material)
    return Prepared(
        header=salt + RECORD_BYTES.to_bytes(4, "big") + bytes((len(own),)) + own,
        key=_expand(pseudorandom, b"Content-Encoding: aes128gcm\x00")[:16],
        nonce=_expand(pseudorandom, b"Content-Encoding: nonce\x00")[:12],
    )


def seal(prepared: Prepared, message: bytes) -> bytes:
    """The body of the push request. Raises ValueError beyond LARGEST bytes."""
    if len(message) > LARGEST:
        raise ValueError(f"push message of {len(message)} bytes, at most {LARGEST} are allowed")
    sealed = AESGCM(prepared.key).encrypt(prepared.nonce, message + _LAST, None)
    return prepared.header + sealed


def _mac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, sha256)


def _expand(key: bytes, info: bytes) -> bytes:
    """The first block of HKDF-Expand (RFC 5869), 32 bytes."""
    return _mac(key, info + b"\x01")
