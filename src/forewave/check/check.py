"""Problems of an event directory or of a forewave.toml: what is wrong, and what to do about it.

Nothing is changed, and a problem does not hide others: everything that can be checked is.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from forewave import config
from forewave.check.channels import channel_findings
from forewave.check.exposure import exposure
from forewave.check.finding import Finding, errors_first
from forewave.check.machine import machine
from forewave.check.recording import feeds, motion, origin
from forewave.check.secrets import secrets
from forewave.check.sources import LISTEN, live
from forewave.config import Settings
from forewave.delivery import served_keys, signing
from forewave.earth.distance import distance_km
from forewave.earth.gmm import DEFAULT, MODELS
from forewave.earth.siting import ANYWHERE, Siting, misplaced, placed, why_all_misplaced
from forewave.earth.towns import towns_near
from forewave.errors import ConfigError, ForewaveError, FormatError
from forewave.formats.faults import FAULTS
from forewave.formats.recordings import event_directory
from forewave.live.persistence import gain_file
from forewave.live.setup import CORRECT_REGION, read_inventory
from forewave.stations.gain import Gains
from forewave.types import Dropped, Station

FEWEST = 4  # stations needed for an epicentre and its uncertainty
APART_KM = 1.0  # least extent of a network that can locate an earthquake
LOWEST_M, HIGHEST_M = -11_000.0, 9_000.0  # elevation of a station, ocean bottom to mountain
FAR_KM, GREAT = 300.0, 8.0  # distance and magnitude that a ground-motion model should reach


def check_recording(path: str | Path) -> list[Finding]:
    """Everything in an event directory that is not used or looks wrong, errors first."""
    try:
        recording = event_directory.inspect(path)
    except FormatError as error:
        return [_unreadable(path, error, event_directory.LAYOUT)]
    found = [
        *_unused(recording.dropped),
        *_stations(recording.stations, ANYWHERE),
        *origin(recording),
        *motion(recording),
    ]
    return errors_first([*found, *feeds(recording)])


def check_config(
    path: str | Path, environment: Mapping[str, str] | None = None, seconds: float = LISTEN
) -> list[Finding]:
    """Everything that would go wrong in a live run with this forewave.toml, errors first.

    seconds: how long to receive from the sources; 0: do not connect.
    """
    path = Path(path)
    try:
        settings, faults = config.survey(path, environment)
    except ConfigError as error:
        return [_unreadable(path, error, "correct the file")]
    found = [Finding("error", path.name, fault, "correct the key") for fault in faults]
    stations: Sequence[Station] = ()
    try:
        stations, dropped = read_inventory(settings, path.parent)
        found += [*_unused(dropped), *_stations(stations, settings.network.siting)]
    except ConfigError as error:
        what = str(error).removeprefix("network.inventory: ")
        found.append(Finding("error", "network.inventory", what, "name a readable inventory"))
    found += _towns(settings, placed(stations, settings.network.siting))
    found += _model(settings.shaking.model)
    record = settings.record.folder
    found += _gains(path.parent / record if record else None, stations)
    found += [*_key(path.parent, settings), *machine(settings, path.parent)]
    found += [*exposure(settings), *channel_findings(settings, path)]
    found += secrets(path, settings)
    return errors_first([*found, *live(settings, stations, seconds)])


def _unreadable(path: str | Path, error: ForewaveError, remedy: str) -> Finding:
    """The finding of an error, whose text may already name the file and the remedy."""
    what = str(error).removesuffix(f"; {remedy}")
    named = what.partition(": ")[0]
    names_file = ": " in what and Path(named).is_relative_to(path)
    subject = named if names_file else str(path)
    return Finding("error", subject, what.removeprefix(f"{subject}: "), remedy)


def _unused(dropped: Iterable[Dropped]) -> Iterator[Finding]:
    """One finding per station (or file) and reason, with all its channels."""
    groups: dict[tuple[str, str], list[Dropped]] = defaultdict(list)
    for each in dropped:
        groups[_owner(each.source), each.reason].append(each)
    for (owner, reason), group in groups.items():
        severity, remedy = FAULTS[reason]
        channels = sorted({d.source.rpartition(".")[2] for d in group if d.source != owner})
        times = f" ({len(group)} times)" if len(group) > max(1, len(channels)) else ""
        detail = next((f": {d.detail}" for d in group if d.detail), "")
        subject = " ".join((owner, *channels)) if _is_stream(group[0].source) else owner
        yield Finding(severity, subject, f"{reason}{times}{detail}", remedy)


def _is_stream(source: str) -> bool:
    return source.count(".") == 3


def _owner(source: str) -> str:
    """The station of a stream, or the name of a file without the line number."""
    if _is_stream(source):
        return ".".join(source.split(".")[:2])
    return source.partition(" line ")[0]


def _stations(stations: Sequence[Station], siting: Siting) -> Iterator[Finding]:
    if not stations:
        yield Finding("error", "stations", "no station can be used", "see the other findings")
    elif len(stations) < FEWEST:
        what = f"only {len(stations)} can be used: too few to locate an earthquake well"
        yield Finding("warning", "stations", what, f"add stations: at least {FEWEST}")
    for station in stations:
        if len(station.channels) < 3:
            what = f"only {len(station.channels)} of three components: shaking is underestimated"
            yield Finding("note", station.code, what, "add the horizontal channels")
    yield from _places(stations, siting)


def _places(stations: Sequence[Station], siting: Siting) -> Iterator[Finding]:
    """Stations whose coordinates or elevation are wrong."""
    remedy = 'correct the coordinates; if they are right, name it in remote = "" of [network]'
    if what := why_all_misplaced(stations, siting):
        yield Finding("error", "network.region", what, CORRECT_REGION)
        return
    found = misplaced(stations, siting)
    for code, why in found.items():
        yield Finding("warning", code, f"not used: coordinates wrong: {why}", remedy)
    for station in stations:
        if station.lat == 0 and station.lon == 0 and len(stations) < FEWEST:
            yield Finding("warning", station.code, "is at 0, 0", "correct the coordinates")
        if not LOWEST_M <= station.elevation_m <= HIGHEST_M:
            what = f"elevation of {station.elevation_m:g} m is impossible"
            yield Finding("warning", station.code, what, "correct the elevation, in metres")
    yield from _extent([station for station in stations if station.code not in found])


def _extent(stations: Sequence[Station]) -> Iterator[Finding]:
    """A network without extent, often a table with one pair of coordinates for all."""
    if len(stations) < 2:
        return
    lat, lon = np.array([(s.lat, s.lon) for s in stations]).T
    if float(distance_km(lat[0], lon[0], lat, lon).max()) < APART_KM:
        what = f"all {len(stations)} stations are within {APART_KM:g} km: nothing can be located"
        yield Finding("warning", "stations", what, "correct the coordinates, or add stations")


def _gains(folder: Path | None, stations: Sequence[Station]) -> Iterator[Finding]:
    """Stations whose gain disagrees with earlier earthquakes, as a live machine recorded it."""
    known = gain_file.load(folder, stations)
    for code, why in Gains(known, known).wrong().items():
        remedy = "correct its gain in the inventory: its motion is not used until then"
        yield Finding("warning", code, f"gain wrong: {why}", remedy)


def _towns(settings: Settings, stations: Sequence[Station]) -> Iterator[Finding]:
    towns = settings.towns
    if stations and not any(
        towns_near(s.lat, s.lon, towns.radius_km, towns.min_population) for s in stations
    ):
        what = (
            f"no town of {towns.min_population} people within {towns.radius_km:g} km of a station"
        )
        yield Finding("warning", "towns", what, "lower min_population or raise radius_km")


def _model(name: str) -> Iterator[Finding]:
    """A ground-motion model that ends before great or distant earthquakes do harm."""
    if name not in MODELS:
        return  # reported as a fault of the key
    (least, greatest), (nearest, farthest) = MODELS[name].magnitudes, MODELS[name].distances_km
    if farthest < FAR_KM or greatest < GREAT:
        what = (
            f"{name} is valid for M {least:g} to {greatest:g} and {nearest:g} to {farthest:g} km: "
            f"outside, {DEFAULT.name} is used"
        )
        remedy = (
            f"nothing if that is intended; else choose a model to M {GREAT:g} and {FAR_KM:g} km"
        )
        yield Finding("note", "shaking.model", what, remedy)


def _key(root: Path, settings: Settings) -> Iterator[Finding]:
    try:
        keys = signing.load(root / settings.keys.file)
    except ConfigError as error:
        yield Finding(
            "error",
            "keys.file",
            str(error),
            "devices show signed alerts only",
        )
        return
    if settings.keys.list:
        yield from _key_list(root / settings.keys.list, keys)


def _key_list(path: Path, keys: signing.Keys) -> Iterator[Finding]:
    remedy = "sign a list with `forewave keys sign` or `forewave keys rotate`"
    try:
        found, _ = served_keys.load(path, keys)
    except ConfigError as error:
        yield Finding("error", "keys.list", str(error), remedy)
        return
    for problem in served_keys.problems(found, keys, time.time()):
        ended = "refuse every alert" in problem.partition("; then")[0]
        yield Finding("error" if ended else "warning", "keys.list", problem, remedy)
