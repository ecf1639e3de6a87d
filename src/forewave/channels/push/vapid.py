"""VAPID: tells push services who sends (RFC 8292).

The key is an ECDSA P-256 key in a PEM file of its own, since browsers bind a subscription to it:
without the same key all subscriptions are lost. A token is signed for each push service and used
again until shortly before it expires.
"""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from forewave.delivery.signing import base64url
from forewave.errors import ConfigError

VALID = 12 * 3600.0  # seconds; push services refuse more than a day
RENEWED = 3600.0  # seconds before the end
_HEADER = b'{"typ":"JWT","alg":"ES256"}'


class Vapid:
    """Signs for one sender. contact: mailto: or https: address for the push services' operators.

    clock: POSIX seconds.
    """

    def __init__(
        self, private: ec.EllipticCurvePrivateKey, contact: str, clock: Callable[[], float]
    ) -> None:
        self._private, self._contact, self._clock = private, contact, clock
        self._tokens: dict[str, tuple[float, str]] = {}
        public = private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.public: str = base64url(public)

    def authorization(self, endpoint: str) -> str:
        """The Authorization header for a push to this endpoint."""
        parts = urlsplit(endpoint)
        audience, now = f"{parts.scheme}://{parts.netloc}", self._clock()
        expires, header = self._tokens.get(audience, (0.0, ""))
        if not now < expires - RENEWED < now + VALID:
            expires = now + VALID
            header = f"vapid t={self._token(audience, int(expires))}, k={self.public}"
            self._tokens[audience] = expires, header
        return header

    def _token(self, audience: str, expires: int) -> str:
        claims = msgspec.json.encode({"aud": audience, "exp": expires, "sub": self._contact})
        signed = f"{base64url(_HEADER)}.{base64url(claims)}"
        r, s = decode_dss_signature(self._private.sign(signed.encode(), ec.ECDSA(SHA256())))
        return f"{signed}.{base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def load_or_make(path: Path) -> ec.EllipticCurvePrivateKey:
    """The key of a file, which is made, readable by its owner only, if there is none.

    Raises ConfigError if it cannot be read or written, others may read it, or it is another key.
    """
    try:
        return _load(path) if path.exists() else _make(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot use the key of Web Push: {error.strerror}") from None


def _load(path: Path) -> ec.EllipticCurvePrivateKey:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise ConfigError(f"{path}: others may read this key; run: chmod 600 {path}")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm, InternalError):
        raise ConfigError(f"{path}: expected a PEM key without password") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ConfigError(f"{path}: expected a P-256 key for Web Push")
    return key


def _make(path: Path) -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    return key
