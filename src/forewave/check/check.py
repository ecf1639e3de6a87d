"""What would not work, why, and what to do about it: for a recording and for a configuration.

Nothing is changed, and one fault never hides the next: whatever can still be looked at is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from forewave import config
from forewave.check.exposure import exposure
from forewave.check.finding import Finding, worst_first
from forewave.check.machine import machine
from forewave.check.secrets import secrets
from forewave.check.sources import LISTEN, live
from forewave.check.values import symptoms
from forewave.config import Settings
from forewave.delivery import signing
from forewave.earth.siting import ANYWHERE, Siting, misplaced, placed
from forewave.earth.towns import towns_near
from forewave.errors import ConfigError, FormatError
from forewave.formats import event_directory, inventory
from forewave.formats.event_directory import Recording
from forewave.formats.faults import FAULTS
from forewave.live import gain_file
from forewave.stations.gain import Gains
from forewave.types import Dropped, Packet, Station, StreamId

FEWEST = 4  # stations that an epicentre and its uncertainty need
LATE, EARLY = 5.0, -1.0  # seconds from the last sample to its receipt
HOLED = 0.05  # share of missing samples
STOPPED = 30.0


def check_recording(path: str | Path) -> list[Finding]:
    """Everything of an event directory that is not used or looks wrong, the worst first."""
    try:
        recording = event_directory.survey(path)
    except FormatError as error:
        return [Finding("error", str(path), str(error), "bring the directory into this layout")]
    found = [
        *_unused(recording.dropped),
        *_stations(recording.stations, ANYWHERE),
        *_motion(recording),
    ]
    return worst_first([*found, *_feeds(recording)])


def check_config(
    path: str | Path, environment: Mapping[str, str] | None = None, seconds: float = LISTEN
) -> list[Finding]:
    """Everything that a live run with this forewave.toml would stumble over, the worst first.

    seconds: for which the sources are listened to; 0: they are not opened.
    """
    path = Path(path)
    try:
        settings, faults = config.survey(path, environment)
    except ConfigError as error:
        return [Finding("error", str(path), str(error), "correct the file")]
    found = [Finding("error", path.name, fault, "correct the key") for fault in faults]
    stations: Sequence[Station] = ()
    listing = path.parent / settings.network.inventory
    try:
        stations, dropped = inventory.read(listing)
        found += [*_unused(dropped), *_stations(stations, settings.network.siting)]
    except FormatError as error:
        found.append(Finding("error", "network.inventory", str(error), "name a readable inventory"))
    found += _towns(settings, placed(stations, settings.network.siting))
    record = settings.record.folder
    found += _gains(path.parent / record if record else None, stations)
    found += [*_key(path.parent / settings.keys.file), *machine(settings, path.parent)]
    found += [*exposure(settings), *secrets(path, settings)]
    return worst_first([*found, *live(settings, stations, seconds)])


def _unused(dropped: Iterable[Dropped]) -> Iterator[Finding]:
    """One finding for each station (or file) and reason, its channels together."""
    groups: dict[tuple[str, str], list[Dropped]] = defaultdict(list)
    for word in dropped:
        groups[_owner(word.source), word.reason].append(word)
    for (owner, reason), words in groups.items():
        severity, remedy = FAULTS[reason]
        channels = sorted({w.source.rpartition(".")[2] for w in words if w.source != owner})
        times = f" ({len(words)} times)" if len(words) > max(1, len(channels)) else ""
        detail = next((f": {w.detail}" for w in words if w.detail), "")
        subject = " ".join((owner, *channels)) if _is_stream(words[0].source) else owner
        yield Finding(severity, subject, f"{reason}{times}{detail}", remedy)


def _is_stream(source: str) -> bool:
    return source.count(".") == 3


def _owner(source: str) -> str:
    """The station of a stream; a file's name without the line."""
    if _is_stream(source):
        return ".".join(source.split(".")[:2])
    return source.partition(" line ")[0]


def _stations(stations: Sequence[Station], siting: Siting) -> Iterator[Finding]:
    if not stations:
        yield Finding("error", "stations", "no station can be used", "see the other findings")
    elif len(stations) < FEWEST:
        what = f"{len(stations)} in use: too few to locate an earthquake"
        yield Finding("warning", "stations", what, f"add some: at least {FEWEST}")
    for station in stations:
        if len(station.channels) < 3:
            what = f"only {len(station.channels)} of three components: shaking is underestimated"
            yield Finding("note", station.code, what, "add the horizontal channels")
    yield from _places(stations, siting)


