"""K-NET and KiK-net ASCII files as the NIED of Japan gives them, by obspy.

One file a component, with station, scale factor and earthquake in its head. KiK-net has a sensor
at the bottom of a borehole (location 1 here) and one at the surface (2). The origin time of the
head is cut to the minute.
"""

from pathlib import Path
from typing import Any

import numpy as np

from forewave.errors import FormatError
from forewave.formats.event_info import EventInfo
from forewave.formats.sensor import Component, below_highest
from forewave.types import Channel, Dropped, Packet, StreamId

NETWORK = "BO"  # FDSN's code of NIED's strong-motion networks
CHANNELS = {"UD": "HNZ", "NS": "HNN", "EW": "HNE"}
SUFFIXES = {f".{name}{place}" for name in CHANNELS for place in ("", "1", "2")}


def files(folder: Path) -> list[Path]:
    """The K-NET and KiK-net files in a folder, by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.upper() in SUFFIXES)


def read(path: Path) -> tuple[Packet, Component, EventInfo]:
    """One component: samples in counts, its gain and place, and the earthquake of its head.

    Raises FormatError where it cannot be read.
    """
    trace = _trace(path)
    head = trace.stats.knet
    name, location = trace.stats.channel[:2], trace.stats.channel[2:]
    stream = StreamId(NETWORK, trace.stats.station, location, CHANNELS[name])
    rate = float(trace.stats.sampling_rate)
    packet = Packet(stream, trace.stats.starttime.timestamp, rate, trace.data.astype(np.int32))
    channel = Channel(stream, 1.0 / trace.stats.calib, "m/s^2", rate)
    place = Component(channel, head.stla, head.stlo, head.stel, vertical=name == "UD")
    return packet, place, _event(path, head)


def read_folder(
    folder: Path,
) -> tuple[list[Packet], list[Component], EventInfo, list[Dropped]]:
    """All its files. A file that cannot be read is dropped; FormatError if none can."""
    whole: list[tuple[Packet, Component, EventInfo]] = []
    dropped: list[Dropped] = []
    for path in files(folder):
        try:
            whole.append(read(path))
        except FormatError as error:
            dropped.append(Dropped(path.name, "unreadable K-NET file", str(error)))
    if not whole:
        raise FormatError(dropped[0].detail if dropped else f"{folder}: holds no K-NET file")
    packets, components, events = zip(*whole, strict=True)
    return list(packets), below_highest(components), events[0], dropped


def _trace(path: Path) -> Any:
    import obspy

    try:
        trace = obspy.read(str(path), format="KNET")[0]
    except Exception as error:  # obspy raises whatever its parser stumbles over
        why = " ".join(str(error).split()) or type(error).__name__
        raise FormatError(f"{path}: is no K-NET file: {why}") from None
    whole = "knet" in trace.stats and trace.stats.channel[:2] in CHANNELS
    if not (whole and len(trace.data) and trace.stats.calib > 0 and trace.stats.sampling_rate > 0):
        raise FormatError(f"{path}: is no K-NET file: its head or its samples are incomplete")
    return trace


def _event(path: Path, head: Any) -> EventInfo:
    return EventInfo(
        path.resolve().parent.name,
        head.evot.timestamp,
        head.evla,
        head.evlo,
        head.evdp,
        head.mag,
        "Mj",
        source="head of the K-NET files, origin time cut to the minute",
        event_type="earthquake",
    )
