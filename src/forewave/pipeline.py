"""The four rooms in a row, in one process, with no I/O.

Replay, tests, evaluation, the demo and a live machine all run this. The same input in the same
order with the same `now` gives the same output.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct

from forewave.alerts.issuer import Issuer
from forewave.alerts.policy import AlertSettings
from forewave.earth.siting import ANYWHERE, Siting, misplaced
from forewave.earth.travel_time import TravelTimes
from forewave.events.publication import TrackerSettings
from forewave.events.tracker import Tracker
from forewave.phones.settings import PhoneSettings
from forewave.shaking.forecaster import Forecaster, ShakingSettings
from forewave.stations.detector import Detector
from forewave.stations.gain import Gains
from forewave.stations.settings import DetectorSettings
from forewave.types import (
    Alert,
    Amplitude,
    Dropped,
    Message,
    Observation,
    Packet,
    Place,
    ShakingForecast,
    Solution,
    Station,
    StationObservation,
    StationState,
)

MISPLACED = "station's coordinates wrong"

In = TypeVar("In", contravariant=True)
Out = TypeVar("Out", bound=Message, covariant=True)


class Room(Protocol[In, Out]):
    """Pure state: no socket, no clock, no log. `now` is the time of arrival, always given.

    What a room answers depends on the items and times it was given, and on nothing else. It
    never blocks, and never raises on bad data: it answers less, and says why (Dropped).
    """

    def feed(self, item: In, now: float) -> Sequence[Out]:
        """Take one item; answer what follows from it."""

    def tick(self, now: float) -> Sequence[Out]:
        """A deadline has passed."""

    def deadline(self) -> float | None:
        """When `tick` wants to be called next, if ever."""


# What goes into each room and what comes out; mypy checks the classes against it.
STATIONS: type[Room[Packet, StationObservation | Dropped]] = Detector
EVENTS: type[Room[Observation, Dropped | Solution]] = Tracker
SHAKING: type[Room[Solution | Amplitude | StationState, ShakingForecast]] = Forecaster
ALERTS: type[Room[ShakingForecast, Alert]] = Issuer


class PipelineSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The rooms' own settings, side by side.

    siting: where stations may stand; those with wrong coordinates are not used.
    """

    stations: DetectorSettings = DetectorSettings()
    events: TrackerSettings = TrackerSettings()
    shaking: ShakingSettings = ShakingSettings()
    alerts: AlertSettings = AlertSettings()
    phones: PhoneSettings = PhoneSettings()
    siting: Siting = ANYWHERE


class Decider:
    """The rooms behind stations and phones: observations in; solutions, forecasts, alerts out.

    `observe` only remembers. Results depend on the observations, their order and the times of
    `observe` and `tick`, and on nothing else: repeating these repeats a run to the last digit.
    """

    def __init__(
        self,
        stations: Sequence[Station],
        places: Sequence[Place],
        travel_times: TravelTimes,
        settings: PipelineSettings | None = None,
        gains: Mapping[str, Iterable[float]] | None = None,
    ) -> None:
        """gains: what was learned of stations' gains before (stations/gain.py)."""
        settings = settings or PipelineSettings()
        wrong = misplaced(stations, settings.siting)
        stations = [s for s in stations if s.code not in wrong]
        places = [p for p in places if not (p.kind == "station" and p.name in wrong)]
        self._tracker = Tracker(
            stations, travel_times, settings.events, settings.alerts, settings.phones.alone
        )
        self._forecaster = Forecaster(places, travel_times, settings.shaking, stations)
        self._issuer = Issuer(settings.alerts)
        self.gains = Gains((s.code for s in stations), gains)

    def observe(self, item: Observation, now: float) -> Sequence[Dropped]:
        """Remember an observation of a station or of phones; return what is refused."""
        if isinstance(item, Amplitude | StationState):
            usable = self.gains.usable(item)
            if usable is None:
                return ()
            item = usable
        refused = self._tracker.feed(item, now)
        if isinstance(item, Amplitude | StationState):
            self._forecaster.feed(item, now)
        return refused

    def resume(self, solution: Solution, alert: Alert | None, now: float) -> None:
        """Resume an event from its last solution, after all earlier observations (`observe`).

        alert: the last one issued, if any. What has changed since then is issued when it may be:
        the process before may have been waiting to do so.
        """
        self._tracker.resume(solution, now)
        self.gains.solution(solution)
        shaking_forecasts = () if solution.withdrawn else self._forecaster.feed(solution, now)
        if alert is not None:
            self._issuer.resume(alert, now)
            for shaking in shaking_forecasts:
                self._issuer.wait(shaking)

    def tick(self, now: float) -> list[Message]:
        """Let the rooms whose time has come think."""
        words: list[Message] = []
        self.gains.tick(now)
        if _due(self._tracker.deadline(), now):
            for solution in self._tracker.tick(now):
                words.append(solution)
                self.gains.solution(solution)
                words += self._warn(self._forecaster.feed(solution, now), now)
        if _due(self._forecaster.deadline(), now):
            words += self._warn(self._forecaster.tick(now), now)
        if _due(self._issuer.deadline(), now):
            words += self._issuer.tick(now)
        return words

    def deadline(self) -> float | None:
        """When `tick` wants to be called next, if nothing is heard before."""
        rooms = (self._tracker, self._forecaster, self._issuer)
        times = (room.deadline() for room in rooms)
        return min((time for time in times if time is not None), default=None)

    def _warn(self, shaking_forecasts: Iterable[ShakingForecast], now: float) -> list[Message]:
        words: list[Message] = []
        for shaking in shaking_forecasts:
            words.append(shaking)
            words += self._issuer.feed(shaking, now)
        return words


