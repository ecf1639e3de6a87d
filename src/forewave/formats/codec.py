"""The words as bytes: MessagePack for the bus and its record, one JSON line for people's logs."""

from typing import Any, Literal, get_args

import msgspec
import numpy as np
from msgspec import Raw, Struct

from forewave.errors import FormatError
from forewave.types import Message, Packet, ShakingForecast, StreamId


class _Samples(Struct, frozen=True):
    """A Packet whose samples are bytes, lowest byte first."""

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
    stored_name(word): _Samples if word is Packet else word for word in get_args(Message)
}
_DECODERS = {name: msgspec.msgpack.Decoder(shape) for name, shape in _SHAPES.items()}
_ENVELOPE = msgspec.msgpack.Decoder(tuple[str, Raw])


def _plain(value: Any) -> Any:
    """One of numpy's numbers as Python's: no record is lost for what a room forgot to convert."""
    if isinstance(value, np.number):
        return value.item()
    raise TypeError(f"{type(value)} is nothing that words hold")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plain)


def encode(word: Message) -> bytes:
    """MessagePack of (name of the word, its fields)."""
    return _ENCODER.encode((stored_name(type(word)), _shape(word)))


def decode(data: bytes) -> Message:
    """The record that `encode` encoded. Raises FormatError on anything else."""
    try:
        name, body = _ENVELOPE.decode(data)
        shape = _DECODERS[name].decode(body)
        return _packet(shape) if isinstance(shape, _Samples) else shape
    except KeyError as error:
        raise FormatError(f"message: {error} is no word") from None
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FormatError(f"message: {error}") from None


def to_json(word: Message) -> bytes:
    """One JSON object, the word's name under "word"; nan becomes null, samples base64."""
    fields = msgspec.to_builtins(_shape(word), enc_hook=_plain)
    return msgspec.json.encode({"word": stored_name(type(word)), **fields})


def _shape(word: Message) -> Any:
    if not isinstance(word, Packet):
        return word
    samples = word.samples.astype(word.samples.dtype.newbyteorder("<"), copy=False)
    kind: Any = samples.dtype.str
    return _Samples(
        word.stream, word.start, word.rate, kind, samples.tobytes(), word.calibration, word.vouched
    )


def _packet(shape: _Samples) -> Packet:
    samples = np.frombuffer(shape.samples, np.dtype(shape.kind)).copy()
    return Packet(shape.stream, shape.start, shape.rate, samples, shape.calibration, shape.vouched)
