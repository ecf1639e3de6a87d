"""The health report as Prometheus metrics: one table of metrics, and their text.

All numbers are those of the report, so that page, metrics and `/healthz` agree. Encoding thousands
of stations takes time and is done in a thread.
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
from forewave.health.report import Report, StationCondition, StationReport
from forewave.sources.intake.inbox import SourceStatus
from forewave.types import Kind as AlertKind
from forewave.types import Mode

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Row: TypeAlias = tuple[tuple[str, ...], float]  # label values, number


class Kind(Struct, frozen=True):
    """One metric: help text, labels, and its rows from a report. Counters end in _total."""

    name: str
    what: str
    labels: tuple[str, ...]
    rows: Callable[[Report], Iterable[Row]]


def _plain(name: str, what: str, number: Callable[[Report], float | None]) -> Kind:
    """A metric without labels; no row while the number is None."""

    def rows(report: Report) -> Iterable[Row]:
        value = number(report)
        return [] if value is None else [((), float(value))]

    return Kind(name, what, (), rows)


def _of_station(name: str, what: str, number: Callable[[StationReport], float | None]) -> Kind:
    """A row for each station for which the number is known."""

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
    """Number of stations by state, including 0, so that graphs have no gaps."""
    states = [station.state for station in report.stations]
    return (((state,), float(states.count(state))) for state in STATES)


def _source_drops(report: Report) -> Iterator[Row]:
    for source in report.sources:
        yield from (((source.source, why), float(n)) for why, n in source.dropped.items())


def _tallies(report: Report) -> Iterator[Row]:
    for where, counts in report.tallies.items():
        yield from (((where, reason), float(n)) for reason, n in counts.items())


def _keeping(report: Report) -> Iterator[Row]:
    return (((where,), float(not why)) for where, why in report.keeping.items())


def _alerts(report: Report) -> Iterator[Row]:
    """By kind and mode, including 0: Prometheus sees no increase if a counter starts at 1."""
    for kind, mode in product(get_args(AlertKind), get_args(Mode)):
        yield (kind, mode), float(report.alerts.get(f"{kind} {mode}", 0))


def _modes(report: Report) -> Iterator[Row]:
    for mode in get_args(Mode):
        yield (mode,), float(mode == report.mode)


def _channels(report: Report) -> Iterator[Row]:
    return (((name,), float(not why)) for name, why in report.channels.items())


STATES = tuple(state for hint in get_args(StationCondition) for state in get_args(hint) or (hint,))
LATENCY = "forewave_latency_seconds"
KINDS = (
    _plain("forewave_alive", "1: received packets are processed", lambda r: r.alive),
    _plain("forewave_ready", "1: alerts can be issued", lambda r: r.ready),
    Kind(
        "forewave_mode", "1: the mode of alerts; devices show none in mode test", ("mode",), _modes
    ),
    _plain("forewave_start_time_seconds", "Start of the run, POSIX seconds", lambda r: r.started),
    _plain("forewave_problems", "Problems that need attention", lambda r: len(r.problems)),
    Kind("forewave_alerts_total", "Alerts issued", ("kind", "mode"), _alerts),
    _counts("forewave_words_total", "Messages emitted by the pipeline", "word", lambda r: r.words),
    _counts("forewave_dropped_total", "Refused or ignored data", "reason", lambda r: r.dropped),
    Kind(
        "forewave_tally_total", "Merged, disconnected or not stored", ("where", "reason"), _tallies
    ),
    Kind("forewave_kept", "1: data are stored on disk", ("where",), _keeping),
    Kind("forewave_channel_up", "1: the channel can send", ("channel",), _channels),
    Kind("forewave_stations", "Stations by state", ("state",), _station_states),
    _of_station("counts", "1: its silence is used as evidence", lambda s: s.counts),
    _of_station("latency_seconds", "Latency of its last packet", lambda s: s.latency),
    _of_station("quiet_seconds", "Seconds since anything was received", lambda s: s.quiet),
    _of_station("noise_ms2", "Usual one-second peak of the vertical, m/s^2", lambda s: s.noise_ms2),
    _of_station("well_ratio", "Share of the last hour in state good", lambda s: s.well),
    _of_source("up", "1: packets arrive", lambda s: s.state == "live"),
    _of_source("packets_total", "Packets delivered", lambda s: s.packets),
    _of_source("waiting", "Packets not processed yet", lambda s: s.waiting),
    _of_source("connections_total", "Connections opened", lambda s: s.connections),
    Kind("forewave_source_dropped_total", "Lost or refused", ("source", "reason"), _source_drops),
    _plain("forewave_clock_good", "1: the system clock is good", lambda r: r.clock.state == "good"),
    _plain(
        "forewave_clock_offset_seconds",
        "Gain on the monotonic clock in a minute",
        lambda r: r.clock.offset,
    ),
    _plain(
        "forewave_clock_behind_seconds",
        "Seconds behind most stations' times",
        lambda r: r.clock.behind,
    ),
    _plain("forewave_clock_jumps_total", "Jumps of the system clock", lambda r: r.clock.jumps),
    _plain(
        "forewave_clock_synchronised",
        "1: the system clock is synchronised",
        lambda r: r.clock.synchronised,
    ),
)


def text(report: Report) -> bytes:
    """All metrics and those of the process (memory, CPU, files), in Prometheus text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Snapshot(report))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Snapshot(Collector):
    """Collector of one report for prometheus-client."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def collect(self) -> Iterator[Metric]:
        """Every metric of KINDS, and the histograms."""
        for kind in KINDS:
            yield _family(kind, kind.rows(self._report))
        latency = HistogramMetricFamily(LATENCY, "Latency by stage", labels=["stage"])
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
    """(upper bound, cumulative count) of each bucket."""
    names = [*(repr(bound) for bound in BOUNDS), "+Inf"]
    sums = [sum(counts.boxes[: n + 1]) for n in range(len(names))]
    return [(name, float(total)) for name, total in zip(names, sums, strict=True)]
