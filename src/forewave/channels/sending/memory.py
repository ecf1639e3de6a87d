"""What channels received, on disk: after a restart a cancel still reaches who got the alert.

One small JSON file, replaced at once. A file that cannot be read is as none: then receivers may be
sent again what they know.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from forewave.channels.sending.entry import Delivered, Entry
from forewave.errors import FormatError
from forewave.formats import bounded
from forewave.formats.protocols.alert_message import Message, read
from forewave.formats.storage import whole_file

LONGEST = 10_000_000  # bytes
_LOG = logging.getLogger("forewave.channels")


class Remembered(Struct, frozen=True):
    """An event that a channel received: the signed message, and what the receiver knows."""

    message: str
    delivered: Delivered

    def opened(self) -> Message:
        """The message; it was verified before it was stored. Raises FormatError."""
        return read(self.message)[0]


Memory = dict[str, list[Remembered]]  # by the name of the channel


def remembered(entries: Iterable[Entry]) -> list[Remembered]:
    """What is to be stored of a channel."""
    return [Remembered(e.message.decode(), e.delivered) for e in entries if e.delivered is not None]


def write(path: Path, memory: Mapping[str, Any]) -> None:
    """Replace the file. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole_file.replace(path, msgspec.json.encode(memory), sync=True)


def load(path: Path) -> Memory:
    """The content of the file; empty where there is none or it cannot be read."""
    try:
        return msgspec.json.decode(bounded.read(path, LONGEST), type=Memory)
    except FileNotFoundError:
        return {}
    except (OSError, FormatError, ValueError, json.JSONDecodeError) as error:
        _LOG.warning("%s: not readable, as if nothing had been sent: %s", path, error)
        return {}
