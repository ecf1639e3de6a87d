"""The words that travel between the rooms, and from them to the shells.

Every word is a frozen record. Names are QuakeML's where it has one. Time is POSIX seconds UTC
(float), latitude and longitude are degrees, distance and depth are kilometres (depth positive
down); everything else carries its unit at the end of its name. A station is named "NET.STA".

By who emits them: the inventory, loaded once, Channel, Station and Place; sources/ Packet and
PhoneSighting; stations/ Pick, Amplitude, StationState; events/ Solution; shaking/ Forecast and
ShakingForecast; alerts/ Alert; all rooms Dropped.
"""

from math import nan
from typing import Literal, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.stream_id import StreamId as StreamId

Samples: TypeAlias = NDArray[np.int32] | NDArray[np.float32] | NDArray[np.float64]
Phase: TypeAlias = Literal["P", "S"]
Unit: TypeAlias = Literal["m/s^2", "m/s"]
Health: TypeAlias = Literal[
    "good", "noisy", "stuck", "clipped", "gappy", "late", "clock", "changed", "gain",
    "calibrating", "unusable",
]  # fmt: skip
Kind: TypeAlias = Literal["new", "update", "cancel", "follow_up"]
Mode: TypeAlias = Literal["actual", "drill", "test"]
Level: TypeAlias = Literal["aware", "action"]
PHONES = "phones"  # stands for a station's code where phones speak; no station is named so


class Channel(Struct, frozen=True):
    """One component of a sensor. Ground motion in `unit` is samples divided by `gain`."""

    stream: StreamId
    gain: float
    unit: Unit
    rate: float  # nominal samples/s


class Station(Struct, frozen=True):
    """A site and the one sensor of it that is used: one vertical, none or two horizontals."""

    code: str
    lat: float
    lon: float
    elevation_m: float
    channels: tuple[Channel, ...]  # the vertical first
    vs30_ms: float | None = None


class Place(Struct, frozen=True):
    """A point that gets a forecast: a station's site, a town, or the centre of a geohash cell."""

    name: str
    lat: float
    lon: float
    kind: Literal["station", "town", "cell"] = "town"
    vs30_ms: float | None = None


class Packet(Struct, frozen=True):
    """Consecutive samples of one stream, from `start` on. vouched: of an authenticated source."""

    stream: StreamId
    start: float
    rate: float
    samples: Samples  # (n,) counts or physical units; Channel.gain tells
    calibration: bool = False  # the sensor is: its samples are no ground motion
    vouched: bool = True


class Pick(Struct, frozen=True):
    """The onset of a phase at a station, POSIX seconds; sigma: its one-sigma uncertainty, s.

    noise_pa_ms2, noise_pd3_m: vertical peaks of acceleration, and of displacement of periods under
    3 s, in the two seconds before it, be it noise, coda or a distant earthquake; nan if unknown.
    vouched: as Packet.
    """

    id: str
    stream: StreamId
    phase: Phase
    time: float
    sigma: float
    noise_pa_ms2: float = nan
    noise_pd3_m: float = nan
    vouched: bool = True

    @property
    def station(self) -> str:
        """The code of the station it was made at."""
        return self.stream.code


class PickWithdrawn(Struct, frozen=True):
    """A pick that the motion since has shown to be of a distant earthquake. time: of the pick."""

    station: str
    pick: str
    time: float


class Amplitude(Struct, frozen=True):
    """Peaks of ground motion at a station up to `time`.

    With a pick: pd, pv, pa are the vertical's peaks since the pick (S too when it comes), pga and
    pgv those of the vector of all components. Without one: peaks of the last 10 s. pd is of periods
    up to 13 s, pd3 up to 3 s; intensity_jma the largest so far.
    """

    station: str
    time: float
    pick: str | None
    since_pick: float | None
    pd_m: float
    pv_ms: float
    pa_ms2: float
    pga_ms2: float
    pgv_ms: float
    intensity_jma: float
    clipped: bool
    pd3_m: float = nan


