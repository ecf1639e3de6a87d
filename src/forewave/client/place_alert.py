"""A verified alert message, and what it means at one place.

The intensity is that of the pages (web/core/forecast/forecast.ts), by the server's own code: both
are held to tests/reference/device_vectors.csv. Travel times are those of the coarse table that
pages get.
"""

from math import hypot, isnan, nan

import numpy as np
from msgspec import Struct

from forewave.client.shaking_duration import shaking_duration
from forewave.earth import geohash
from forewave.earth.distance import distance_km
from forewave.earth.gmm import MODELS
from forewave.earth.site import DEFAULT_VS30_MS
from forewave.earth.travel_time import TravelTimes
from forewave.formats.protocols.alert_message import Message
from forewave.shaking.posterior import LEAST, MOST
from forewave.shaking.sites import sites
from forewave.shaking.source_forecast import expect
from forewave.types import Kind, Level, Magnitude, Origin, Place, Rupture, Solution

MODEL = MODELS["boore_2014"]  # devices know no other; depth reaches them as the event term
S_SPEED_KMS = 3.5
UNKNOWN_SHAKING = 60.0  # seconds from the time of issue, where no arrival is known


class PlaceAlert(Struct, frozen=True, kw_only=True):
    """A verified alert, and what it means at the place that listens.

    Times are POSIX seconds UTC by the server's clock, which in a replay or the demo is that of the
    replay. Each version replaces the one before it: ask `calls_for_action` of each.
    """

    event: str  # the same in all versions
    version: int  # from 1; a larger one replaces a smaller one
    kind: Kind
    drill: bool  # an exercise or a replay: there is no earthquake
    cancelled: bool  # the alert was false: there is no earthquake
    level: Level  # the highest anywhere
    issued: float
    expires: float
    origin_time: float
    lat: float
    lon: float
    depth_km: float
    magnitude: float
    magnitude_sigma: float
    single_station: bool  # based on one station, or on phones; may be wrong
    only_phones: bool
    place: str  # name of the place
    distance_km: float  # from the epicentre
    mmi: float  # expected Modified Mercalli intensity, 1 to 10; nan beyond 400 km, or cancelled
    mmi_sigma: float  # one sigma, of the source alone; nan as mmi
    p_arrival: float  # nan beyond the travel-time table
    s_arrival: float
    s_sigma: float  # of the S arrival, seconds, for source time and epicentre
    shaking_until: float  # strong shaking is over by then
    seconds: float | None = None  # until S, when handed out; None where it cannot be trusted
    message: bytes = b""  # the signed message, as it was received

    def calls_for_action(self, at_mmi: float = 5.0) -> bool:
        """Whether to act at this place, if `at_mmi` and more calls for it.

        False for a cancelled alert, where there is no valid forecast, and for a single-station
        alert whose station does not itself feel strong motion: it may be wrong, and is no more
        than advice to be ready. Lower by 0.3 what has been acted on, so that small changes do not
        switch it to and fro.
        """
        advice = self.single_station and self.level == "aware"
        return self.mmi >= at_mmi and not advice and not self.cancelled


def is_false(message: Message) -> bool:
    """Whether it says that there is no earthquake; "smaller" is judged by each place itself."""
    return message.kind == "cancel" and message.why != "smaller"


def concerns(message: Message, place: Place) -> bool:
    """Whether the place is among those that a single-station alert is for; all are, of others."""
    if message.ns != 1 or message.near is None:
        return True
    lat, lon, radius_km = message.near
    return float(distance_km(lat, lon, place.lat, place.lon)) <= radius_km


def at_place(message: Message, place: Place, travel_times: TravelTimes) -> PlaceAlert:
    """What the message means there. travel_times: the coarse table."""
    origin_time, issued = message.t0 / 1000.0, message.iss / 1000.0
    depth_km = max(0.0, message.dep)
    origin = Origin(origin_time, message.lat, message.lon, depth_km, message.st, message.sxy, 0.0)
    rupture = None if message.line is None else Rupture(*message.line, 0.0, 0.0)
    size = Magnitude(message.m, message.sm, "M", message.ns or 0)
    solution = Solution(message.id, message.n, origin, size, rupture, (), 1.0)
    expected = expect(solution, sites([place], (), DEFAULT_VS30_MS), travel_times, MODEL)
    p, s, away_km = (
        float(row[1]) for row in (expected.p_arrival, expected.s_arrival, expected.away_km)
    )
    mmi, sigma = _intensity(message, place, expected.median[1], expected.prior.sigma[1], isnan(s))
    vs30 = DEFAULT_VS30_MS if place.vs30_ms is None else place.vs30_ms
    lasts = shaking_duration(message.m, away_km, vs30)
    return PlaceAlert(
        event=message.id,
        version=message.n,
        kind=message.kind,
        drill=message.mode != "actual",
        cancelled=is_false(message),
        level=message.level,
        issued=issued,
        expires=message.exp / 1000.0,
        origin_time=origin_time,
        lat=message.lat,
        lon=message.lon,
        depth_km=depth_km,
        magnitude=message.m,
        magnitude_sigma=message.sm,
        single_station=message.ns == 1,
        only_phones=message.by == "phones",
        place=place.name,
        distance_km=away_km,
        mmi=mmi,
        mmi_sigma=sigma,
        p_arrival=p,
        s_arrival=s,
        s_sigma=hypot(message.st, message.sxy / S_SPEED_KMS),
        shaking_until=issued + UNKNOWN_SHAKING if isnan(s) else s + lasts,
    )


def _intensity(
    message: Message, place: Place, explained: float, sigma: float, beyond: bool
) -> tuple[float, float]:
    """The larger of what the source explains and what was observed in the place's own cell."""
    if is_false(message):
        return nan, nan
    mmi = nan if beyond else float(np.clip(explained + message.b, LEAST, MOST))
    observed = message.cells.get(geohash.encode(place.lat, place.lon))
    if observed is not None and not mmi >= observed:
        mmi = observed
    return mmi, (nan if isnan(mmi) else float(sigma))
