"""Simulate a scenario: the records of all stations, as in an event directory."""

from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from forewave.archive import travel_time
from forewave.earth.travel_time import TravelTimes
from forewave.formats.recordings.event_directory import EventInfo, Recording
from forewave.formats.recordings.event_info import OtherEvent
from forewave.formats.waveforms.segments import join
from forewave.simulate import network, telemetry
from forewave.simulate.disturbances.kinds import disturb
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.ground_motion import noise, rupture, waveforms
from forewave.simulate.ground_motion.rupture import Fault
from forewave.simulate.scenario import Scenario
from forewave.simulate.sensors import digitise, output
from forewave.types import Packet, Station

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

# An independent stream of random numbers for each purpose and station (telemetry.py has its own).
_NOISE, _SITE, _DISTURBANCE, _EARTHQUAKE = 1, 2, 4, 100
SOURCE = "forewave simulate"  # in event.json: where its earthquake comes from


def simulate(scenario: Scenario, progress: Progress | None = None) -> Recording:
    """Simulate the scenario. progress(done, all) is called after each station.

    The catalogued origin (`info`) is that of the first earthquake, with the others as further
    events. Without [telemetry] there are no receipts: replay then uses its default packets and
    latency.
    """
    stations = network.stations(scenario.network, scenario.seed, scenario.start)
    travel_times = travel_time.load(scenario.velocity_model)
    faults = [
        rupture.break_fault(quake, np.random.default_rng([scenario.seed, _EARTHQUAKE + index]))
        for index, quake in enumerate(scenario.earthquake)
    ]
    segments: list[Packet] = []
    for done, station in enumerate(stations, start=1):
        segments += _record(scenario, station, faults, travel_times)
        if progress is not None:
            progress(done, len(stations))
    arrivals = arrivals_of(scenario, segments)
    receipts = None
    if arrivals is not None:
        receipts = telemetry.receipts(arrivals)
        segments, _ = join(packet for _, packet in arrivals)
    info = _info(scenario, faults)
    return Recording(Path(scenario.name), info, stations, tuple(segments), receipts, ())


def arrivals_of(scenario: Scenario, segments: list[Packet]) -> list[telemetry.Arrival] | None:
    """Packets with times of arrival, including duplicates; None without [telemetry]."""
    if scenario.telemetry is None:
        return None
    return telemetry.packets(segments, scenario.telemetry, scenario.seed)


def _record(
    scenario: Scenario,
    station: Station,
    faults: list[Fault],
    travel_times: TravelTimes,
) -> list[Packet]:
    """The station's channels over the whole scenario, one segment each."""
    rate = station.channels[0].rate
    count = int(scenario.duration * rate)
    sensor = network.sensor_of(scenario.network, station)
    loudness = noise.SITES[scenario.network.site]
    ground = noise.make(
        count, rate, loudness, sensor.noise_ms2_rthz, _rng(scenario, station, _NOISE)
    )
    ground += _shaking(scenario, station, faults, travel_times, rate, count)
    signal = output(ground, sensor, rate)
    for index, what in enumerate(scenario.disturbance):
        if what.station in ("*", station.code):
            rng = _rng(scenario, station, _DISTURBANCE, index)
            signal = disturb(signal, what, station, rate, rng)
    start = scenario.start.timestamp()
    return [
        Packet(channel.stream, start, rate, digitise(row, channel.gain, sensor.clip))
        for channel, row in zip(station.channels, signal, strict=False)
    ]


def _shaking(
    scenario: Scenario,
    station: Station,
    faults: list[Fault],
    travel_times: TravelTimes,
    rate: float,
    count: int,
) -> Floats:
    """Sum over all earthquakes, (3, count) m/s^2, times the site's random factor."""
    sigma = scenario.network.site_sigma
    site = np.exp(sigma * _rng(scenario, station, _SITE).standard_normal())
    ground = np.zeros((3, count))
    for index, (quake, fault) in enumerate(zip(scenario.earthquake, faults, strict=True)):
        ground += waveforms.acceleration(
            fault,
            station,
            travel_times,
            rate=rate,
            count=count,
            begin=-quake.after,
            kappa=scenario.kappa,
            rng=_rng(scenario, station, _EARTHQUAKE + index),
        )
    return np.asarray(site * ground)


def _rng(scenario: Scenario, station: Station, *purpose: int) -> np.random.Generator:
    return np.random.default_rng([scenario.seed, crc32(station.code.encode()), *purpose])


def _info(scenario: Scenario, faults: list[Fault]) -> EventInfo:
    if not scenario.earthquake:
        return EventInfo(
            scenario.name, region=scenario.title or None, event_type="noise", complete=True
        )
    chief, *others = scenario.earthquake
    begin = scenario.start.timestamp()
    return EventInfo(
        id=scenario.name,
        origin_time=begin + chief.after,
        lat=chief.lat,
        lon=chief.lon,
        depth_km=chief.depth_km,
        magnitude=chief.magnitude,
        magtype="Mw",
        region=chief.region or scenario.title or None,
        source=SOURCE,
        event_type="earthquake",
        other_catalogue_events_in_window=tuple(_other(quake, begin) for quake in others),
        complete=True,
        rupture=rupture.upper_edge(chief, faults[0]),
    )


def _other(quake: Earthquake, begin: float) -> OtherEvent:
    return OtherEvent(begin + quake.after, quake.lat, quake.lon, quake.depth_km, quake.magnitude)