class StationState(Struct, frozen=True):
    """How a station is, sent about once a second of its data, so that silence can be judged.

    latest: time of its last sample; latency: arrival minus that. noise_pa_ms2, noise_pd_m,
    noise_pd3_m: medians of the vertical's one-second peaks in the last minute, nan at first.
    """

    station: str
    latest: float
    latency: float
    health: Health
    noise_pa_ms2: float
    noise_pd_m: float
    noise_pd3_m: float = nan


class PhoneSighting(Struct, frozen=True):
    """An earthquake that phones see; the origin within `sigma_km`. probability 0..1: it is real.

    triggers, cells: of how many phones and places.
    """

    time: float
    lat: float
    lon: float
    sigma_km: float
    triggers: int
    cells: int
    probability: float


class Dropped(Struct, frozen=True):
    """Something was refused: who sent it, a short countable reason, and what is known of it."""

    source: str
    reason: str
    detail: str = ""


class Origin(Struct, frozen=True):
    """Where and when it began, with one-sigma uncertainties."""

    time: float
    lat: float
    lon: float
    depth_km: float
    time_sigma: float
    epicentre_sigma_km: float
    depth_sigma_km: float


class Magnitude(Struct, frozen=True):
    """How big, with its one-sigma uncertainty, and from how many stations."""

    value: float
    sigma: float
    kind: str
    stations: int


class Rupture(Struct, frozen=True):
    """A line source: its two ends at the surface, depth of its top, length and strike."""

    lat1: float
    lon1: float
    lat2: float
    lon2: float
    top_km: float
    length_km: float
    strike: float


class Arrival(Struct, frozen=True):
    """A pick as an event explains it; phones as one more, at PHONES. weight 0: without say."""

    pick: str
    station: str
    phase: Phase
    time: float
    residual: float
    distance_km: float
    weight: float
    vouched: bool = True


class Solution(Struct, frozen=True):
    """All that is known of one event at one moment. Versions count from 1.

    likelihood 0..1: that the event is real. withdrawn: why it is taken back, None while it stands.
    """

    event: str
    version: int
    origin: Origin
    magnitude: Magnitude
    rupture: Rupture | None
    picks: tuple[Arrival, ...]
    likelihood: float
    withdrawn: str | None = None


class Forecast(Struct, frozen=True):
    """What a place will feel, and when. `intensity` is MMI; `sigma` its one-sigma uncertainty."""

    event: str
    version: int
    place: str
    lat: float
    lon: float
    p_arrival: float
    s_arrival: float
    intensity: float
    sigma: float
    source: Literal["point", "line", "plum"]


class ShakingForecast(Struct, frozen=True):
    """A solution and what the places will feel of it: all that alerts/ decides on.

    bias: MMI by which stations that have felt the source find it stronger than its magnitude
    says, everywhere alike (the event term); the forecasts have it in them already.
    """

    solution: Solution
    forecasts: tuple[Forecast, ...]
    bias: float = 0.0


class Area(Struct, frozen=True):
    """Where it may be felt at the alert's lowest level."""

    lat: float
    lon: float
    radius_km: float


class Alert(Struct, frozen=True):
    """A decision to tell people. Carries all that the signed message needs, and no prose.

    field: observed intensity by geohash cell (precision 4) where motion seen nearby exceeds
    what the source explains. why: reason of a cancel ("false" or "smaller"), else None. bias: as
    in ShakingForecast. A single-station alert (stations 1) is local, and less sure. All phones
    together count as one station; only_phones: they are the one.
    """

    id: str
    event: str
    version: int
    kind: Kind
    mode: Mode
    level: Level
    area: Area
    issued: float
    expires: float
    origin: Origin
    magnitude: Magnitude
    rupture: Rupture | None
    field: tuple[tuple[str, float], ...]
    max_intensity: float
    stations: int
    source: Literal["point", "line", "plum"]
    why: Literal["false", "smaller"] | None = None
    bias: float = 0.0
    only_phones: bool = False


StationObservation: TypeAlias = Pick | PickWithdrawn | Amplitude | StationState
Observation: TypeAlias = StationObservation | PhoneSighting  # what solutions are made from
Message: TypeAlias = (
    Packet | Pick | PickWithdrawn | Amplitude | StationState | PhoneSighting | Dropped
    | Solution | ShakingForecast | Alert
)  # fmt: skip
