"""Stations, and outputs of the rooms, for tests of the console."""

import math

from forewave.types import (
    Alert,
    Amplitude,
    Area,
    Arrival,
    Channel,
    Magnitude,
    Origin,
    Pick,
    Solution,
    Station,
    StreamId,
)

NOW = 1_790_000_000.0


def station(code, lat=35.0, lon=135.0):
    stream = StreamId("ST", code, "", "HNZ")
    return Station(f"ST.{code}", lat, lon, 0.0, (Channel(stream, 1.0, "m/s^2", 100.0),))


def amplitude(code, pga_ms2, now=NOW):
    zeros = dict.fromkeys(("pd_m", "pv_ms", "pa_ms2"), 0.0)
    return Amplitude(
        station=f"ST.{code}", time=now, pick=None, since_pick=None, pga_ms2=pga_ms2,
        pgv_ms=pga_ms2 / 10.0, intensity_jma=0.0, clipped=False, pd3_m=math.nan, **zeros,
    )  # fmt: skip


def pick(name, code, time=NOW, phase="P"):
    return Pick(name, StreamId("ST", code, "", "HNZ"), phase, time, 0.1)


def solution(version=1, picks=(), event="e1", withdrawn=None):
    origin = Origin(NOW - 5.0, 35.1, 135.2, 12.0, 0.4, 3.0, 4.0)
    arrivals = tuple(Arrival(p.id, p.station, p.phase, p.time, 0.2, 20.0, 1.0) for p in picks)
    size = Magnitude(6.0 + version / 10.0, 0.3, "M", len(picks))
    return Solution(event, version, origin, size, None, arrivals, 0.98, withdrawn)


def alert(version=1, now=NOW):
    made = solution(version)
    return Alert(
        id=f"e1.{version}", event="e1", version=version, kind="new", mode="actual", level="action",
        area=Area(35.1, 135.2, 100.0), issued=now, expires=now + 60.0, origin=made.origin,
        magnitude=made.magnitude, rupture=None, field=(), max_intensity=7.2, stations=4,
        source="point",
    )  # fmt: skip
