"""K-NET and KiK-net ASCII files of NIED, Japan.

One file per component: seventeen header lines, each with a label of eighteen characters and a
value, then samples in counts. KiK-net has a sensor at the bottom of a borehole (location 1 here)
and one at the surface (2). Times are Japan Standard Time; a record begins 15 s before its "Record
Time", which includes the delay of the instrument. The origin time is truncated to the minute.

Values that are blank or "-" are unknown; a missing direction or station is taken from the file
name. Source: NIED, "Data format" of K-NET and KiK-net (www.kyoshin.bosai.go.jp).
"""

import re
from collections.abc import Sequence
from math import nan
from pathlib import Path

import numpy as np

from forewave.errors import FormatError
from forewave.formats import bounded, codes
from forewave.formats.dates import posix
from forewave.formats.inventories.sensor import Component, below_highest
from forewave.formats.recordings.event_info import EventInfo
from forewave.types import Channel, Dropped, Packet
from forewave.units import GAL_MS2

NETWORK = "BO"  # FDSN's code of NIED's strong-motion networks
CHANNELS = {"UD": "HNZ", "NS": "HNN", "EW": "HNE"}
SUFFIXES = {f".{name}{place}" for name in CHANNELS for place in ("", "1", "2")}
DIRECTIONS = {"U-D": "UD", "N-S": "NS", "E-W": "EW"} | {
    str(3 * place + number): f"{name}{place + 1}"
    for place in (0, 1)
    for number, name in enumerate(("NS", "EW", "UD"), start=1)
}
JAPAN = 9 * 3600.0
DELAY = 15.0  # seconds from the first sample to "Record Time"
LABELS = (
    "Origin Time",
    "Lat.",
    "Long.",
    "Depth. (km)",
    "Mag.",
    "Station Code",
    "Station Lat.",
    "Station Long.",
    "Station Height(m)",
    "Record Time",
    "Sampling Freq(Hz)",
    "Duration Time(s)",
    "Dir.",
    "Scale Factor",
    "Max. Acc. (gal)",
    "Last Correction",
    "Memo.",
)
_SCALE = re.compile(r"([\d.eE+-]+)\s*\(\s*gal\s*\)\s*/\s*([\d.eE+-]+)", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_INTEGER = re.compile(r"[+-]?\d+")
_NAME = re.compile(r"([A-Z]{3}[0-9A-Z]{2,3})\d{10}", re.IGNORECASE)


def files(folder: Path) -> list[Path]:
    """The K-NET and KiK-net files in a folder, ordered by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.upper() in SUFFIXES)


def read(path: Path) -> tuple[Packet, Component, EventInfo]:
    """One component: samples in counts, gain and coordinates, and the earthquake of the header.

    Raises FormatError that names file and header line.
    """
    try:
        text = bounded.read(path, bounded.TABLE).decode("ascii", "replace")
        head, lines = _head(text.splitlines())
        return _component(path, head, lines)
    except OSError as error:
        raise FormatError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise FormatError(f"{path}: not a K-NET file: {error}") from None


def read_folder(
    folder: Path,
) -> tuple[list[Packet], list[Component], EventInfo, list[Dropped]]:
    """All K-NET files of a folder. Unreadable ones are dropped; FormatError if all are."""
    whole: list[tuple[Packet, Component, EventInfo]] = []
    dropped: list[Dropped] = []
    for path in files(folder):
        try:
            whole.append(read(path))
        except FormatError as error:
            dropped.append(Dropped(path.name, "unreadable K-NET file", str(error)))
    if not whole:
        raise FormatError(
            dropped[0].detail if dropped else f"{folder}: expected K-NET files, found none"
        )
    packets, components, events = zip(*whole, strict=True)
    return list(packets), below_highest(components), max(events, key=_known), dropped


def _known(event: EventInfo) -> int:
    """Number of values of the earthquake that a header states."""
    return sum(
        value is not None
        for value in (event.origin_time, event.lat, event.depth_km, event.magnitude)
    )


def _head(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """The values by label ("" if blank), and the lines of samples."""
    head: dict[str, str] = {}
    for number, line in enumerate(lines):
        label = next((label for label in LABELS if line.lower().startswith(label.lower())), None)
        if label is None:
            break
        value = line[len(label) :].strip()
        head[label] = "" if not value.strip("-") else value
        if label == LABELS[-1]:
            return dict.fromkeys(LABELS, "") | head, lines[number + 1 :]
    missing = next(label for label in LABELS if label not in head)
    raise ValueError(f"expected the header line {missing!r}, found none")


def _component(
    path: Path, head: dict[str, str], lines: Sequence[str]
) -> tuple[Packet, Component, EventInfo]:
    name = _direction(path, head["Dir."])
    stream = codes.stream(NETWORK, _station(path, head), name[2:], CHANNELS[name[:2]])
    rate = _positive(head, "Sampling Freq(Hz)")
    start = posix(_needed(head, "Record Time")) - JAPAN - DELAY
    channel = Channel(stream, _gain(head), "m/s^2", rate)
    place = Component(
        channel,
        _number(head, "Station Lat.", nan),
        _number(head, "Station Long.", nan),
        _number(head, "Station Height(m)", 0.0),
        vertical=name.startswith("UD"),
    )
    return Packet(stream, start, rate, _samples(lines)), place, _event(path, head)


def _direction(path: Path, written: str) -> str:
    """UD, NS or EW, with 1 or 2 appended for KiK-net; from the file name if it is not stated."""
    name = DIRECTIONS.get(written.upper())
    if name is None and not written and path.suffix.upper() in SUFFIXES:
        name = path.suffix[1:].upper()
    if name is None:
        raise ValueError(f"Dir. is {written!r}, expected U-D, N-S, E-W or 1 to 6")
    return name


def _station(path: Path, head: dict[str, str]) -> str:
    named = _NAME.match(path.name)
    station = head["Station Code"] or (named[1] if named else "")
    if not station:
        raise ValueError("Station Code is blank, expected a code")
    return station


def _gain(head: dict[str, str]) -> float:
    """Counts per m/s^2."""
    written = _needed(head, "Scale Factor")
    found = _SCALE.fullmatch(written)
    gal = float(found[1]) if found else 0.0
    if found is None or not gal > 0 or not float(found[2]) > 0:
        raise ValueError(f"Scale Factor is {written!r}, expected a fraction like 2000(gal)/8388608")
    return float(found[2]) / (gal * GAL_MS2)


def _samples(lines: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    numbers = " ".join(lines).split()
    try:
        samples = np.array(numbers, dtype=np.int64)
    except (ValueError, OverflowError):
        found = next((text for text in numbers if not _INTEGER.fullmatch(text)), "a larger one")
        raise ValueError(f"expected samples of at most 32 bits, found {found[:40]}") from None
    if not len(samples):
        raise ValueError("expected samples, found none")
    if np.abs(samples).max() >= 1 << 31:
        raise ValueError(f"expected samples of at most 32 bits, found {np.abs(samples).max()}")
    return samples.astype(np.int32)


def _event(path: Path, head: dict[str, str]) -> EventInfo:
    return EventInfo(
        path.resolve().parent.name,
        posix(head["Origin Time"]) - JAPAN if head["Origin Time"] else None,
        _known_number(head, "Lat."),
        _known_number(head, "Long."),
        _known_number(head, "Depth. (km)"),
        _known_number(head, "Mag."),
        "Mj" if head["Mag."] else None,
        source="head of the K-NET files, origin time cut to the minute",
        event_type="earthquake",
    )


def _needed(head: dict[str, str], label: str) -> str:
    if not head[label]:
        raise ValueError(f"{label} is blank, expected a value")
    return head[label]


def _positive(head: dict[str, str], label: str) -> float:
    written = _needed(head, label)
    number = _leading(written)
    if number is None or not number > 0:
        raise ValueError(f"{label} is {written!r}, expected a number above 0")
    return number


def _number(head: dict[str, str], label: str, otherwise: float) -> float:
    number = _known_number(head, label)
    return otherwise if number is None else number


def _known_number(head: dict[str, str], label: str) -> float | None:
    """A number, None if blank. Raises ValueError if it is anything else."""
    written = head[label]
    number = _leading(written)
    if written and number is None:
        raise ValueError(f"{label} is {written!r}, expected a number")
    return number


def _leading(text: str) -> float | None:
    """The number at the beginning of a text such as "100Hz"."""
    found = _NUMBER.match(text)
    return float(found[0]) if found else None
