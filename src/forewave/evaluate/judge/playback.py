"""One event directory through the pipeline, as its packets arrived, with the compute measured.

The stations of the recording are also its places, so that every station can stand for a person.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import msgspec
from msgspec import Struct

from forewave.earth.distance import distance_km
from forewave.evaluate.judge.catalogue import Quake
from forewave.evaluate.judge.match import is_single_station
from forewave.formats.event_directory import Recording
from forewave.pipeline import Pipeline, run
from forewave.types import (
    Alert,
    Dropped,
    Forecast,
    Message,
    Packet,
    Pick,
    Place,
    ShakingForecast,
    Solution,
    StationObservation,
)

Clock = Callable[[], float]


class Replay(Struct, frozen=True):
    """How recordings are replayed: packet length and telemetry latency where not recorded."""

    packet_s: float = 1.0
    latency_s: float = 0.5


USUAL = Replay()


class Told(Struct, frozen=True):
    """An alert, when it was out, and what it meant for each station (empty for a cancel)."""

    issued: float
    alert: Alert
    forecasts: dict[str, Forecast]


class Run(Struct):
    """What the pipeline said of one recording. Times are of arrival plus compute.

    heard: what the stations said, by time of arrival, for others to be judged on the same input.
    """

    picks: list[Pick]
    solutions: list[tuple[float, Solution]]
    told: list[Told]
    dropped: Counter[str]
    compute_s: float = 0.0
    data_s: float = 0.0
    heard: list[tuple[float, StationObservation]] = msgspec.field(default_factory=list)


class Stopwatch:
    """Hands packets on and measures how long each keeps its taker busy.

    A packet that arrives while an earlier one is still worked on waits for it, as it would live:
    `issued` is when an answer given now would be out, on the packets' own clock.
    """

    def __init__(self, arrivals: Iterable[tuple[float, Packet]], clock: Clock) -> None:
        self._arrivals, self._clock = arrivals, clock
        self._free, self._handed = float("-inf"), clock()
        self.compute_s = 0.0

    def __iter__(self) -> Iterator[tuple[float, Packet]]:
        for arrival, packet in self._arrivals:
            self._handed = self._clock()
            yield arrival, packet
            spent = self._clock() - self._handed
            self._free = max(self._free, arrival) + spent
            self.compute_s += spent

    def issued(self, now: float) -> float:
        """When an answer that the pipeline gives now is out; `now` is the pipeline's time."""
        return max(self._free, now) + self._clock() - self._handed


def places(recording: Recording) -> tuple[Place, ...]:
    """Every station as a place."""
    return tuple(Place(s.code, s.lat, s.lon, "station", s.vs30_ms) for s in recording.stations)


def listen(
    pipeline: Pipeline,
    arrivals: Iterable[tuple[float, Packet]],
    clock: Clock = time.process_time,
) -> Run:
    """Run the pipeline over the arrivals and keep what it says."""
    record = Run([], [], [], Counter())
    shaking_forecasts: dict[str, ShakingForecast] = {}
    watch = Stopwatch(arrivals, clock)
    for now, word in run(pipeline, watch):
        if isinstance(word, StationObservation):
            record.heard.append((now, word))
        _keep(record, shaking_forecasts, watch.issued(now), word)
    record.compute_s = watch.compute_s
    return record


def _keep(
    record: Run, shaking_forecasts: dict[str, ShakingForecast], issued: float, word: Message
) -> None:
    match word:
        case Pick():
            record.picks.append(word)
        case Solution():
            record.solutions.append((issued, word))
        case ShakingForecast():
            shaking_forecasts[word.solution.event] = word
        case Alert():
            record.told.append(
                Told(issued, word, _forecasts(word, shaking_forecasts.get(word.event)))
            )
        case Dropped():
            record.dropped[word.reason] += 1


def _forecasts(alert: Alert, shaking: ShakingForecast | None) -> dict[str, Forecast]:
    """By station: what the alert's receivers work out for their own place.

    A single-station alert is for those near its station only, within the alert's area.
    """
    if shaking is None or alert.kind == "cancel":
        return {}
    if not is_single_station(alert):
        return {forecast.place: forecast for forecast in shaking.forecasts}
    area = alert.area
    return {
        forecast.place: forecast
        for forecast in shaking.forecasts
        if distance_km(area.lat, area.lon, forecast.lat, forecast.lon) <= area.radius_km
    }


def data_seconds(recording: Recording) -> float:
    """From the first sample to the last."""
    if not recording.segments:
        return 0.0
    ends = [p.start + len(p.samples) / p.rate for p in recording.segments]
    return max(ends) - min(p.start for p in recording.segments)


def floors(
    arrivals: Iterable[tuple[float, Packet]], p_times: dict[str, float], quake: Quake
) -> list[float]:
    """When the packet with each station's predicted P was in hand, s after origin, ascending.

    p_times: predicted P by station. No rule on P waves can be earlier than these.
    """
    first: dict[str, float] = {}
    for arrival, packet in arrivals:
        code = packet.stream.code
        p = p_times.get(code)
        if p is not None and packet.start <= p < packet.start + len(packet.samples) / packet.rate:
            first[code] = min(first.get(code, arrival), arrival)
    return sorted(arrival - quake.time for arrival in first.values())
