"""The event directory: one layout for recorded and simulated earthquakes.

*.mseed (or another usual suffix), stations.xml or stations.csv, event.json, and packets.csv.gz if
the real arrival time of every packet is known. A folder of original K-NET files is read as well.
File names are compared without regard to case.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from forewave.errors import FormatError
from forewave.formats import codes
from forewave.formats.inventories import inventory, sensor, stations_csv
from forewave.formats.recordings import event_info, knet, receipts
from forewave.formats.recordings.event_info import EventInfo
from forewave.formats.recordings.receipts import Receipt
from forewave.formats.waveforms import miniseed, segments
from forewave.types import Dropped, Packet, Station, StreamId

MINISEED = (".mseed", ".miniseed", ".mseed2", ".mseed3", ".msd", ".ms", ".ms2", ".ms3")
MOST_NAMES = 5  # file names shown in an error
LAYOUT = "bring the directory into the layout of docs/reference/formats.md"
RATE_SLACK = 0.05  # relative; real rates of low-cost sensors differ from nominal ones

__all__ = [
    "EventInfo",
    "Receipt",
    "Recording",
    "inspect",
    "read",
    "used_segments",
    "why_unusable",
    "write",
]


class Recording(Struct, frozen=True):
    """The content of an event directory.

    segments: contiguous segments of the channels in `stations`, by stream and time. receipts: real
    arrival times of packets, None if unknown. dropped: everything that is not used, with reasons.
    """

    path: Path
    info: EventInfo
    stations: tuple[Station, ...]
    segments: tuple[Packet, ...]
    receipts: tuple[Receipt, ...] | None
    dropped: tuple[Dropped, ...]


def read(path: str | Path) -> Recording:
    """Read an event directory. Raises FormatError of one line that names the file and the reason.

    A single bad record, line or channel is not an error: it is listed in `dropped`.
    """
    recording = inspect(path)
    if not recording.stations:
        where = recording.path
        where = where if knet.files(where) else _stations_file(where)
        raise FormatError(f"{where}: {why_unusable(recording.dropped)}")
    return recording


def why_unusable(dropped: Sequence[Dropped]) -> str:
    """Why no station can be used: the most frequent reasons."""
    causes = Counter(d.reason for d in dropped).most_common(3)
    why = ", ".join(f"{reason} ({count})" for reason, count in causes)
    return f"no station can be used: {why}"


def inspect(path: str | Path) -> Recording:
    """As `read`, but a recording without a usable station is not an error."""
    path = Path(path)
    if not path.is_dir():
        raise FormatError(f"{path}: no such directory")
    if knet.files(path) and not _miniseed_files(path):
        return _knet(path)
    listing = _stations_file(path)
    info = event_info.read(_named(path, "event.json") or path / "event.json")
    found, lost = _waveforms(path)
    streams = {segment.stream for segment in found}
    stations, unused = inventory.read(listing, min(p.start for p in found), streams)
    kept, unknown = used_segments(found, stations, {d.source for d in unused})
    arrived, unread = _receipts(path, stations)
    dropped = (*lost, *unused, *unknown, *unread)
    return Recording(path, info, stations, tuple(kept), arrived, dropped)


def write(
    path: str | Path,
    info: EventInfo,
    stations: Sequence[Station],
    waveforms: Sequence[Packet],
    arrived: Sequence[Receipt] | None = None,
) -> None:
    """Write an event directory, which is created if needed.

    An interrupt leaves no part of it: its files are complete before they get their place.
    """
    path = Path(path).absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    there = path.is_dir()
    with TemporaryDirectory(dir=path if there else path.parent, prefix=".forewave-") as work:
        made = Path(work) / "event"
        made.mkdir()  # with the permissions that are usual, unlike the temporary one
        _write(made, info, stations, waveforms, arrived)
        if not there:
            made.rename(path)
            return
        for file in made.iterdir():
            file.replace(path / file.name)


def _write(
    path: Path,
    info: EventInfo,
    stations: Sequence[Station],
    waveforms: Sequence[Packet],
    arrived: Sequence[Receipt] | None,
) -> None:
    event_info.write(path / "event.json", info)
    stations_csv.write(path / "stations.csv", stations)
    (path / "waveforms.mseed").write_bytes(miniseed.encode(waveforms))
    if arrived is not None:
        receipts.write(path / "packets.csv.gz", arrived)


def _knet(path: Path) -> Recording:
    """A folder of original K-NET and KiK-net files; event.json takes precedence over headers."""
    found, components, info, dropped = knet.read_folder(path)
    known = _named(path, "event.json")
    if known:
        info = event_info.read(known)
    joined, repeated = segments.of_recording(found)
    stations, unused = sensor.choose(components)
    kept, unknown = used_segments(joined, stations, {d.source for d in unused})
    lost = (*dropped, *repeated, *unused, *unknown)
    return Recording(path, info, stations, tuple(kept), None, lost)


def _waveforms(path: Path) -> tuple[list[Packet], list[Dropped]]:
    files = _miniseed_files(path)
    if not files:
        others = sorted(file.name for file in path.iterdir() if file.is_file())
        there = ", ".join(others[:MOST_NAMES]) if others else "no file"
        raise FormatError(f"{path}: expected a *.mseed file, found {there}; {LAYOUT}")
    records: list[Packet] = []
    dropped: list[Dropped] = []
    for file in files:
        try:
            read_here, dropped_here = miniseed.packets(file.read_bytes())
        except OSError as error:
            raise FormatError(f"{file}: {error.strerror}") from None
        records += read_here
        dropped += dropped_here
    if not records:
        why = dropped[0].reason if dropped else "the file is empty"
        raise FormatError(f"{files[0]}: expected miniSEED records, none can be read: {why}")
    joined, repeated = segments.of_recording(records)
    return joined, dropped + repeated


def _stations_file(path: Path) -> Path:
    for name in ("stations.xml", "stations.csv"):
        found = _named(path, name)
        if found:
            return found
    raise FormatError(f"{path}: expected stations.xml or stations.csv, found neither; {LAYOUT}")


def _miniseed_files(path: Path) -> list[Path]:
    return sorted(file for file in path.iterdir() if file.suffix.lower() in MINISEED)


def _named(path: Path, name: str) -> Path | None:
    """The file of that name; if there is none, one that differs only in case."""
    alike = sorted(file for file in path.iterdir() if file.name.lower() == name and file.is_file())
    return next((file for file in alike if file.name == name), alike[0] if alike else None)


def used_segments(
    recorded: Sequence[Packet], stations: Sequence[Station], explained: set[str]
) -> tuple[list[Packet], list[Dropped]]:
    """The segments of channels in `stations`, and a Dropped for each other one, if not `explained`.

    explained: streams for which a reason is known already.
    """
    rates = {c.stream: c.rate for station in stations for c in station.channels}
    kept: list[Packet] = []
    dropped: dict[StreamId, Dropped] = {}
    for segment in recorded:
        rate = rates.get(segment.stream)
        if rate is not None and abs(segment.rate - rate) <= RATE_SLACK * rate:
            kept.append(segment)
        elif rate is not None:
            detail = f"{segment.rate:g} samples/s, {rate:g} in the inventory"
            dropped[segment.stream] = Dropped(
                str(segment.stream), "sample rate contradicts", detail
            )
        elif str(segment.stream) not in explained:
            why = "" if codes.is_usual(segment.stream) else "its channel code has not three letters"
            dropped[segment.stream] = Dropped(str(segment.stream), "not in the inventory", why)
    return kept, list(dropped.values())


def _receipts(
    path: Path, stations: Sequence[Station]
) -> tuple[tuple[Receipt, ...] | None, list[Dropped]]:
    file = _named(path, "packets.csv.gz")
    if file is None:
        return None, []
    return receipts.read(file, [station.code for station in stations])
