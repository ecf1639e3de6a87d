"""What a target of the fuzzer is, and what all of them share."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from forewave.errors import ForewaveError
from forewave.types import Channel, Packet, Station, StreamId

T0 = 1.79e9
CORPUS = Path(__file__).parent / "corpus"
STREAM = StreamId("XX", "ABC", "00", "HNZ")
STATION = Station("XX.ABC", 24.0, 121.0, 0.0, (Channel(STREAM, 1e5, "m/s^2", 100.0),))

# Takes one input; raises what is documented (ForewaveError), or AssertionError where what came
# out may not be.
Take = Callable[[bytes], object]


class Target(NamedTuple):
    """make: in the process that will run it, given a scratch folder."""

    make: Callable[[Path], Take]
    allowed: tuple[type[BaseException], ...] = (ForewaveError,)


def seeds(name: str) -> list[bytes]:
    """The good inputs of a target, small files in a folder of its name."""
    files = sorted((CORPUS / name).iterdir())
    return [file.read_bytes() for file in files]


def in_file(folder: Path, name: str, read: Callable[[Path], object]) -> Take:
    """For a reader of files."""
    file = folder / name

    def take(data: bytes) -> object:
        file.write_bytes(data)
        return read(file)

    return take


def plausible(packets: list[Packet]) -> None:
    """What any reader of waveforms may give on."""
    for packet in packets:
        assert np.isfinite(packet.start), "a packet at no time"
        assert 0.0 < packet.rate < 1e6, "a packet of no rate"
        assert packet.samples.ndim == 1
