"""How everything is: stations, sources, latencies, what was refused, and the machine's clock.

    health = Health(stations, now)
    health.has("travel times")    and "kernels": what must be had before it is ready
    health.hear(word, now)        every word the pipeline says
    health.sources(statuses)      all sources, about once a second
    health.lag(stage, seconds)    for each packet (arrival, merge, compute) or alert (send)
    health.tally(where, counts)   what others count: merge, devices
    health.kept(where, lost, now) what record, tail and waveforms could not keep
    health.arrived(code, s, now)  each packet's latency, to know this machine's clock by
    health.clock(report)          the machine's own clock
    health.report(now)            a plain snapshot: page, metrics and /healthz all show it

Pure: `now` is always given. It remembers no more the longer it runs: by station of the inventory,
by source, by stage, and by the first MOST_REASONS reasons.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from forewave.health.common_clock import CommonClock
from forewave.health.histogram import Histogram
from forewave.health.report import (
    STAGES,
    ClockReport,
    Report,
    Stage,
    StageReport,
    StationReport,
)
from forewave.health.station import StationHealth
from forewave.sources.inbox import SourceStatus
from forewave.types import Alert, Dropped, Pick, Solution, Station, StationState, Word

MOST_REASONS = 200
STUCK = 15.0  # seconds that packets may wait while the pipeline says nothing
MOST_NAMED = 10  # stations that are told of by name
LOSING = 60.0  # seconds after a loss of record, tail or waveforms for which it is told
NEEDS = ("travel times", "kernels")


class Health:
    """Everything that is known of how a live machine is."""

    def __init__(
        self,
        stations: Sequence[Station],
        started: float,
        misplaced: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """misplaced: by code, why a station's coordinates are wrong; it is not used."""
        self._started = self._heard = started
        self._misplaced = misplaced
        self._disagreeing: Mapping[str, str] = {}
        self._wrong_gains: Mapping[str, str] = {}
        self._stations = {s.code: StationHealth(s.code) for s in stations}
        for code in self._misplaced:
            self._stations[code].misplaced = True
        self._sources: dict[str, SourceStatus] = {}
        self._stages = {stage: Histogram() for stage in STAGES}
        self._dropped: Counter[str] = Counter()
        self._words: Counter[str] = Counter()
        self._alerts: Counter[str] = Counter()
        self._tallies: dict[str, dict[str, int]] = {}
        self._needs = list(NEEDS)
        self._clock = ClockReport()
        self._common = CommonClock()
        self._losing: dict[str, tuple[str, float]] = {}  # the last reason, and until when

    def has(self, need: str) -> None:
        """One of NEEDS is there."""
        self._needs = [each for each in self._needs if each != need]

    def hear(self, word: Word, now: float) -> None:
        """Take a word that the pipeline has said."""
        self._heard = now
        self._words[type(word).__name__] += 1
        if isinstance(word, StationState | Pick):
            self._said(word, now)
        elif isinstance(word, Dropped):
            self._refused(word, now)
        elif isinstance(word, Solution):
            self._residuals(word)
        elif isinstance(word, Alert):
            self._alerts[f"{word.kind} {word.mode}"] += 1

    def source(self, status: SourceStatus) -> None:
        """How a source is; what it said before is forgotten."""
        self._sources[status.source] = status

    def sources(self, statuses: Iterable[SourceStatus]) -> None:
        """How all sources are; those that are no more are forgotten."""
        self._sources = {status.source: status for status in statuses}

    def lag(self, stage: Stage, seconds: float) -> None:
        """A latency of one packet or alert."""
        self._stages[stage].add(seconds)

    def drop(self, reason: str, count: int = 1) -> None:
        """Count what was refused. Reasons are few and fixed; beyond MOST_REASONS: "other"."""
        known = reason in self._dropped or len(self._dropped) < MOST_REASONS
        self._dropped[reason if known else "other"] += count

    def tally(self, where: str, counts: Mapping[str, int]) -> None:
        """What others count, since the start; what they said before is forgotten."""
        self._tallies[where] = dict(counts)

    def kept(self, where: str, lost: Mapping[str, int], now: float) -> None:
        """What could not be kept since the start, by reason."""
        before = self._tallies.get(where, {})
        self._losing.setdefault(where, ("", now))
        for reason, count in lost.items():
            if count > before.get(reason, 0):
                self._losing[where] = reason, now + LOSING
        self.tally(where, lost)

    def disagree(self, found: Mapping[str, str]) -> None:
        """By station: the source that is not used, since another brings other samples of it."""
        self._disagreeing = found

    def wrong_gains(self, found: Mapping[str, str]) -> None:
        """By station: why its gain is wrong. Its picks count, its motion and silence do not."""
        self._wrong_gains = found
        for code, station in self._stations.items():
            station.wrong_gain = code in found

    def arrived(self, code: str, latency: float, now: float) -> None:
        """A packet; latency: from its last sample to its arrival, by this machine's clock."""
        self._common.arrived(code, latency, now)

    def clock(self, report: ClockReport) -> None:
        """How the machine's own clock is, as far as the machine alone can tell."""
        self._clock = report

    def clock_now(self, now: float) -> ClockReport:
        """How the machine's own clock is, with what the stations say of it."""
        behind = self._common.behind(now)
        if behind is None:
            return self._clock
        reason = f"it is behind by {behind.seconds:.1f} s: {behind.stations} of {behind.of} "
        reason += "stations send from its future, by about the same"
        return replace(self._clock, state="behind", reason=reason, behind=behind.seconds)

    def alive(self, now: float) -> bool:
        """Whether what comes is worked on."""
        waiting = any(status.waiting for status in self._sources.values())
        return not (waiting and now - self._heard > STUCK)

    def missing(self, now: float) -> tuple[str, ...]:
        """What must still be had before it is ready."""
        live = any(status.state == "live" for status in self._sources.values())
        if not live:
            return (*self._needs, "a live source")
        heard = any(station.is_heard(now) for station in self._stations.values())
        return (*self._needs, *(() if heard else ("a station",)))

    def report(self, now: float) -> Report:
        """As everything is now. Takes about 2 us a station."""
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
            words=dict(self._words),
            alerts=dict(self._alerts),
            tallies=dict(self._tallies),
            clock=clock,
            keeping=keeping,
        )

    def _why_lost(self, where: str, now: float) -> str:
        reason, until = self._losing[where]
        return reason if now < until else ""

    def _said(self, word: StationState | Pick, now: float) -> None:
        station = self._stations.get(word.station)
        if station is None:  # watching must never end what is watched
            self.drop("station not in the inventory")
        elif isinstance(word, StationState):
            station.state(word, now)
        else:
            station.pick()

    def _refused(self, word: Dropped, now: float) -> None:
        self.drop(word.reason)
        station = self._stations.get(".".join(word.source.split(".")[:2]))
        if station is not None:
            station.drop(word.reason, now)

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
        """What a person should look at, in plain words."""
        if not self.alive(now):
            yield f"the pipeline has said nothing for {now - self._heard:.0f} s though packets wait"
        lost = [s.source for s in self._sources.values() if s.state != "live"]
        if lost:
            yield f"{len(lost)} of {len(self._sources)} sources bring nothing, such as {lost[0]}"
        away = [s.code for s in stations if not s.counts]
        if away:
            yield f"{len(away)} of {len(stations)} stations do not count, such as {away[0]}"
        for code, why in list(self._misplaced.items())[:MOST_NAMED]:
            yield f"{code} is not used: coordinates wrong: {why}"
        for code, source in list(self._disagreeing.items())[:MOST_NAMED]:
            yield f"{code} is not taken from {source}: another source brings other samples of it"
        for code, why in list(self._wrong_gains.items())[:MOST_NAMED]:
            yield f"{code}: gain wrong: {why}"
        if clock.state != "good":
            yield f"the clock of this machine: {clock.reason or clock.state}"
        yield from (f"{where}: not kept: {why}" for where, why in keeping.items() if why)
