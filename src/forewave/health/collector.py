"""Collects the health of a live run: stations, sources, latencies, refusals, the system clock.

    health = Health(stations, now)
    health.loaded("travel times")       and "kernels": needed before it is ready
    health.receive(message, now)        everything that the pipeline emits
    health.sources(statuses)            all sources, about once a second
    health.lag(stage, seconds)          for each packet (arrival, merge, compute) or alert (send)
    health.tally(where, counts)         counts kept elsewhere: merge, devices
    health.storage_losses(...)          what event log, packet journal and waveforms could not keep
    health.arrived(code, seconds, now)  each packet's latency, to check the system clock
    health.clock(report)                the system clock
    health.report(now)                  a snapshot, shown by page, metrics and /healthz

Pure: `now` is an argument. Memory does not grow with time: tables are by station of the inventory,
by source, by stage, and by the first MOST_REASONS reasons.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from forewave.formats.storage.codec import stored_name
from forewave.health.common_clock import CommonClock
from forewave.health.histogram import Histogram
from forewave.health.report import (
    STAGES,
    ClockReport,
    Report,
    Stage,
    StageReport,
    StationCondition,
    StationReport,
)
from forewave.health.station import StationHealth
from forewave.sources.intake.inbox import SourceStatus
from forewave.types import Alert, Dropped, Message, Pick, Solution, Station, StationState

MOST_REASONS = 200
STUCK = 15.0  # seconds that packets may wait while the pipeline emits nothing
MOST_NAMED = 10  # stations that are listed by name
LOSING = 60.0  # seconds for which a loss of event log, packet journal or waveforms is reported
NEEDS = ("travel times", "kernels")


class Health:
    """The collector; see the module."""

    def __init__(
        self,
        stations: Sequence[Station],
        started: float,
        misplaced: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """misplaced: stations that are not used, by code: why their coordinates are wrong."""
        self._started = self._received = started
        self._misplaced = misplaced
        self._disagreeing: Mapping[str, str] = {}
        self._wrong_gains: Mapping[str, str] = {}
        self._stations = {s.code: StationHealth(s.code) for s in stations}
        for code in self._misplaced:
            self._stations[code].misplaced = True
        self._sources: dict[str, SourceStatus] = {}
        self._stages = {stage: Histogram() for stage in STAGES}
        self._dropped: Counter[str] = Counter()
        self._messages: Counter[str] = Counter()
        self._alerts: Counter[str] = Counter()
        self._tallies: dict[str, dict[str, int]] = {}
        self._channels: dict[str, str] = {}
        self._needs = list(NEEDS)
        self._clock = ClockReport()
        self._common = CommonClock()
        self._storage_waits: dict[str, str] = {}
        self._losing: dict[str, tuple[str, float]] = {}  # the last reason, reported until

    def loaded(self, need: str) -> None:
        """Mark one of NEEDS as available."""
        self._needs = [each for each in self._needs if each != need]

    def receive(self, message: Message, now: float) -> None:
        """Take a message that the pipeline has emitted."""
        self._received = now
        self._messages[stored_name(type(message))] += 1
        if isinstance(message, StationState | Pick):
            self._of_station(message, now)
        elif isinstance(message, Dropped):
            self._refused(message, now)
        elif isinstance(message, Solution):
            self._residuals(message)
        elif isinstance(message, Alert):
            self._alerts[f"{message.kind} {message.mode}"] += 1

    def source(self, status: SourceStatus) -> None:
        """Set the status of one source."""
        self._sources[status.source] = status

    def sources(self, statuses: Iterable[SourceStatus]) -> None:
        """Set the status of all sources; others are removed."""
        self._sources = {status.source: status for status in statuses}

    def lag(self, stage: Stage, seconds: float) -> None:
        """Add the latency of one packet or alert to a stage."""
        self._stages[stage].add(seconds)

    def drop(self, reason: str, count: int = 1) -> None:
        """Count refusals by reason; reasons beyond MOST_REASONS count as "other"."""
        known = reason in self._dropped or len(self._dropped) < MOST_REASONS
        self._dropped[reason if known else "other"] += count

    def tally(self, where: str, counts: Mapping[str, int]) -> None:
        """Set counts kept elsewhere, since the start."""
        self._tallies[where] = dict(counts)

    def storage_losses(self, where: str, lost: Mapping[str, int], now: float) -> None:
        """Set what could not be stored since the start, by reason."""
        before = self._tallies.get(where, {})
        self._losing.setdefault(where, ("", now))
        for reason, count in lost.items():
            if count > before.get(reason, 0):
                self._losing[where] = reason, now + LOSING
        self.tally(where, lost)

    def storage_waits(self, where: str, why: str) -> None:
        """Set why what is to be stored waits in memory now; "": it does not."""
        self._storage_waits[where] = why

    def channels(self, faults: Mapping[str, str]) -> None:
        """Set why each channel cannot send now, by its name; "": it can."""
        self._channels = dict(faults)

    def disagree(self, found: Mapping[str, str]) -> None:
        """Set the source that is not used, by station: another delivers different samples."""
        self._disagreeing = found

    def wrong_gains(self, found: Mapping[str, str]) -> None:
        """Set why a gain is wrong, by station. Picks are used, amplitudes and silence are not."""
        self._wrong_gains = found
        for code, station in self._stations.items():
            station.wrong_gain = code in found

    def arrived(self, code: str, latency: float, now: float) -> None:
        """Add a packet. latency: seconds from its last sample to its arrival."""
        self._common.arrived(code, latency, now)

    def clock(self, report: ClockReport) -> None:
        """Set the report on the system clock."""
        self._clock = report

    def clock_now(self, now: float) -> ClockReport:
        """The report on the system clock, compared with the stations' times."""
        behind = self._common.behind(now)
        if behind is None:
            return self._clock
        reason = f"it is behind by {behind.seconds:.1f} s: samples of {behind.stations} of "
        reason += f"{behind.of} stations arrive before their time, by about the same"
        return replace(self._clock, state="behind", reason=reason, behind=behind.seconds)

    def alive(self, now: float) -> bool:
        """Whether waiting packets are processed."""
        waiting = any(status.waiting for status in self._sources.values())
        return not (waiting and now - self._received > STUCK)

    def missing(self, now: float) -> tuple[str, ...]:
        """What is missing before alerts can be issued."""
        live = any(status.state == "live" for status in self._sources.values())
        if not live:
            return (*self._needs, "a live source")
        usable = any(station.is_received(now) for station in self._stations.values())
        return (*self._needs, *(() if usable else ("a station",)))

    def conditions(self, now: float) -> Iterator[tuple[StationCondition, float | None]]:
        """The condition and the latency of each station, in the order of the stations.

        Takes about 1 us per station.
        """
        return (station.brief(now) for station in self._stations.values())

    def report(self, now: float) -> Report:
        """The current report. Takes about 2 us per station."""
        stations = tuple(station.report(now) for station in self._stations.values())
        missing, clock = self.missing(now), self.clock_now(now)
        keeping = {where: self._why_lost(where, now) for where in self._losing}
        return Report(
            now=now,
            started=self._started,
            alive=self.alive(now),
            ready=not missing,
            missing=missing,
            problems=tuple(self._problems(stations, clock, keeping, now)),
            stations=stations,
            sources=tuple(self._sources.values()),
            stages=tuple(self._stage(stage) for stage in STAGES),
            dropped=dict(self._dropped),
            words=dict(self._messages),
            alerts=dict(self._alerts),
            tallies=dict(self._tallies),
            clock=clock,
            keeping=keeping,
            channels=self._channels,
        )

    def _why_lost(self, where: str, now: float) -> str:
        reason, until = self._losing[where]
        return (reason if now < until else "") or self._storage_waits.get(where, "")

    def _of_station(self, message: StationState | Pick, now: float) -> None:
        station = self._stations.get(message.station)
        if station is None:  # monitoring must not raise
            self.drop("station not in the inventory")
        elif isinstance(message, StationState):
            station.state(message, now)
        else:
            station.pick()

    def _refused(self, dropped: Dropped, now: float) -> None:
        self.drop(dropped.reason)
        station = self._stations.get(".".join(dropped.source.split(".")[:2]))
        if station is not None:
            station.drop(dropped.reason, now)

    def _residuals(self, solution: Solution) -> None:
        for arrival in solution.picks:
            if arrival.phase == "P" and arrival.station in self._stations:
                self._stations[arrival.station].residual(solution.event, arrival.residual)

    def _stage(self, stage: Stage) -> StageReport:
        counts = self._stages[stage].counts()
        p50, p99 = counts.quantile(0.5), counts.quantile(0.99)
        return StageReport(stage, STAGES[stage], p50, p99, counts)

    def _problems(
        self,
        stations: Sequence[StationReport],
        clock: ClockReport,
        keeping: Mapping[str, str],
        now: float,
    ) -> Iterator[str]:
        """Problems that need attention, one line each."""
        if not self.alive(now):
            yield f"the pipeline has emitted nothing for {now - self._received:.0f} s; packets wait"
        lost = [s.source for s in self._sources.values() if s.state != "live"]
        if lost:
            yield f"{len(lost)} of {len(self._sources)} sources deliver nothing, such as {lost[0]}"
        away = [s.code for s in stations if not s.counts]
        if away:
            yield f"{len(away)} of {len(stations)} stations are not usable, such as {away[0]}"
        for code, why in list(self._misplaced.items())[:MOST_NAMED]:
            yield f"{code} is not used, its coordinates are wrong: {why}"
        for code, source in list(self._disagreeing.items())[:MOST_NAMED]:
            yield f"{code} is not used from {source}: another source delivers different samples"
        for code, why in list(self._wrong_gains.items())[:MOST_NAMED]:
            yield f"{code}: wrong gain: {why}"
        if clock.state != "good":
            yield f"system clock: {clock.reason or clock.state}"
        yield from (f"{where}: not stored: {why}" for where, why in keeping.items() if why)
        channels = self._channels.items()
        yield from (f"channel {name} cannot send: {why}" for name, why in channels if why)
