"""Small synthetic earthquakes with results that can be computed by hand.

On the equator a degree is 111.195 km both ways.
"""

from pathlib import Path

import numpy as np
from msgspec.structs import replace

from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.scoring.catalogue import Quake
from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.evaluate.scoring.truth import Motion
from forewave.formats.recordings.event_directory import EventInfo, Recording
from forewave.types import (
    Alert,
    Area,
    Arrival,
    Channel,
    Forecast,
    Magnitude,
    Origin,
    Packet,
    Pick,
    Solution,
    Station,
    StreamId,
)

T0 = 1_600_000_000.0
QUAKE = Quake(T0, 0.0, 0.0, 10.0, 6.5)
RED = "\x1b[1;31m"  # ANSI code
DEGREE_KM = 111.19492664455873
INFO = EventInfo("simulated", T0, 0.0, 0.0, 10.0, 6.5, "Mw", "Nowhere", "simulated", "earthquake")


def travel_times():
    """Straight rays: P 6 km/s and S 3.5 km/s of the hypocentral distance."""
    x, z = np.arange(0.0, 1001.0, 5.0), np.arange(0.0, 701.0, 10.0)
    km = np.hypot(x[:, None], z)
    return TravelTimes("simulated", x, z, km / 6.0, km / 3.5)


def origin(after=0.0, east_km=0.0, depth_km=10.0, sigma_s=0.5, sigma_km=5.0):
    return Origin(T0 + after, 0.0, east_km / DEGREE_KM, depth_km, sigma_s, sigma_km, 5.0)


def alert(event="a", version=1, at=5.0, where=None, magnitude=6.5, kind="new", **more):
    """An alert `at` seconds after the origin time."""
    where = where or origin()
    actual = Alert(
        id=f"{event}-{version}",
        event=event,
        version=version,
        kind=kind,
        mode="drill",
        level="action",
        area=Area(where.lat, where.lon, 100.0),
        issued=T0 + at,
        expires=T0 + at + 60,
        origin=where,
        magnitude=Magnitude(magnitude, 0.3, "Pd", 4),
        rupture=None,
        field=(),
        max_intensity=7.0,
        stations=4,
        source="point",
    )
    return replace(actual, **more)


def issued_alert(message, **intensities):
    """The alert with forecasts; intensities by station code."""
    forecasts = {
        code: Forecast(
            message.event, message.version, code, 0, 0, T0 + 5, T0 + 9, mmi, 0.6, "point"
        )
        for code, mmi in intensities.items()
    }
    return IssuedAlert(message.issued, message, forecasts)


def motion(code, mmi, pga_mmi=None, km=50.0, **reached):
    """A station's motion; reached in seconds after the origin."""
    at = {level: T0 + seconds for level, seconds in reached.items()}
    pga_mmi = mmi if pga_mmi is None else pga_mmi
    return Motion(code, 0.0, km / DEGREE_KM, km, 0.1, 0.01, mmi, pga_mmi, at)


def station(code="XX.AAA", km=50.0, unit="m/s^2", rate=100.0, gain=1000.0, components="ZNE"):
    network, name = code.split(".")
    channels = tuple(
        Channel(StreamId(network, name, "", "HN" + c), gain, unit, rate) for c in components
    )
    return Station(code, 0.0, km / DEGREE_KM, 0.0, channels)


def record(of, motion_of, start=-10.0, seconds=90.0):
    """A segment for every channel: counts of motion_of(t), t in seconds after the origin."""
    segments = []
    for channel in of.channels:
        t = start + np.arange(round(seconds * channel.rate)) / channel.rate
        counts = np.rint(motion_of(t) * channel.gain).astype(np.int32)
        segments.append(Packet(channel.stream, T0 + start, channel.rate, counts))
    return segments


def recording(stations, segments, info=INFO):
    return Recording(Path("nowhere"), info, tuple(stations), tuple(segments), None, ())


def pick(code="XX.AAA", at=8.5):
    network, name = code.split(".")
    return Pick(f"{code}-{at}", StreamId(network, name, "", "HNZ"), "P", T0 + at, 0.1)


def solution(event="a", version=1, where=None, magnitude=5.0, likelihood=0.6, codes=("XX.AAA",)):
    arrivals = tuple(Arrival(f"{c}-1", c, "P", T0 + 8, 0.1, 50.0, 1.0) for c in codes)
    size = Magnitude(magnitude, 0.3, "Pd", len(codes))
    return Solution(event, version, where or origin(), size, None, arrivals, likelihood)
