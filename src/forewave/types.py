"""The records that rooms exchange and emit.

All are frozen. Names follow QuakeML where it has one. Time is POSIX seconds UTC (float), latitude
and longitude are degrees, distance and depth are kilometres (depth positive down); other quantities
have their unit at the end of the name. A station's code is "NET.STA".

Sources of the records: Channel, Station and Place are loaded once; Packet comes from sources/,
PhoneSighting from phones/, Pick, PickWithdrawn, Amplitude and StationState from stations/, Solution
from events/, Forecast and ShakingForecast from shaking/, Alert from alerts/, Dropped from any room.
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
PHONES = "phones"  # in place of a station code for picks by phones; no station has this name


class Channel(Struct, frozen=True):
    """One component of a sensor. Ground motion in `unit` is samples divided by `gain`."""

    stream: StreamId
    gain: float
    unit: Unit
    rate: float  # nominal samples/s


class Station(Struct, frozen=True):
    """A site and the sensor used there: one vertical channel, and two or no horizontal ones."""

    code: str
    lat: float
    lon: float
    elevation_m: float
    channels: tuple[Channel, ...]  # the vertical first
    vs30_ms: float | None = None


class Place(Struct, frozen=True):
    """A point with a forecast: a station's site, a town, or the centre of a geohash cell."""

    name: str
    lat: float
    lon: float
    kind: Literal["station", "town", "cell"] = "town"
    vs30_ms: float | None = None


class Packet(Struct, frozen=True):
    """Consecutive samples of one stream from `start`. vouched: from an authenticated source."""

    stream: StreamId
    start: float
    rate: float
    samples: Samples  # (n,) in counts or physical units; divided by Channel.gain
    calibration: bool = False  # of the sensor; the samples are no ground motion
    vouched: bool = True


class Pick(Struct, frozen=True):
    """The onset of a phase at a station, POSIX seconds; sigma: its one-sigma uncertainty, s.

    noise_pa_ms2, noise_pd3_m: vertical peaks of acceleration, and of displacement at periods under
    3 s, in the two seconds before it (noise, coda or a distant earthquake); nan if unknown.
    vouched: as in Packet.
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
        """The code of its station."""
        return self.stream.code


class PickWithdrawn(Struct, frozen=True):
    """A pick, at `time`, that proved to be the P of a distant earthquake."""

    station: str
    pick: str
    time: float


class Amplitude(Struct, frozen=True):
    """Peaks of ground motion at a station up to `time`.

    With a pick: peaks since the pick, of S too once it has arrived. Without one: of the last 10 s.
    pd, pv and pa are of the vertical, pga and pgv of the vector of all components. pd has periods
    up to 13 s, pd3 up to 3 s. intensity_jma is the instrumental intensity of the same time.
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
    """Health and noise of a station, about once per second of its data.

    It shows whether the absence of a pick means calm. latest: time of its last sample; latency:
    arrival minus that, s. noise_pa_ms2, noise_pd_m,
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
    """An earthquake detected by phones. probability (0..1): that it is one.

    sigma_km: uncertainty of the place. triggers, cells: number of phone triggers and of cells.
    """

    time: float
    lat: float
    lon: float
    sigma_km: float
    triggers: int
    cells: int
    probability: float


class Dropped(Struct, frozen=True):
    """Refused input: who sent it, a short reason (counted by the metrics), and details."""

    source: str
    reason: str
    detail: str = ""


class Origin(Struct, frozen=True):
    """Hypocentre and origin time, with one-sigma uncertainties."""

    time: float
    lat: float
    lon: float
    depth_km: float
    time_sigma: float
    epicentre_sigma_km: float
    depth_sigma_km: float


class Magnitude(Struct, frozen=True):
    """Magnitude with its one-sigma uncertainty. stations: number that contributed."""

    value: float
    sigma: float
    kind: str
    stations: int


class Rupture(Struct, frozen=True):
    """A line source: its two ends at the surface, depth of its top, length, strike in degrees."""

    lat1: float
    lon1: float
    lat2: float
    lon2: float
    top_km: float
    length_km: float
    strike: float


class Arrival(Struct, frozen=True):
    """A pick associated with an event; station PHONES: a phone detection. weight 0: not used."""

    pick: str
    station: str
    phase: Phase
    time: float
    residual: float
    distance_km: float
    weight: float
    vouched: bool = True


class Solution(Struct, frozen=True):
    """One version of an event's origin, magnitude and picks. Versions count from 1.

    likelihood: probability (0..1) that it is an earthquake. withdrawn: why the event was withdrawn,
    None while it stands.
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
    """Intensity (MMI) at a place with its one-sigma uncertainty, and arrivals of P and S."""

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
    """A solution with the forecasts at all places: the input of alerts/.

    bias: MMI by which observed motion is stronger than the magnitude predicts, equal at all places
    (the event term); included in the forecasts.
    """

    solution: Solution
    forecasts: tuple[Forecast, ...]
    bias: float = 0.0


class Area(Struct, frozen=True):
    """The area in which the lowest alert level may be reached."""

    lat: float
    lon: float
    radius_km: float


class Alert(Struct, frozen=True):
    """One version of an alert, with all that the signed message contains.

    field: observed intensity (MMI) by geohash cell (precision 4) where motion nearby exceeds what
    the source explains. why: reason of a cancel ("false" or "smaller"), else None. bias: as in
    ShakingForecast. A single-station alert (stations 1) is local, and less certain. All phones
    together count as one station; only_phones: that station is the phones.
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


class OperatorCancel(Struct, frozen=True):
    """Two operators have cancelled the alert of an event as false. by: proposer and confirmer."""

    event: str
    by: tuple[str, str]


StationObservation: TypeAlias = Pick | PickWithdrawn | Amplitude | StationState
Observation: TypeAlias = StationObservation | PhoneSighting  # what solutions are made from
Input: TypeAlias = Observation | OperatorCancel  # what the rooms behind the stations take
Message: TypeAlias = (
    Packet | Pick | PickWithdrawn | Amplitude | StationState | PhoneSighting | OperatorCancel
    | Dropped | Solution | ShakingForecast | Alert
)  # fmt: skip
