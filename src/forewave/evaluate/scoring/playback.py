"""Replay one event directory through the pipeline and measure the compute time.

Each station is also a place, so that forecasts can be compared with its record.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import msgspec
from msgspec import Struct

from forewave.earth.distance import distance_km
from forewave.evaluate.scoring.catalogue import Quake
from forewave.evaluate.scoring.match import is_single_station
from forewave.formats.recordings.event_directory import Recording
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
    """Packet length and telemetry latency, where arrival times were not recorded."""

    packet_s: float = 1.0
    latency_s: float = 0.5


USUAL = Replay()


class IssuedAlert(Struct, frozen=True):
    """An alert, the time it was sent, and its forecasts by station (empty for a cancellation)."""

    issued: float
    alert: Alert
    forecasts: dict[str, Forecast]


class Run(Struct):
    """Output of the pipeline for one recording. Times are arrival plus compute.

    observations: output of the stations by time of arrival, the input of reference algorithms.
    """

    picks: list[Pick]
    solutions: list[tuple[float, Solution]]
    alerts: list[IssuedAlert]
    dropped: Counter[str]
    compute_s: float = 0.0
    data_s: float = 0.0
    observations: list[tuple[float, StationObservation]] = msgspec.field(default_factory=list)


class Stopwatch:
    """Passes packets on and measures the processing time of each.

    A packet that arrives during the processing of an earlier one waits, as in a live run.
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
        """When output produced now is sent; `now` is pipeline time."""
        return max(self._free, now) + self._clock() - self._handed


def places(recording: Recording) -> tuple[Place, ...]:
    """Every station as a place."""
    return tuple(Place(s.code, s.lat, s.lon, "station", s.vs30_ms) for s in recording.stations)


def play(
    pipeline: Pipeline,
    arrivals: Iterable[tuple[float, Packet]],
    clock: Clock = time.process_time,
) -> Run:
    """Run the pipeline over the arrivals and keep its output."""
    record = Run([], [], [], Counter())
    shaking_forecasts: dict[str, ShakingForecast] = {}
    watch = Stopwatch(arrivals, clock)
    for now, word in run(pipeline, watch):
        if isinstance(word, StationObservation):
            record.observations.append((now, word))
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
            record.alerts.append(
                IssuedAlert(issued, word, forecasts_of(word, shaking_forecasts.get(word.event)))
            )
        case Dropped():
            record.dropped[word.reason] += 1


def forecasts_of(alert: Alert, shaking: ShakingForecast | None) -> dict[str, Forecast]:
    """Forecasts of an alert by place; of a single-station alert, only within the alert's area."""
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
    """Length of the recording, s."""
    if not recording.segments:
        return 0.0
    ends = [p.start + len(p.samples) / p.rate for p in recording.segments]
    return max(ends) - min(p.start for p in recording.segments)


def floors(
    arrivals: Iterable[tuple[float, Packet]], p_times: dict[str, float], quake: Quake
) -> list[float]:
    """Arrival of the packet with the predicted P of each station, s after origin, ascending.

    A lower limit of the alert time of any algorithm that uses P waves. p_times: predicted P by
    station.
    """
    first: dict[str, float] = {}
    for arrival, packet in arrivals:
        code = packet.stream.code
        p = p_times.get(code)
        if p is not None and packet.start <= p < packet.start + len(packet.samples) / packet.rate:
            first[code] = min(first.get(code, arrival), arrival)
    return sorted(arrival - quake.time for arrival in first.values())
