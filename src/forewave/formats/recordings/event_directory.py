"""The event directory: one layout for recorded and simulated earthquakes.

*.mseed (or another usual suffix), stations.xml or stations.csv, event.json, and packets.csv.gz
where the real time of arrival of every packet is known. A folder of original K-NET files is read
as well. Capitals in the names of files do not matter.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

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
MOST_NAMES = 5  # that an error shows
RATE_SLACK = 0.05  # real rates of cheap sensors differ by a few per cent from what is written

__all__ = [
    "EventInfo",
    "Receipt",
    "Recording",
    "read",
    "survey",
    "wanted",
    "why_unusable",
    "write",
]


class Recording(Struct, frozen=True):
    """What an event directory holds.

    segments: the contiguous pieces of the channels that `stations` use, by stream and time.
    receipts: when packets really arrived, None where it is not known. dropped: all that was not
    used, and why.
    """

    path: Path
    info: EventInfo
    stations: tuple[Station, ...]
    segments: tuple[Packet, ...]
    receipts: tuple[Receipt, ...] | None
    dropped: tuple[Dropped, ...]


def read(path: str | Path) -> Recording:
    """Read an event directory. Raises FormatError, one line that names the file and why.

    A single bad record, line or channel is no error: it is in `dropped`.
    """
    recording = survey(path)
    if not recording.stations:
        where = recording.path
        where = where if knet.files(where) else _stations_file(where)
        raise FormatError(f"{where}: {why_unusable(recording.dropped)}")
    return recording


def why_unusable(dropped: Sequence[Dropped]) -> str:
    """Why there is no station that can be used: the most frequent reasons."""
    causes = Counter(d.reason for d in dropped).most_common(3)
    why = ", ".join(f"{reason} ({count})" for reason, count in causes)
    return f"no station can be used: {why}"


def survey(path: str | Path) -> Recording:
    """As `read`, but a recording without any usable station is no error either."""
    path = Path(path)
    if not path.is_dir():
        raise FormatError(f"{path}: no such directory")
    if knet.files(path) and not _miniseed_files(path):
        return _knet(path)
    listing = _stations_file(path)
    info = event_info.read(_named(path, "event.json") or path / "event.json")
    pieces, lost = _waveforms(path)
    streams = {piece.stream for piece in pieces}
    stations, unused = inventory.read(listing, min(p.start for p in pieces), streams)
    kept, unknown = wanted(pieces, stations, {d.source for d in unused})
    arrived, unread = _receipts(path, stations)
    dropped = (*lost, *unused, *unknown, *unread)
    return Recording(path, info, stations, tuple(kept), arrived, dropped)


def write(
    path: str | Path,
    info: EventInfo,
    stations: Sequence[Station],
    pieces: Sequence[Packet],
    arrived: Sequence[Receipt] | None = None,
) -> None:
    """Write an event directory that `read` reads; makes the folder if there is none."""
    path = Path(path)
    path.mkdir(parents=True, exist_ok=True)
    event_info.write(path / "event.json", info)
    stations_csv.write(path / "stations.csv", stations)
    (path / "waveforms.mseed").write_bytes(miniseed.encode(pieces))
    if arrived is not None:
        receipts.write(path / "packets.csv.gz", arrived)


def _knet(path: Path) -> Recording:
    """A folder of original K-NET and KiK-net files; event.json, if there is one, knows better."""
    pieces, components, info, dropped = knet.read_folder(path)
    known = _named(path, "event.json")
    if known:
        info = event_info.read(known)
    joined, repeated = segments.gather(pieces)
    stations, unused = sensor.choose(components)
    kept, unknown = wanted(joined, stations, {d.source for d in unused})
    lost = (*dropped, *repeated, *unused, *unknown)
    return Recording(path, info, stations, tuple(kept), None, lost)


def _waveforms(path: Path) -> tuple[list[Packet], list[Dropped]]:
    files = _miniseed_files(path)
    if not files:
        others = sorted(file.name for file in path.iterdir() if file.is_file())
        there = f": there is {', '.join(others[:MOST_NAMES])}" if others else ": it is empty"
        raise FormatError(f"{path}: holds no *.mseed file{there}")
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
        raise FormatError(f"{files[0]}: no miniSEED record can be read: {why}")
    joined, repeated = segments.gather(records)
    return joined, dropped + repeated


def _stations_file(path: Path) -> Path:
    for name in ("stations.xml", "stations.csv"):
        found = _named(path, name)
        if found:
            return found
    raise FormatError(f"{path}: holds neither stations.xml nor stations.csv")


def _miniseed_files(path: Path) -> list[Path]:
    return sorted(file for file in path.iterdir() if file.suffix.lower() in MINISEED)


def _named(path: Path, name: str) -> Path | None:
    """The file of that name, or of that name with other capitals."""
    alike = sorted(file for file in path.iterdir() if file.name.lower() == name and file.is_file())
    return next((file for file in alike if file.name == name), alike[0] if alike else None)


def wanted(
    pieces: Sequence[Packet], stations: Sequence[Station], explained: set[str]
) -> tuple[list[Packet], list[Dropped]]:
    """The pieces of the channels used, and why others are not, unless that is `explained`."""
    rates = {c.stream: c.rate for station in stations for c in station.channels}
    kept: list[Packet] = []
    dropped: dict[StreamId, Dropped] = {}
    for piece in pieces:
        rate = rates.get(piece.stream)
        if rate is not None and abs(piece.rate - rate) <= RATE_SLACK * rate:
            kept.append(piece)
        elif rate is not None:
            detail = f"{piece.rate:g} samples/s, the inventory says {rate:g}"
            dropped[piece.stream] = Dropped(str(piece.stream), "sample rate contradicts", detail)
        elif str(piece.stream) not in explained:
            why = (
                "" if codes.is_usual(piece.stream) else "its channel's code is not of three letters"
            )
            dropped[piece.stream] = Dropped(str(piece.stream), "not in the inventory", why)
    return kept, list(dropped.values())


def _receipts(
    path: Path, stations: Sequence[Station]
) -> tuple[tuple[Receipt, ...] | None, list[Dropped]]:
    file = _named(path, "packets.csv.gz")
    if file is None:
        return None, []
    return receipts.read(file, [station.code for station in stations])
