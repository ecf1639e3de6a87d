"""What roles send to each other: subjects, records and their bytes.

    forewave.REGION.observed.SHARD    ingest -> decide, record   Batch
    forewave.REGION.missing.SHARD     decide -> ingest           Missing, answered by batches
    forewave.REGION.packets.SHARD     ingest -> record           Packet
    forewave.REGION.published.EVENT   leader -> all              Published, signed
    forewave.REGION.beacon            leader -> all              Beacon, signed
    forewave.REGION.status.ROLE.NAME  every role -> people       RoleStatus
    eew.v1.MODE.all                   leader -> devices          the message of the stream, as it is

Signed is what decides what people see: its bytes are the id of the key, an Ed25519 signature over a
domain, the region and the body, and the body (MessagePack). Devices get nothing new: on
`eew.v1.MODE.all` is the signed message of docs/reference/message.md.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from forewave.delivery.signing import Keys, base64url, verify
from forewave.errors import ConfigError, FormatError
from forewave.formats.storage import codec
from forewave.types import Alert, Message, Solution

Role = Literal["ingest", "decide", "gateway", "record"]
ROLES: tuple[Role, ...] = ("ingest", "decide", "gateway", "record")
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DOMAIN = b"forewave cluster 1\0"
_KEY, _SIGNATURE = 8, 64  # bytes


class Batch(Struct, frozen=True, array_like=True):
    """What a shard of stations has observed since its last batch.

    begun: when its process began, ms; n: counts its batches from 1; now: time of its clock, up to
    which it has sent everything. steps: (time of arrival, observations as by storage/codec.py).
    usable: stations that it receives.
    """

    shard: str
    begun: int
    n: int
    now: float
    steps: tuple[tuple[float, tuple[bytes, ...]], ...] = ()
    usable: int = 0


class Missing(Struct, frozen=True, array_like=True):
    """A request for the batches of a shard from `first` to `last`; of one process of it."""

    begun: int
    first: int
    last: int


class Published(Struct, frozen=True):
    """One version of an alert. message: as devices get it. solution: what it was issued for."""

    epoch: int
    leader: str
    alert: Alert
    solution: Solution | None
    message: bytes


class Beacon(Struct, frozen=True):
    """Once a second, of the leader. n counts; state and missing are those of its Readiness."""

    epoch: int
    leader: str
    n: int
    now: float
    state: Literal["ready", "not ready", "test", "drill"]
    missing: tuple[str, ...] = ()


class RoleStatus(Struct, frozen=True):
    """What a process says of itself, for people. Not signed: nothing may depend on it."""

    role: Role
    name: str
    state: str
    epoch: int = 0
    alerts: int = 0
    devices: int = 0
    url: str = ""
    counts: dict[str, int] = {}


class Subjects:
    """The subjects of a region. Raises ConfigError where its name cannot be part of one."""

    def __init__(self, region: str) -> None:
        require_name("cluster.region", region)
        self.region, self._root = region, f"forewave.{region}"
        self.beacon = f"{self._root}.beacon"
        self.all_published = f"{self._root}.published.*"
        self.all_observed = f"{self._root}.observed.*"
        self.all_packets = f"{self._root}.packets.*"
        self.all_status = f"{self._root}.status.>"
        self.stream = f"forewave_{region}_published"

    def observed(self, shard: str) -> str:
        """Batches of a shard."""
        return f"{self._root}.observed.{shard}"

    def missing(self, shard: str) -> str:
        """Requests for batches of a shard."""
        return f"{self._root}.missing.{shard}"

    def packets(self, shard: str) -> str:
        """Packets of a shard."""
        return f"{self._root}.packets.{shard}"

    def published(self, event: str) -> str:
        """Alerts of an event."""
        return f"{self._root}.published.{event}"

    def status(self, role: Role, name: str) -> str:
        """The status of a process."""
        return f"{self._root}.status.{role}.{name}"


def devices(mode: str) -> str:
    """The subject of devices; in MQTT `/` stands for `.`."""
    return f"eew.v1.{mode}.all"


def require_name(key: str, name: str) -> None:
    """Raises ConfigError where a name cannot be part of a subject."""
    if not NAME.fullmatch(name):
        raise ConfigError(f"{key}: {name!r}: expected letters, digits, - and _, at most 64")


Sent = TypeVar("Sent", Batch, Missing, RoleStatus)
Signed = TypeVar("Signed", Published, Beacon)


def encode(record: Batch | Missing | RoleStatus) -> bytes:
    """A record that is not signed."""
    return msgspec.msgpack.encode(record)


def decode(data: bytes, kind: type[Sent]) -> Sent:
    """The record again. Raises FormatError."""
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FormatError(f"{kind.__name__}: {error}") from None


def items(encoded: Sequence[bytes]) -> list[Message]:
    """The observations of a step. Raises FormatError."""
    return [codec.decode(each) for each in encoded]


def sign(record: Published | Beacon, keys: Keys, region: str) -> bytes:
    """The signed bytes of a record."""
    body = msgspec.msgpack.encode(record)
    signature = keys.sign(_signed(type(record), region, body))
    return keys.id.encode() + signature + body


def unsign(data: bytes, kind: type[Signed], trusted: Mapping[str, bytes], region: str) -> Signed:
    """The record, if a trusted key has signed it for this region. Raises FormatError.

    trusted: raw public keys by id.
    """
    name = data[:_KEY].decode("ascii", "replace")
    signature, body = data[_KEY : _KEY + _SIGNATURE], data[_KEY + _SIGNATURE :]
    if name not in trusted:
        raise FormatError(f"{kind.__name__}: signed by an unknown key {name!r}")
    if not verify(trusted[name], _signed(kind, region, body), base64url(signature)):
        raise FormatError(f"{kind.__name__}: the signature does not match")
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FormatError(f"{kind.__name__}: {error}") from None


def _signed(kind: type[Struct], region: str, body: bytes) -> bytes:
    return _DOMAIN + f"{kind.__name__}\0{region}\0".encode() + body
