"""An ObsPy Stream of counts with its Inventory, as a recording.

ObsPy itself is not imported. The inventory writes StationXML, which is read like a file
(`stationxml`), so that gains, units and the choice of sensors are those of an event directory.
Traces are joined like miniSEED records (`segments`).
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from forewave.errors import FormatError, InputError
from forewave.formats import codes
from forewave.formats.inventories import inventory
from forewave.formats.recordings.event_directory import (
    EventInfo,
    Recording,
    used_segments,
    why_unusable,
)
from forewave.formats.waveforms import segments
from forewave.formats.waveforms.sample_array import as_samples
from forewave.types import Packet, StreamId

_REMOVED = ("remove_response", "remove_sensitivity", "simulate")


class TraceLike(Protocol):
    """The used part of an obspy.Trace: data (n,), and codes, start time and rate in `stats`."""

    stats: Any
    data: Any


class InventoryLike(Protocol):
    """The used part of an obspy.Inventory."""

    def write(self, path_or_file_object: Any, format: str) -> Any:
        """Write the inventory to a file object."""


def recording(
    stream: Iterable[TraceLike] | TraceLike, stations: InventoryLike, name: str = "obspy"
) -> Recording:
    """The recording of a stream and an inventory, as read from an event directory.

    name: the id of the recording. Raises InputError if the stream is empty or not in counts, the
    objects are not of ObsPy, or no station can be used.
    """
    found, repeated = segments.of_recording(_packets(stream))
    at = min(segment.start for segment in found)
    streams = {segment.stream for segment in found}
    try:
        chosen, unused = inventory.of_stationxml(_stationxml(stations), "inventory", at, streams)
    except FormatError as error:
        raise InputError(str(error)) from None
    kept, unknown = used_segments(found, chosen, {d.source for d in unused})
    dropped = (*repeated, *unused, *unknown)
    if not chosen:
        raise InputError(f"stream and inventory: {why_unusable(dropped)}")
    return Recording(Path(name), EventInfo(name), chosen, tuple(kept), None, dropped)


def _packets(stream: Iterable[TraceLike] | TraceLike) -> list[Packet]:
    traces: Any = [stream] if hasattr(stream, "stats") else stream
    try:
        found = [packet for trace in traces for packet in _of_trace(trace)]
    except (AttributeError, TypeError) as error:
        raise InputError(f"stream: expected an ObsPy Stream of Traces: {error}") from None
    if not found:
        raise InputError("stream: expected traces with samples, found none")
    return found


def _of_trace(trace: TraceLike) -> Iterator[Packet]:
    """The contiguous segments of a trace: a masked array has gaps."""
    stats, data = trace.stats, trace.data
    stream = codes.stream(stats.network, stats.station, stats.location, stats.channel)
    rate, start = float(stats.sampling_rate), float(stats.starttime.timestamp)
    _require_counts(stream, stats)
    for run in _runs(data):
        samples = np.ma.getdata(data)[run]
        if len(samples):
            try:
                yield Packet(stream, start + run.start / rate, rate, as_samples(samples))
            except ValueError as error:
                raise InputError(f"stream: {stream}: {error}") from None


def _runs(data: Any) -> list[slice]:
    if not np.ma.isMaskedArray(data):
        return [slice(0, len(data))]
    found: list[slice] = np.ma.clump_unmasked(data)  # type: ignore[no-untyped-call]
    return found


def _require_counts(stream: StreamId, stats: Any) -> None:
    """Refuse samples whose response was removed: they would be divided by the gain twice."""
    for step in getattr(stats, "processing", ()):
        done = next((name for name in _REMOVED if f"{name}(" in str(step)), None)
        if done:
            what = f"expected counts, but {done} was applied"
            raise InputError(f"stream: {stream}: {what}: pass a copy from before that")


def _stationxml(stations: InventoryLike) -> bytes:
    document = BytesIO()
    if not callable(getattr(stations, "write", None)):
        found = type(stations).__name__
        raise InputError(f"inventory: expected an ObsPy Inventory, found {found}")
    try:
        stations.write(document, format="STATIONXML")
    except Exception as error:
        raise InputError(f"inventory: cannot be written as StationXML: {error}") from error
    return document.getvalue()
