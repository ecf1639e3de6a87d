"""Download an earthquake from FDSN data centres as an event directory.

First the event, then the stations around it, then the waveforms of the best sensor of each station,
in groups, the nearest first. Data that are missing, incomplete, unreadable or not answered in time
are reported, and the rest is written.
"""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
from msgspec import Struct

from forewave.earth.distance import distance_km
from forewave.errors import ForewaveError
from forewave.fdsn.client import FdsnError, Provider, Request
from forewave.fdsn.event import event_info
from forewave.formats.inventories import fdsn_channels, sensor, stationxml
from forewave.formats.inventories.sensor import Component
from forewave.formats.recordings import event_directory
from forewave.formats.recordings.event_info import EventInfo
from forewave.formats.waveforms import miniseed, segments
from forewave.types import Dropped, Packet, Station, StreamId

T = TypeVar("T")
CHANNELS = "?N?,?L?,?G?,?H?"
KM_PER_DEGREE = 111.19
# Distance to which shaking matters for alerts, about MMI III, by magnitude.
MAGNITUDES, RADII_KM = (3.0, 5.0, 6.0, 7.0, 8.0), (60.0, 150.0, 250.0, 450.0, 800.0)
SLOWEST_KM_S = 3.0  # surface waves of interest
WHOLE = 0.95  # share of the requested seconds from which a channel counts as complete
GROUP = 8  # stations per request


class Extent(Struct, frozen=True):
    """How much is requested.

    radius_km: epicentral distance; None: by magnitude. before, after: seconds around the origin;
    after None: until surface waves have passed the farthest station, and 60 s more. most: stations.
    """

    radius_km: float | None = None
    before: float = 60.0
    after: float | None = None
    most: int = 150


class Fetched(Struct, frozen=True):
    """What was written. missing: one line for each gap in the data. dropped: what was unusable."""

    path: Path
    info: EventInfo
    stations: tuple[Station, ...]
    missing: tuple[str, ...]
    dropped: tuple[Dropped, ...]