def _places(stations: Sequence[Station], siting: Siting) -> Iterator[Finding]:
    """Stations whose coordinates cannot be right."""
    remedy = 'correct the coordinates; if they are right, name it in remote = "" of [network]'
    found = misplaced(stations, siting)
    if found and len(found) == len(stations):
        what = f"none of {len(stations)} stations is used: {next(iter(found.values()))}"
        yield Finding("error", "network.region", what, "correct the region or the inventory")
        return
    for code, why in found.items():
        yield Finding("warning", code, f"not used: coordinates wrong: {why}", remedy)
    for station in stations:
        if station.lat == 0 and station.lon == 0 and len(stations) < FEWEST:
            yield Finding("warning", station.code, "stands at 0, 0", "correct the coordinates")


def _motion(recording: Recording) -> Iterator[Finding]:
    """Stations that are stuck, say what no ground does, have holes, stop, or another clock."""
    pieces: dict[StreamId, list[Packet]] = defaultdict(list)
    for segment in recording.segments:
        pieces[segment.stream].append(segment)
    if not pieces:
        return
    usual = (
        float(np.median([run[0].start for run in pieces.values()])),
        float(np.median([_end(run[-1]) for run in pieces.values()])),
    )
    for station in recording.stations:
        told: dict[tuple[str, str], list[str]] = defaultdict(list)
        for channel in station.channels:
            run = pieces.get(channel.stream, [])
            for symptom in chain(symptoms(channel, run), _times(run, usual)) if run else ():
                told[symptom].append(channel.stream.channel)
        for (what, remedy), channels in told.items():
            yield Finding("warning", " ".join((station.code, *sorted(channels))), what, remedy)


def _times(pieces: Sequence[Packet], usual: tuple[float, float]) -> Iterator[tuple[str, str]]:
    first, last = pieces[0].start, _end(pieces[-1])
    share = 1.0 - sum(len(p.samples) for p in pieces) / ((last - first) * pieces[0].rate)
    if share > HOLED:
        yield f"{100 * share:.0f} % of the samples are missing", "look at the telemetry"
    if first > usual[1] or last < usual[0]:
        yield f"{first - usual[0]:+.0f} s from the others", "look at its clock"
    elif last < usual[1] - STOPPED:
        yield (
            f"stops {round(usual[1] - last, -1):.0f} s before the others",
            "look at power and telemetry",
        )


def _end(piece: Packet) -> float:
    return piece.start + len(piece.samples) / piece.rate


def _feeds(recording: Recording) -> Iterator[Finding]:
    """Stations whose packets come late, or before they were measured."""
    delays: dict[str, list[float]] = defaultdict(list)
    for receipt in recording.receipts or ():
        delays[receipt.station].append(receipt.received - receipt.last)
    for code, values in delays.items():
        delay = float(np.median(values))
        if delay > LATE:
            what = f"data come {delay:.1f} s late"
            yield Finding("warning", code, what, "use shorter packets or a faster link")
        elif delay < EARLY:
            what = f"the clock is {-delay:.1f} s fast"
            yield Finding("warning", code, what, "look at its clock")


def _gains(folder: Path | None, stations: Sequence[Station]) -> Iterator[Finding]:
    """What a live machine has learned of stations' gains before."""
    known = gain_file.load(folder, stations)
    for code, why in Gains(known, known).wrong().items():
        remedy = "correct its gain in the inventory: its motion is not used until then"
        yield Finding("warning", code, f"gain wrong: {why}", remedy)


def _towns(settings: Settings, stations: Sequence[Station]) -> Iterator[Finding]:
    towns = settings.towns
    if stations and not any(
        towns_near(s.lat, s.lon, towns.radius_km, towns.min_population) for s in stations
    ):
        what = f"none of {towns.min_population} people within {towns.radius_km:g} km of a station"
        yield Finding("warning", "towns", what, "lower min_population or raise radius_km")


def _key(path: Path) -> Iterator[Finding]:
    try:
        signing.load(path)
    except ConfigError as error:
        yield Finding("error", "keys.file", str(error), "devices show no unsigned alert")
