"""A report as Prometheus reads it: one table of what is told, and the text of it.

Nothing is counted here: all numbers are the report's, so page, metrics and `/healthz` cannot
disagree. The text of thousands of stations takes a while and is made beside the loop.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import TypeAlias, get_args

from msgspec import Struct
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from forewave.health.histogram import BOUNDS, Counts
from forewave.health.report import Report, StationReport, StationWord
from forewave.sources.inbox import SourceStatus
from forewave.types import Kind as AlertKind
from forewave.types import Mode

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Row: TypeAlias = tuple[tuple[str, ...], float]  # values of the labels, and the number


class Kind(Struct, frozen=True):
    """One metric: its labels, and its rows from a report. A name in _total is a counter's."""

    name: str
    what: str
    labels: tuple[str, ...]
    rows: Callable[[Report], Iterable[Row]]


def _plain(name: str, what: str, number: Callable[[Report], float | None]) -> Kind:
    """A metric without labels; without a row while the number is not known."""

    def rows(report: Report) -> Iterable[Row]:
        value = number(report)
        return [] if value is None else [((), float(value))]

    return Kind(name, what, (), rows)


def _of_station(name: str, what: str, number: Callable[[StationReport], float | None]) -> Kind:
    """A row for each station of which the number is known."""

    def rows(report: Report) -> Iterable[Row]:
        values = ((station.code, number(station)) for station in report.stations)
        return (((code,), float(value)) for code, value in values if value is not None)

    return Kind(f"forewave_station_{name}", what, ("station",), rows)


def _of_source(name: str, what: str, number: Callable[[SourceStatus], float]) -> Kind:
    """A row for each source."""

    def rows(report: Report) -> Iterable[Row]:
        return (((source.source,), float(number(source))) for source in report.sources)

    return Kind(f"forewave_source_{name}", what, ("source",), rows)


def _counts(name: str, what: str, label: str, table: Callable[[Report], dict[str, int]]) -> Kind:
    """A row for each entry of a table of the report."""
    return Kind(name, what, (label,), lambda r: (((k,), float(n)) for k, n in table(r).items()))


def _station_states(report: Report) -> Iterator[Row]:
    """How many stations are in each state; 0 too, so that a graph has no holes."""
    states = [station.state for station in report.stations]
    return (((word,), float(states.count(word))) for word in STATES)


def _source_drops(report: Report) -> Iterator[Row]:
    for source in report.sources:
        yield from (((source.source, why), float(n)) for why, n in source.dropped.items())


def _tallies(report: Report) -> Iterator[Row]:
    for where, counts in report.tallies.items():
        yield from (((where, reason), float(n)) for reason, n in counts.items())


def _keeping(report: Report) -> Iterator[Row]:
    return (((where,), float(not why)) for where, why in report.keeping.items())


def _alerts(report: Report) -> Iterator[Row]:
    """0 too: Prometheus sees no increase in a counter that begins with 1, the first alert's."""
    for kind, mode in product(get_args(AlertKind), get_args(Mode)):
        yield (kind, mode), float(report.alerts.get(f"{kind} {mode}", 0))


def _modes(report: Report) -> Iterator[Row]:
    for mode in get_args(Mode):
        yield (mode,), float(mode == report.mode)


STATES = tuple(word for hint in get_args(StationWord) for word in get_args(hint) or (hint,))
LATENCY = "forewave_latency_seconds"
KINDS = (
    _plain("forewave_alive", "1: what comes is worked on", lambda r: r.alive),
    _plain("forewave_ready", "1: it can issue alerts", lambda r: r.ready),
    Kind("forewave_mode", "1: of its alerts; devices show none in mode test", ("mode",), _modes),
    _plain("forewave_start_time_seconds", "When it began, POSIX", lambda r: r.started),
    _plain("forewave_problems", "Things that a person should look at", lambda r: len(r.problems)),
    Kind("forewave_alerts_total", "Alerts", ("kind", "mode"), _alerts),
    _counts("forewave_words_total", "What the rooms said", "word", lambda r: r.words),
    _counts("forewave_dropped_total", "What was refused", "reason", lambda r: r.dropped),
    Kind("forewave_tally_total", "Merged, cut off or not kept", ("where", "reason"), _tallies),
    Kind("forewave_kept", "1: what is to be kept on disk is", ("where",), _keeping),
    Kind("forewave_stations", "How many stations are so", ("state",), _station_states),
    _of_station("counts", "1: its silence may count as calm", lambda s: s.counts),
    _of_station("latency_seconds", "Of its last packet", lambda s: s.latency),
    _of_station("quiet_seconds", "Since anything came of it", lambda s: s.quiet),
    _of_station("noise_ms2", "Usual peak of the vertical now", lambda s: s.noise_ms2),
    _of_station("well_ratio", "Share of the last hour in which it was good", lambda s: s.well),
    _of_source("up", "1: packets come", lambda s: s.state == "live"),
    _of_source("packets_total", "Packets delivered", lambda s: s.packets),
    _of_source("waiting", "Packets not worked on yet", lambda s: s.waiting),
    _of_source("connections_total", "How often it connected", lambda s: s.connections),
    Kind("forewave_source_dropped_total", "Lost or refused", ("source", "reason"), _source_drops),
    _plain("forewave_clock_good", "1: this machine's clock is", lambda r: r.clock.state == "good"),
    _plain("forewave_clock_offset_seconds", "Gained in a minute", lambda r: r.clock.offset),
    _plain("forewave_clock_behind_seconds", "By most stations' times", lambda r: r.clock.behind),
    _plain("forewave_clock_jumps_total", "How often it jumped", lambda r: r.clock.jumps),
    _plain("forewave_clock_synchronised", "1: by NTP or so", lambda r: r.clock.synchronised),
)


def text(report: Report) -> bytes:
    """All metrics, and the process's own (memory, processor time, files), as Prometheus wants."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Snapshot(report))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Snapshot(Collector):
    """What prometheus-client collects from."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def collect(self) -> Iterator[Metric]:
        """Every metric of KINDS, and the histograms."""
        for kind in KINDS:
            yield _family(kind, kind.rows(self._report))
        latency = HistogramMetricFamily(LATENCY, "Of each stage", labels=["stage"])
        for stage in self._report.stages:
            latency.add_metric([stage.stage], _buckets(stage.counts), stage.counts.total)
        yield latency


def _family(kind: Kind, rows: Iterable[Row]) -> Metric:
    name = kind.name.removesuffix("_total")
    family = Metric(name, kind.what, "gauge" if name == kind.name else "counter")
    for values, number in rows:
        family.add_sample(kind.name, dict(zip(kind.labels, values, strict=True)), number)
    return family


def _buckets(counts: Counts) -> Sequence[tuple[str, float]]:
    """(bound, how many are at most that), as a histogram of Prometheus is."""
    names = [*(repr(bound) for bound in BOUNDS), "+Inf"]
    sums = [sum(counts.boxes[: n + 1]) for n in range(len(names))]
    return [(name, float(total)) for name, total in zip(names, sums, strict=True)]
