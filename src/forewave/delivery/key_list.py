"""The list of signing keys, signed by a root key that is kept offline.

    {"v":1, "n":3, "made":ms, "until":ms,
     "keys":[{"id":id, "key":base64url, "from":ms, "until":ms}, ...],
     "revoked":[id, ...], "roots":[base64url, ...], "root":base64url, "sig":base64url}

A root signs DOMAIN followed by all fields but "sig" in the canonical form of RFC 8785, with Ed25519
(RFC 8032). Without the domain a signature of a list could be taken for one of something else.
`n` counts up: who has seen version n refuses an older one, and another one with the same number.
A device knows roots because they were given to it, or keeps those of the first list that it sees.

web/core/stream/signed_list.ts follows the same rules; tests/reference/device_key_lists.json holds
both to them.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from forewave.delivery.signing import Keys, base64url, from_base64url, key_id, verify
from forewave.errors import FormatError
from forewave.formats import strict_json
from forewave.formats.protocols.alert_message import canonical, encode

DOMAIN = b"forewave key list 1\n"
LONGEST = 50_000  # bytes
MOST = 64  # keys, and roots
_EXACT = 2**53

Millis = Annotated[int, Meta(ge=0, le=_EXACT)]
PublicKey = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{43}$")]
KeyId = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{8}$")]
Why: TypeAlias = Literal[
    "malformed", "unknown root", "bad signature", "older", "conflict", "expired"
]


class RefusedListError(FormatError):
    """A key list that is not believed. why: the reason, in one word of `Why`."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"key list: {why}{': ' if detail else ''}{detail}")
        self.why = why


class ListedKey(Struct, frozen=True, kw_only=True):
    """A public signing key (raw, base64url), its id, and when it may sign, in ms of POSIX time."""

    id: KeyId
    key: PublicKey
    since: Millis = msgspec.field(name="from")
    until: Millis


class KeyList(Struct, frozen=True, kw_only=True):
    """The fields of a list on the wire; times in ms of POSIX time.

    n: version. until: the list is not believed afterwards. roots: all root keys of the network;
    who has trusted the first list that it saw believes later ones by any of them. root: the
    one that signed.
    """

    v: Literal[1] = 1
    n: Annotated[int, Meta(ge=1, le=_EXACT)]
    made: Millis
    until: Millis
    keys: Annotated[tuple[ListedKey, ...], Meta(max_length=MOST)]
    revoked: Annotated[tuple[KeyId, ...], Meta(max_length=1000)] = ()
    roots: Annotated[tuple[PublicKey, ...], Meta(min_length=1, max_length=MOST)]
    root: PublicKey
    sig: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{86}$")]

    def trusted(self, today: float | None) -> dict[str, bytes]:
        """The raw public keys that may sign now, by id; none where the list has expired.

        today: POSIX seconds; None: not known, then only revoked keys are left out.
        """
        now = None if today is None else today * 1000.0
        if now is not None and now >= self.until:
            return {}
        valid = [key for key in self.keys if now is None or key.since <= now < key.until]
        return {key.id: _raw(key.key) for key in valid if key.id not in self.revoked}


# A list decoded, and the bytes that are served.
ServedList: TypeAlias = tuple[KeyList, bytes]


class Follower:
    """What a device knows: its roots, and the newest list that it has believed.

    roots: public keys (base64url), given beforehand; None: those of the first list are kept (trust
    on first use). newest: the newest list, None before the first. data: the same as received.
    """

    def __init__(self, roots: Iterable[str] | None = None) -> None:
        self._given = roots is not None
        self.roots = tuple(roots or ())
        self.newest: KeyList | None = None
        self.data = b""

    @property
    def has_root(self) -> bool:
        """Whether keys are believed by a list only."""
        return self._given or self.newest is not None

    def take(self, data: bytes, today: float | None) -> KeyList:
        """Believe a list from now on. Raises RefusedListError; then the last one stays.

        today: POSIX seconds; None: not known.
        """
        found = _decode(data)
        _check(found, data, self.roots if self.has_root else found.roots)
        if self.newest is not None:
            check_order((found, data), (self.newest, self.data))
        if today is not None and today * 1000.0 >= found.until:
            raise RefusedListError("expired", f"version {found.n}")
        if not self._given:
            self.roots = found.roots
        self.newest, self.data = found, data
        return found

    def trusted(self, today: float | None) -> dict[str, bytes]:
        """The keys that may sign now, raw by id."""
        return {} if self.newest is None else self.newest.trusted(today)


def read(data: bytes, roots: Iterable[str]) -> KeyList:
    """A list signed by one of these roots. Raises RefusedListError; dates are not looked at."""
    found = _decode(data)
    _check(found, data, roots)
    return found


def read_unverified(data: bytes) -> KeyList:
    """The fields of a list, whoever signed it. Raises RefusedListError where it is none."""
    return _decode(data)


def check_order(found: ServedList, newest: ServedList) -> None:
    """Raises RefusedListError where who has seen `newest` does not believe `found`."""
    n, seen = found[0].n, newest[0].n
    if n < seen:
        raise RefusedListError("older", f"version {n}, version {seen} was seen")
    if n == seen and _signed(found[1]) != _signed(newest[1]):
        raise RefusedListError("conflict", f"another list of version {n} was seen")


def listed(raw: bytes, since: float, until: float) -> ListedKey:
    """The entry of a raw public key that may sign between two times, POSIX seconds."""
    key = base64url(raw)
    return ListedKey(id=key_id(raw), key=key, since=round(since * 1000), until=round(until * 1000))


def make(
    root: Keys,
    keys: Sequence[ListedKey],
    *,
    n: int,
    made: float,
    until: float,
    revoked: Iterable[str] = (),
    spare_roots: Iterable[str] = (),
) -> bytes:
    """A list signed by a root, as one line of JSON.

    made, until: POSIX seconds. spare_roots: further root keys (raw, base64url).
    """
    own = base64url(root.trusted[root.id])
    roots = dict.fromkeys((own, *spare_roots))
    fields: dict[str, Any] = {
        "v": 1,
        "n": n,
        "made": round(made * 1000),
        "until": round(until * 1000),
        "keys": msgspec.to_builtins(keys),
        "revoked": sorted(set(revoked)),
        "roots": list(roots),
        "root": own,
    }
    return encode({**fields, "sig": base64url(root.sign(DOMAIN + canonical(fields)))}) + b"\n"


def _decode(data: bytes) -> KeyList:
    try:
        if len(data) > LONGEST:
            raise FormatError(f"{len(data)} bytes, at most {LONGEST} are allowed")
        strict_json.check(data)
        found = msgspec.json.decode(data, type=KeyList)
        for key in (found.root, *found.roots, *(entry.key for entry in found.keys)):
            _raw(key)
    except (msgspec.DecodeError, FormatError, ValueError, RecursionError) as error:
        raise RefusedListError("malformed", str(error)) from None
    return found


def _check(found: KeyList, data: bytes, roots: Iterable[str]) -> None:
    if found.root not in roots:
        raise RefusedListError("unknown root", found.root)
    if not verify(_raw(found.root), DOMAIN + _signed(data), found.sig):
        raise RefusedListError("bad signature")


def _signed(data: bytes) -> bytes:
    """The canonical bytes, unknown fields included."""
    try:
        return canonical(msgspec.json.decode(data, type=dict[str, Any]))
    except (ValueError, RecursionError) as error:
        raise RefusedListError("malformed", str(error)) from None


def _raw(key: str) -> bytes:
    return from_base64url(key)
