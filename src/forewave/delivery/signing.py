"""Ed25519 keys (RFC 8032), and signing and verification of alert messages.

A key's id is derived from its public key. A key file contains PEM blocks: the first is the private
key that signs, every further one (private or public) is only announced to devices as trusted. To
change keys: add the new one at the end, wait until devices have received it, move it to the top,
and later remove the old one.
"""

import base64
import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from forewave.errors import ConfigError, FormatError
from forewave.formats import bounded, strict_json
from forewave.formats.protocols.alert_message import (
    MAX_BYTES,
    Message,
    canonical,
    encode,
    read,
    to_message,
)
from forewave.types import Alert

# A block contains no second BEGIN: a file of BEGIN lines would otherwise take quadratic time.
_PEM = re.compile(
    rb"-----BEGIN ([A-Z ]{1,40})-----(?:(?!-----BEGIN).)+?-----END \1-----", re.DOTALL
)
LONGEST = 100_000  # bytes of a key file


class UnknownKeyError(FormatError):
    """A message signed with a key that is not trusted. key: its id."""

    def __init__(self, key: str) -> None:
        super().__init__(f"alert message: signed by an unknown key {key!r}")
        self.key = key


class PublicKeys:
    """The public keys that devices trust: for a server that passes messages on, and signs none.

    trusted: raw public keys by id, the signing key first. id: of the signing key.
    """

    def __init__(self, keys: Sequence[Ed25519PublicKey]) -> None:
        public = [_raw(key) for key in keys]
        self.trusted: dict[str, bytes] = {key_id(raw): raw for raw in public}
        self.id: str = key_id(public[0])


class Keys(PublicKeys):
    """The private key that signs, and the public keys that devices trust."""

    def __init__(self, private: Ed25519PrivateKey, others: tuple[Ed25519PublicKey, ...] = ()):
        super().__init__((private.public_key(), *others))
        self._private = private

    def save_public(self, path: Path) -> None:
        """Write the public keys, for `load_public`."""
        pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        keys = map(Ed25519PublicKey.from_public_bytes, self.trusted.values())
        path.write_bytes(b"".join(key.public_bytes(*pem) for key in keys))

    def sign(self, data: bytes) -> bytes:
        """The signature of the data, 64 bytes."""
        return self._private.sign(data)

    def seal(self, alert: Alert) -> bytes:
        """The signed message of an alert, at most MAX_BYTES long."""
        fields = to_message(alert, self.id)
        fields["sig"] = base64url(self.sign(canonical(fields)))
        return encode(fields)

    def save(self, path: Path) -> None:
        """Write the private key, readable by its owner only. Raises FileExistsError."""
        pem = self._private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)


def generate() -> Keys:
    """A new random key."""
    return Keys(Ed25519PrivateKey.generate())


def load(path: Path) -> Keys:
    """The keys of a file. Raises ConfigError if missing, readable by others, or not Ed25519."""
    try:
        data, mode = bounded.read(path, LONGEST), path.stat().st_mode
    except FormatError as error:
        raise ConfigError(str(error)) from None
    except OSError as error:
        why = f"{path}: cannot read the signing key: {error.strerror}"
        raise ConfigError(f"{why}; `forewave keys new -o {path}` makes one") from None
    keys = [_key(block.group(0), path) for block in _PEM.finditer(data)]
    if not keys or not isinstance(keys[0], Ed25519PrivateKey):
        raise ConfigError(f"{path}: expected a private Ed25519 key in PEM form first")
    if os.name == "posix" and mode & 0o077:
        raise ConfigError(f"{path}: others may read this signing key; run: chmod 600 {path}")
    return Keys(keys[0], tuple(_public(key) for key in keys[1:]))


def load_public(path: Path) -> PublicKeys:
    """The public keys of a file, the signing one first; of private keys their public part.

    Raises ConfigError if it is missing or not Ed25519.
    """
    try:
        data = bounded.read(path, LONGEST)
    except FormatError as error:
        raise ConfigError(str(error)) from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot read the public keys: {error.strerror}") from None
    keys = [_public(_key(block.group(0), path)) for block in _PEM.finditer(data)]
    if not keys:
        raise ConfigError(f"{path}: expected public Ed25519 keys in PEM form")
    return PublicKeys(keys)


def unseal(data: bytes | str, trusted: Mapping[str, bytes]) -> Message:
    """The message, if a trusted key signed exactly these fields; otherwise raises FormatError.

    trusted: raw public keys by id. Devices do the same; they check expiry and repeated messages
    afterwards.
    """
    size = len(data.encode() if isinstance(data, str) else data)
    if size > MAX_BYTES:
        raise FormatError(f"alert message: {size} bytes, at most {MAX_BYTES} are allowed")
    strict_json.check(data)
    message, fields = read(data)
    if message.key not in trusted:
        raise UnknownKeyError(message.key)
    try:
        signed = canonical(fields)
    except ValueError as error:  # a number that a message cannot contain
        raise FormatError(f"alert message: {error}") from None
    if not verify(trusted[message.key], signed, message.sig):
        raise FormatError("alert message: the signature does not match")
    return message


def verify(public: bytes, data: bytes, signature: str) -> bool:
    """Whether a base64url signature of the data was made by the key with this raw public key."""
    try:
        raw = from_base64url(signature)
        Ed25519PublicKey.from_public_bytes(public).verify(raw, data)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def key_id(public: bytes) -> str:
    """The id of a public key: the first 6 bytes of its SHA-256, in base64url (8 characters)."""
    return base64url(hashlib.sha256(public).digest()[:6])


def base64url(data: bytes) -> str:
    """RFC 4648 section 5, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes again. Raises ValueError where `base64url` would write them in another way."""
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64url(raw) != text:
        raise ValueError("not base64url without padding")
    return raw


def _key(pem: bytes, path: Path) -> Ed25519PrivateKey | Ed25519PublicKey:
    try:
        key = (
            serialization.load_pem_private_key(pem, None)
            if b"PRIVATE" in pem
            else serialization.load_pem_public_key(pem)
        )
    except (ValueError, TypeError, UnsupportedAlgorithm, InternalError):
        raise ConfigError(f"{path}: expected PEM keys without password") from None
    if isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
        return key
    raise ConfigError(f"{path}: expected Ed25519 keys only")


def _public(key: Ed25519PrivateKey | Ed25519PublicKey) -> Ed25519PublicKey:
    return key.public_key() if isinstance(key, Ed25519PrivateKey) else key


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
