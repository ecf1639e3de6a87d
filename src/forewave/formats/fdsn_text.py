"""FDSN web services' text answers: channels of the station service, events of the event service.

Columns as in the FDSN web service specification 1.1 and 1.2; the head line may be missing, and a
line that cannot be read is dropped with its number.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from forewave.formats.event_info import EventInfo
from forewave.formats.ground_unit import ground_unit
from forewave.formats.sensor import Component
from forewave.types import Channel, Dropped, StreamId

STEEP = 45.0  # degrees of dip from which a component counts as vertical
CHANNEL_COLUMNS, EVENT_COLUMNS = 17, 13


def channels(
    text: str, at: float | None = None, where: str = "station service"
) -> tuple[list[Component], list[Dropped]]:
    """The channels of a level=channel answer in operation `at` that time (or the last epochs)."""
    latest: dict[StreamId, tuple[float, Component]] = {}
    closed: dict[StreamId, Dropped] = {}
    dropped: list[Dropped] = []
    for line, cells in _rows(text):
        try:
            stream, begins, ends = _head(cells)
            word = _component(stream, cells)
        except (ValueError, IndexError) as error:
            dropped.append(Dropped(f"{where} line {line}", "not a number", str(error)))
            continue
        if at is not None and not begins <= at <= ends:
            closed[stream] = Dropped(str(stream), "not in operation then", where)
        elif isinstance(word, Dropped):
            dropped.append(word)
        elif stream not in latest or begins > latest[stream][0]:
            latest[stream] = (begins, word)
    dropped += [word for stream, word in closed.items() if stream not in latest]
    return [component for _, component in latest.values()], dropped


def events(text: str) -> list[EventInfo]:
    """The events of a text answer; lines that cannot be read are passed over."""
    found = []
    for _, cells in _rows(text):
        try:
            found.append(_event(cells))
        except (ValueError, IndexError):
            continue
    return found


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, [cell.strip() for cell in line.split("|")]


def _head(cells: list[str]) -> tuple[StreamId, float, float]:
    if len(cells) < CHANNEL_COLUMNS:
        raise ValueError(f"{len(cells)} of {CHANNEL_COLUMNS} columns")
    network, station, location, channel = cells[:4]
    stream = StreamId(network, station, location.replace("--", ""), channel)
    if not station or len(channel) != 3:
        raise ValueError("no station or channel name")
    return stream, _time(cells[15], -1e12), _time(cells[16], 1e12)


def _component(stream: StreamId, cells: list[str]) -> Component | Dropped:
    scale, unit_name = cells[11], cells[13]
    unit = ground_unit(unit_name, stream.channel)
    if not scale or unit is None:
        fault = "gain missing" if not scale else "units name no ground motion"
        return Dropped(str(stream), fault, unit_name)
    dip = abs(float(cells[9] or 0.0))
    return Component(
        Channel(stream, float(scale) / unit[1], unit[0], float(cells[14])),
        float(cells[4]),
        float(cells[5]),
        float(cells[6] or 0.0),
        float(cells[7] or 0.0),
        stream.channel[2:] == "Z" or dip > STEEP,
    )


def _event(cells: list[str]) -> EventInfo:
    if len(cells) < EVENT_COLUMNS:
        raise ValueError(f"{len(cells)} of {EVENT_COLUMNS} columns")
    return EventInfo(
        id=cells[0],
        origin_time=_time(cells[1], 0.0) if cells[1] else None,
        lat=float(cells[2]),
        lon=float(cells[3]),
        depth_km=float(cells[4]) if cells[4] else None,
        magnitude=float(cells[10]) if cells[10] else None,
        magtype=cells[9] or None,
        region=cells[12] or None,
        source=cells[7] or cells[5] or None,
        event_type="earthquake",
    )


def _time(text: str, default: float) -> float:
    if not text:
        return default
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
