"""The health report of a live run: plain data for the status page, the metrics and programs.

A station's state is the detector's (`types.Health`), or one of these, which need more than the last
minute of data:

    misplaced  its coordinates are wrong; it is not used
    never      nothing has been received since the start
    silent     nothing has been received for ten seconds
    gain       its amplitudes are always too large or too small; its picks are used
    changed    its noise is far above its usual level (far below: reported by the detector)
    clock      its arrival residuals are the same in every earthquake, or its time is ahead
"""

from typing import Literal, TypeAlias

from msgspec import Struct

from forewave.health.histogram import Counts
from forewave.sources.intake.inbox import SourceStatus
from forewave.types import Health, Mode

Stage: TypeAlias = Literal["arrival", "merge", "compute", "send", "loop"]
StationCondition: TypeAlias = Health | Literal["misplaced", "never", "silent"]

STAGES: dict[Stage, str] = {
    "arrival": "from a packet's last sample to its arrival",
    "merge": "from its arrival until the loop takes it",
    "compute": "in the pipeline, from a packet to all that follows from it",
    "send": "signing an alert and handing it to every device's connection",
    "loop": "by which the program wakes later than it asked to",
}


class StationReport(Struct, frozen=True):
    """One station. counts: its silence is used as evidence of no motion.

    latest: time of the last sample. quiet: seconds since anything was received. since: start of
    reception without a pause. latency: of the last packet, seconds. noise_ms2: usual one-second
    peak of the vertical now; usual_ms2: over hours. well: share of the last hour in state "good".
    ahead: seconds by which its time was ahead of the system clock. residual: median of its P
    arrivals minus predicted ones, over earthquakes, seconds.
    """

    code: str
    state: StationCondition
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
    """The latency of a stage, seconds; p50 and p99 are bounds of the histogram, not exact."""

    stage: Stage
    what: str
    p50: float | None
    p99: float | None
    counts: Counts


class ClockReport(Struct, frozen=True):
    """The system clock. synchronised: None if the system does not state it.

    offset: seconds by which it gained on the monotonic clock in the last minute. behind: seconds by
    which most stations are ahead of it, or 0.
    """

    state: Literal["good", "jumped", "drifts", "not synchronised", "behind"] = "good"
    reason: str = ""
    synchronised: bool | None = None
    offset: float = 0.0
    jumps: int = 0
    behind: float = 0.0


class Report(Struct, frozen=True):
    """The health of a live run at `now`. missing: what is needed before it is ready.

    words: emitted messages by type. tallies: counts of merge, event log, waveforms, devices, by
    reason. keeping: for event log, packet journal and waveforms, if enabled, why nothing can be
    stored now; empty: it is stored. mode: of the alerts that are issued. channels: of each channel
    why it cannot send now; empty: it can.
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
    channels: dict[str, str] = {}
