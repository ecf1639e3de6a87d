"""Stations, words and reports for the tests of health."""

from math import nan

from forewave.health.collector import Health
from forewave.health.report import ClockReport
from forewave.sources.intake.inbox import SourceStatus
from forewave.types import (
    Alert,
    Area,
    Arrival,
    Dropped,
    Magnitude,
    Origin,
    Solution,
    Station,
    StationState,
)

T0 = 1_700_000_000.0


def station(code="ST.A"):
    return Station(code, 35.0, 135.0, 0.0, ())


def state(after, code="ST.A", latency=0.5, health="good", noise=1e-4):
    """What a station says that many seconds after T0."""
    return StationState(code, T0 + after - latency, latency, health, noise, nan)


def status(name="seedlink a", state="live", waiting=0, dropped=None, last=T0):
    return SourceStatus(name, state, "", T0, last, 10, waiting, 1, dropped or {})


def solution(event, *residuals, stations=("ST.A",)):
    """A solution whose P arrivals at these stations are that late."""
    arrivals = tuple(
        Arrival(f"{code}.{event}", code, "P", T0, residual, 50.0, 1.0)
        for code, residual in zip(stations, residuals, strict=True)
    )
    origin = Origin(T0, 35.0, 135.0, 10.0, 0.5, 5.0, 5.0)
    return Solution(event, 1, origin, Magnitude(5.0, 0.3, "M", 4), None, arrivals, 0.99)


def alert():
    origin = Origin(T0, 35.0, 135.0, 10.0, 0.5, 5.0, 5.0)
    return Alert(
        id="e1.1",
        event="e1",
        version=1,
        kind="new",
        mode="actual",
        level="action",
        area=Area(35.0, 135.0, 100.0),
        issued=T0,
        expires=T0 + 60.0,
        origin=origin,
        magnitude=Magnitude(5.0, 0.3, "M", 4),
        rupture=None,
        field=(),
        max_intensity=6.0,
        stations=4,
        source="point",
    )


def lived(began=T0):
    """Health of a machine with two stations and a source, to which a little has happened."""
    health = Health([station("ST.A"), station("ST.B")], began)
    health.receive(state(1, noise=2e-4), began + 1)
    health.receive(Dropped("ST.A..HHZ", "wrong rate"), began + 1)
    health.receive(alert(), began + 1)
    health.source(status('seedlink "a"', dropped={"damaged record": 3}))
    health.clock(ClockReport(synchronised=True, jumps=2))
    health.tally("merge", {"repeated": 7})
    health.storage_losses("record", {}, began)
    health.channels({"siren": ""})
    return health
