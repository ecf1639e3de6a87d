"""What is told of a live machine's health: plain records, for the page, the metrics and programs.

A station's state is the detector's word for it (`types.Health`), or one of these, which need more
than the last minute of its data to know:

    misplaced  its coordinates are wrong, and it is not used
    never      nothing has come from it since the start
    silent     nothing has come for ten seconds
    gain       its motion is always too large or too small; its picks count all the same
    changed    its noise is far above its own usual level (the detector says it when far below)
    clock      its arrivals are off by the same in every earthquake (or its time is ahead of ours)
"""

from typing import Literal, TypeAlias

from msgspec import Struct

from forewave.health.histogram import Counts
from forewave.sources.inbox import SourceStatus
from forewave.types import Health, Mode

Stage: TypeAlias = Literal["arrival", "merge", "compute", "send", "loop"]
StationWord: TypeAlias = Health | Literal["misplaced", "never", "silent"]

STAGES: dict[Stage, str] = {
    "arrival": "from a packet's last sample to its arrival",
    "merge": "held for a packet of another server that may still fill a gap",
    "compute": "in the pipeline, from a packet to all that follows from it",
    "send": "signing an alert and handing it to every device's connection",
    "loop": "by which the program wakes later than it asked to",
}


class StationReport(Struct, frozen=True):
    """One station. counts: whether its silence may count as calm.

    latest: time of the last sample; quiet: seconds since anything came; since when it comes
    without a pause; latency of the last packet. noise_ms2: the vertical's usual peaks of one
    second now; usual_ms2: over hours. well: share of the last hour or so in which it was good.
    ahead: seconds that its time was ahead of ours; residual: median of its arrivals minus
    expected ones, over earthquakes.
    """

    code: str
    state: StationWord
    counts: bool
    latest: float | None
    quiet: float | None
    since: float | None
    latency: float | None
    noise_ms2: float | None
    usual_ms2: float | None
    well: float | None
    ahead: float
    residual: float | None
    picks: int
    dropped: dict[str, int]


class StageReport(Struct, frozen=True):
    """A stage of latency, in seconds; p50 and p99 are bounds of boxes, not exact."""

    stage: Stage
    what: str
    p50: float | None
    p99: float | None
    counts: Counts


class ClockReport(Struct, frozen=True):
    """This machine's clock. synchronised: None where the system does not say.

    offset: seconds by which wall clock and steady clock have grown apart in the last minute.
    behind: seconds by which most stations are ahead of it; 0 where they are not.
    """

    state: Literal["good", "jumped", "drifts", "not synchronised", "behind"] = "good"
    reason: str = ""
    synchronised: bool | None = None
    offset: float = 0.0
    jumps: int = 0
    behind: float = 0.0


class Report(Struct, frozen=True):
    """Everything, as it is at `now`. missing: what must still be had before it is ready.

    tallies: what others count (merge, record, waveforms, devices), by reason. keeping: of record,
    tail and waveforms, as far as they are wanted, why nothing can be kept now; empty: it is kept.
    mode: of alerts that are issued.
    """

    now: float
    started: float
    alive: bool
    ready: bool
    missing: tuple[str, ...]
    problems: tuple[str, ...]
    stations: tuple[StationReport, ...]
    sources: tuple[SourceStatus, ...]
    stages: tuple[StageReport, ...]
    dropped: dict[str, int]
    words: dict[str, int]
    alerts: dict[str, int]
    tallies: dict[str, dict[str, int]]
    clock: ClockReport
    keeping: dict[str, str] = {}
    mode: Mode = "actual"
