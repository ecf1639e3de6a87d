"""Observations and results as bytes: MessagePack for the event log, JSON lines for people."""

from typing import Any, Literal, get_args

import msgspec
import numpy as np
from msgspec import Raw, Struct

from forewave.errors import FormatError
from forewave.types import Message, Packet, ShakingForecast, StreamId


class _Samples(Struct, frozen=True):
    """A Packet with its samples as bytes, little-endian."""

    stream: StreamId
    start: float
    rate: float
    kind: Literal["<i4", "<f4", "<f8"]
    samples: bytes
    calibration: bool = False
    vouched: bool = True


# Names in files and on the bus that are not those of the types: older files stay readable.
_STORED_NAMES: dict[type, str] = {ShakingForecast: "Outlook"}


def stored_name(kind: type) -> str:
    """The name of a message type in files and on the bus."""
    return _STORED_NAMES.get(kind, kind.__name__)


_SHAPES: dict[str, Any] = {
    stored_name(item): _Samples if item is Packet else item for item in get_args(Message)
}
_DECODERS = {name: msgspec.msgpack.Decoder(shape) for name, shape in _SHAPES.items()}
_ENVELOPE = msgspec.msgpack.Decoder(tuple[str, Raw])


def _plain(value: Any) -> Any:
    """A NumPy number as a Python one, so that no entry is lost if a room did not convert it."""
    if isinstance(value, np.number):
        return value.item()
    raise TypeError(f"expected a number, found {type(value)}")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plain)


def encode(item: Message) -> bytes:
    """MessagePack of (name of the type, fields)."""
    return _ENCODER.encode((stored_name(type(item)), _shape(item)))


def decode(data: bytes) -> Message:
    """The item that `encode` encoded. Raises FormatError on anything else."""
    try:
        name, body = _ENVELOPE.decode(data)
        shape = _DECODERS[name].decode(body)
        return _packet(shape) if isinstance(shape, _Samples) else shape
    except KeyError as error:
        raise FormatError(f"message: expected a known type, found {error}") from None
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FormatError(f"message: {error}") from None


def to_json(item: Message) -> bytes:
    """One JSON object with the name of the type under "word"; nan becomes null, samples base64."""
    fields = msgspec.to_builtins(_shape(item), enc_hook=_plain)
    return msgspec.json.encode({"word": stored_name(type(item)), **fields})


def _shape(item: Message) -> Any:
    if not isinstance(item, Packet):
        return item
    samples = item.samples.astype(item.samples.dtype.newbyteorder("<"), copy=False)
    kind: Any = samples.dtype.str
    return _Samples(
        item.stream, item.start, item.rate, kind, samples.tobytes(), item.calibration, item.vouched
    )


def _packet(shape: _Samples) -> Packet:
    samples = np.frombuffer(shape.samples, np.dtype(shape.kind)).copy()
    return Packet(shape.stream, shape.start, shape.rate, samples, shape.calibration, shape.vouched)
