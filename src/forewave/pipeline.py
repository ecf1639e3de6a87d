"""The four rooms in sequence, in one process, without I/O.

Replay, tests, evaluation, the demo and live machines all use it. The same input in the same order
with the same `now` gives the same output.
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
    Input,
    Message,
    Observation,
    OperatorCancel,
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

    The output of a room depends on the items and times it was given, and on nothing else. It never
    blocks, and never raises on bad data: it returns a Dropped with the reason.
    """

    def feed(self, item: In, now: float) -> Sequence[Out]:
        """Take one item; return what follows from it."""

    def tick(self, now: float) -> Sequence[Out]:
        """Take note that a deadline has passed; return what follows."""

    def deadline(self) -> float | None:
        """The time at which `tick` is due next; None: not at all."""


# What goes into each room and what comes out; mypy checks the classes against it.
STATIONS: type[Room[Packet, StationObservation | Dropped]] = Detector
EVENTS: type[Room[Observation, Dropped | Solution]] = Tracker
SHAKING: type[Room[Solution | Amplitude | StationState, ShakingForecast]] = Forecaster
ALERTS: type[Room[ShakingForecast, Alert]] = Issuer


class PipelineSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of all rooms.

    siting: where stations may be; those with wrong coordinates are not used.
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
        """gains: residuals of stations from before a restart (`Gains.known`)."""
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

    def observe(self, item: Input, now: float) -> Sequence[Dropped]:
        """Remember an observation, or what operators want; return what is refused."""
        if isinstance(item, OperatorCancel):
            return self._issuer.cancel(item, now)
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

        alert: the last one issued, if any. A change since then is issued as soon as it may be: the
        previous process may have been waiting to do so.
        """
        self._tracker.resume(solution, now)
        self.gains.solution(solution)
        shaking_forecasts = () if solution.withdrawn else self._forecaster.feed(solution, now)
        if alert is not None:
            self._issuer.resume(alert, now)
            for shaking in shaking_forecasts:
                self._issuer.wait(shaking)

    def tick(self, now: float) -> list[Message]:
        """Update the rooms that are due; return their messages."""
        messages: list[Message] = []
        self.gains.tick(now)
        if _due(self._tracker.deadline(), now):
            for solution in self._tracker.tick(now):
                messages.append(solution)
                self.gains.solution(solution)
                messages += self._warn(self._forecaster.feed(solution, now), now)
        if _due(self._forecaster.deadline(), now):
            messages += self._warn(self._forecaster.tick(now), now)
        if _due(self._issuer.deadline(), now):
            messages += self._issuer.tick(now)
        return messages

    def deadline(self) -> float | None:
        """The time at which `tick` is due next, without further observations."""
        rooms = (self._tracker, self._forecaster, self._issuer)
        times = (room.deadline() for room in rooms)
        return min((time for time in times if time is not None), default=None)

    def _warn(self, shaking_forecasts: Iterable[ShakingForecast], now: float) -> list[Message]:
        messages: list[Message] = []
        for shaking in shaking_forecasts:
            messages.append(shaking)
            messages += self._issuer.feed(shaking, now)
        return messages


class Pipeline:
    """Packets in; picks, amplitudes, station states, solutions, shaking forecasts and alerts out.

    misplaced: by station code, why its coordinates must be wrong; such stations are not used.
    """

    def __init__(
        self,
        stations: Sequence[Station],
        places: Sequence[Place],
        travel_times: TravelTimes,
        settings: PipelineSettings | None = None,
        gains: Mapping[str, Iterable[float]] | None = None,
    ) -> None:
        self._parts = stations, places, travel_times, settings or PipelineSettings()
        self.misplaced = misplaced(stations, self._parts[3].siting)
        self._begin(gains)

    def begin_anew(self) -> None:
        """Reset every room to its state before the first packet.

        What is known of gains is kept.
        """
        self._begin(self.decider.gains.known())

    def _begin(self, gains: Mapping[str, Iterable[float]] | None) -> None:
        stations, places, travel_times, settings = self._parts
        used = (s for s in stations if s.code not in self.misplaced)
        self.detectors = {s.code: Detector(s, settings.stations) for s in used}
        self.decider = Decider(stations, places, travel_times, settings, gains)

    def feed(self, packet: Packet, now: float) -> list[Message]:
        """Take a packet; return all that follows from it, in order."""
        return self.decide(self.sense(packet, now), now)

    def sense(self, packet: Packet, now: float) -> Sequence[StationObservation | Dropped]:
        """Run the packet's station; returns observations for `decide`, now or a little later."""
        detector = self.detectors.get(packet.stream.code)
        if detector is None:
            known = packet.stream.code in self.misplaced
            reason = MISPLACED if known else "station not in the inventory"
            return [Dropped(str(packet.stream), reason)]
        return detector.feed(packet, now)

    def decide(self, observed: Iterable[Input | Dropped], now: float) -> list[Message]:
        """Pass observations to the other rooms and update these; return all messages in order."""
        messages: list[Message] = []
        for item in observed:
            messages.append(item)
            if not isinstance(item, Dropped):
                messages += self.decider.observe(item, now)
        return messages + self.tick(now)

    def tick(self, now: float) -> list[Message]:
        """Update the rooms that are due; return their messages."""
        return self.decider.tick(now)

    def deadline(self) -> float | None:
        """The time at which `tick` is due next, without further packets."""
        return self.decider.deadline()


def run(
    pipeline: Pipeline, arrivals: Iterable[tuple[float, Packet]]
) -> Iterator[tuple[float, Message]]:
    """All messages for packets in order of arrival, with the updates due between them."""
    for now, packet in arrivals:
        while (deadline := pipeline.deadline()) is not None and deadline < now:
            yield from ((deadline, message) for message in pipeline.tick(deadline))
        yield from ((now, message) for message in pipeline.feed(packet, now))


def _due(deadline: float | None, now: float) -> bool:
    return deadline is not None and deadline <= now