def fetch(
    event: str,
    output: Path,
    data: Provider,
    events: Provider | None = None,
    extent: Extent | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Fetched:
    """Write the event directory `output`.

    data: data centre of stations and waveforms. events: of the catalogue, if another. on_progress:
    stations done, stations in all. Raises ForewaveError if there is no such event, no station or no
    waveform.
    """
    extent = extent or Extent()
    if output.is_dir() and any(output.iterdir()):
        raise ForewaveError(f"{output}: exists already and is not empty")
    info = event_info(events or data, event)
    stations, unused = _stations(data, info, extent)
    begin, end = _span(info, stations, extent)
    pieces: list[Packet] = []
    missing: list[str] = []
    for number, group in enumerate(_groups(stations)):
        on_progress(number * GROUP, len(stations))
        found, lost = _waveforms(data, group, begin, end)
        pieces += found
        missing += lost
    on_progress(len(stations), len(stations))
    return _written(output, info, stations, (pieces, begin, end), (missing, unused), data)


def radius_km(magnitude: float | None) -> float:
    """Epicentral distance in km up to which stations are requested; without magnitude as for 5."""
    return float(np.interp(5.0 if magnitude is None else magnitude, MAGNITUDES, RADII_KM))


def _stations(
    provider: Provider, info: EventInfo, extent: Extent
) -> tuple[tuple[Station, ...], list[Dropped]]:
    """The nearest stations, by distance."""
    from obspy import UTCDateTime

    assert info.origin_time is not None
    radius = extent.radius_km or radius_km(info.magnitude)
    time = UTCDateTime(info.origin_time)
    try:
        kind, answer = provider.channels(
            latitude=info.lat,
            longitude=info.lon,
            maxradius=radius / KM_PER_DEGREE,
            channel=CHANNELS,
            starttime=time,
            endtime=time + 1,
        )
    except FdsnError as why:
        raise ForewaveError(f"{provider.name}: stations: {why}") from None
    components, dropped = _components(kind, answer, info.origin_time)
    chosen, unused = sensor.choose(components)
    near = sorted(chosen, key=lambda s: _away(info, s))[: extent.most]
    if not near:
        raise ForewaveError(f"{provider.name}: no usable station within {radius:.0f} km")
    return tuple(near), [*dropped, *unused]


def _components(kind: str, answer: bytes, at: float) -> tuple[list[Component], list[Dropped]]:
    if kind == "text":
        return fdsn_channels.channels(answer.decode("utf-8", "replace"), at)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "stations.xml"
        file.write_bytes(answer)
        return stationxml.components(file, at)


def _away(info: EventInfo, station: Station) -> float:
    assert info.lat is not None
    assert info.lon is not None
    return float(distance_km(info.lat, info.lon, station.lat, station.lon))


def _span(info: EventInfo, stations: Sequence[Station], extent: Extent) -> tuple[float, float]:
    assert info.origin_time is not None
    passed = _away(info, stations[-1]) / SLOWEST_KM_S + 60.0
    after = passed if extent.after is None else extent.after
    return info.origin_time - extent.before, info.origin_time + after


def _groups(stations: Sequence[T]) -> Iterator[Sequence[T]]:
    return (stations[first : first + GROUP] for first in range(0, len(stations), GROUP))


def _waveforms(
    provider: Provider, group: Sequence[Station], begin: float, end: float
) -> tuple[list[Packet], list[str]]:
    """The waveforms of a group, and a line for each station without any."""
    try:
        data = provider.waveforms(_requests(group, begin, end))
    except FdsnError as why:
        if len(group) == 1:
            return [], [f"{group[0].code}: {why}"]
        # One restricted or broken station must not lose the others of its group.
        asked = [_waveforms(provider, [station], begin, end) for station in group]
        return [p for found, _ in asked for p in found], [m for _, lost in asked for m in lost]
    pieces, unread = miniseed.packets(data)
    found = {piece.stream.code for piece in pieces}
    lost = [f"{s.code}: no waveforms" for s in group if s.code not in found]
    names = found.pop() if len(group) == len(found) == 1 else ", ".join(s.code for s in group)
    return pieces, lost + [_unread(word, names) for word in unread]


def _unread(word: Dropped, names: str) -> str:
    """A line for an unreadable record, which may lack the name of its stream."""
    whose = word.source if word.source.count(".") == 3 else names
    return f"{whose}: {word.reason} at {word.detail}"


def _partial(
    stations: Sequence[Station], pieces: Sequence[Packet], span: tuple[float, float]
) -> Iterator[str]:
    """A line for each channel without data, or with less than WHOLE of them."""
    seconds: dict[StreamId, float] = defaultdict(float)
    for piece in pieces:
        seconds[piece.stream] += len(piece.samples) / piece.rate
    asked = span[1] - span[0]
    for stream in (c.stream for station in stations for c in station.channels):
        if stream not in seconds:
            yield f"{stream}: no waveforms"
        elif seconds[stream] < WHOLE * asked:
            yield f"{stream}: {seconds[stream]:.0f} of {asked:.0f} s"


def _requests(group: Sequence[Station], begin: float, end: float) -> list[Request]:
    return [(c.stream, begin, end) for station in group for c in station.channels]


def _written(
    output: Path,
    info: EventInfo,
    stations: Sequence[Station],
    had: tuple[list[Packet], float, float],
    lost: tuple[list[str], list[Dropped]],
    provider: Provider,
) -> Fetched:
    missing, unused = lost
    pieces, begin, end = had
    if not pieces:
        why = f", such as {missing[0]}" if missing else ""
        raise ForewaveError(f"{provider.name}: no waveforms of {len(stations)} stations{why}")
    joined, dropped = segments.of_recording(pieces)
    found = {piece.stream.code for piece in joined}
    used = tuple(sorted((s for s in stations if s.code in found), key=lambda s: s.code))
    missing = [*missing, *_partial(used, joined, (begin, end))]
    event_directory.write(output, info, used, joined)
    (output / "SOURCE.md").write_text(_source(info, provider, missing), encoding="utf-8")
    return Fetched(output, info, used, tuple(missing), (*unused, *dropped))


def _source(info: EventInfo, provider: Provider, missing: Sequence[str]) -> str:
    """Text of SOURCE.md: the origin of the data, and a request to cite the networks."""
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    text = (
        f"# {info.id}\n\nFrom {provider.name} (FDSN web services), {day}. Cite the networks.\n"
        "Gains are the overall sensitivities that the station service listed then.\n"
    )
    return text + "".join(f"\nMissing: {line}" for line in missing) + "\n" * bool(missing)