class Pipeline:
    """Packets in; picks, amplitudes, station states, solutions, shaking forecasts and alerts out.

    misplaced: by code, why a station's coordinates cannot be right; it is not used.
    """

    def __init__(
        self,
        stations: Sequence[Station],
        places: Sequence[Place],
        travel_times: TravelTimes,
        settings: PipelineSettings | None = None,
        gains: Mapping[str, Iterable[float]] | None = None,
    ) -> None:
        self._made_of = stations, places, travel_times, settings or PipelineSettings()
        self.misplaced = misplaced(stations, self._made_of[3].siting)
        self._begin(gains)

    def begin_anew(self) -> None:
        """Forget all that was heard: every room as it is before the first packet.

        What was learned of gains stays.
        """
        self._begin(self.decider.gains.known())

    def _begin(self, gains: Mapping[str, Iterable[float]] | None) -> None:
        stations, places, travel_times, settings = self._made_of
        used = (s for s in stations if s.code not in self.misplaced)
        self.detectors = {s.code: Detector(s, settings.stations) for s in used}
        self.decider = Decider(stations, places, travel_times, settings, gains)

    def feed(self, packet: Packet, now: float) -> list[Message]:
        """Take a packet; answer all that follows from it, in the order in which it was known."""
        return self.decide(self.sense(packet, now), now)

    def sense(self, packet: Packet, now: float) -> Sequence[StationObservation | Dropped]:
        """What the packet's station says of it; for `decide`, now or a little later."""
        detector = self.detectors.get(packet.stream.code)
        if detector is None:
            known = packet.stream.code in self.misplaced
            reason = MISPLACED if known else "station not in the inventory"
            return [Dropped(str(packet.stream), reason)]
        return detector.feed(packet, now)

    def decide(self, said: Iterable[Observation | Dropped], now: float) -> list[Message]:
        """Let the rooms behind hear what stations said, and think; answer all of it in order."""
        words: list[Message] = []
        for word in said:
            words.append(word)
            if not isinstance(word, Dropped):
                words += self.decider.observe(word, now)
        return words + self.tick(now)

    def tick(self, now: float) -> list[Message]:
        """Let the rooms whose time has come think."""
        return self.decider.tick(now)

    def deadline(self) -> float | None:
        """When `tick` wants to be called next, if no packet comes before."""
        return self.decider.deadline()


def run(
    pipeline: Pipeline, arrivals: Iterable[tuple[float, Packet]]
) -> Iterator[tuple[float, Message]]:
    """Everything the pipeline says of packets by time of arrival, with its moments between."""
    for now, packet in arrivals:
        while (deadline := pipeline.deadline()) is not None and deadline < now:
            yield from ((deadline, word) for word in pipeline.tick(deadline))
        yield from ((now, word) for word in pipeline.feed(packet, now))


def _due(deadline: float | None, now: float) -> bool:
    return deadline is not None and deadline <= now
