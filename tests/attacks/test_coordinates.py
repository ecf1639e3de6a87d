"""A true M5.5 stays one earthquake whatever one station's coordinates say."""

import pytest
from msgspec.structs import replace

from forewave.earth.distance import distance_km
from forewave.earth.siting import Siting
from forewave.errors import ConfigError
from forewave.formats.inventories import stations_csv
from forewave.health.collector import Health
from forewave.live.setup import usable_stations
from forewave.pipeline import MISPLACED, PipelineSettings
from forewave.settings import NetworkSettings, Settings
from forewave.types import Dropped
from tests.attacks import made_replay as made_network
from tests.cases import first_of

WRONG = {
    "0, 0": lambda s: replace(s, lat=0.0, lon=0.0),
    "sign of the longitude": lambda s: replace(s, lon=-s.lon),
    "sign of the latitude": lambda s: replace(s, lat=-s.lat),
    "20 degrees": lambda s: replace(s, lat=s.lat + 20.0),
    "5 degrees": lambda s: replace(s, lat=s.lat + 5.0),
}


@pytest.fixture(scope="module")
def recording():
    return made_network.network(6, 5.5, count=25)


def changed(recording, change, which=0):
    code = made_network.near(recording)[which].code
    return tuple(change(s) if s.code == code else s for s in recording.stations)


def summary(alerts):
    """How many events, how many cancelled, and km by which the last epicentre is off."""
    events = {alert.event for alert in alerts}
    cancels = [alert for alert in alerts if alert.kind == "cancel"]
    last = alerts[-1].origin
    return len(events), len(cancels), float(distance_km(*made_network.QUAKE, last.lat, last.lon))


@pytest.mark.parametrize("wrong", first_of(WRONG))
def test_one_earthquake_stays_one_beside_a_station_at_a_wrong_place(recording, wrong):
    events, cancels, km = summary(made_network.told(recording, changed(recording, WRONG[wrong])))
    assert (events, cancels) == (1, 0)
    assert km <= 15.0


def test_what_it_sends_is_refused_by_name(recording):
    stations = changed(recording, WRONG["0, 0"])
    bad, rooms = made_network.near(recording)[0].code, made_network.pipeline(stations)
    packet = next(p for p in recording.segments if p.stream.code == bad)
    (word,) = rooms.feed(packet, packet.start + 60.0)
    assert word == Dropped(str(packet.stream), MISPLACED)
    siting = PipelineSettings(siting=Siting(remote=(bad,)))
    assert bad in made_network.pipeline(stations, siting).detectors


def test_it_is_named_in_health(recording):
    stations = changed(recording, WRONG["0, 0"])
    bad = made_network.near(recording)[0].code
    report = Health(stations, 0.0, made_network.pipeline(stations).misplaced).report(1.0)
    assert [s.code for s in report.stations if s.state == "misplaced"] == [bad]
    assert any(bad in problem and "coordinates are wrong" in problem for problem in report.problems)


def test_it_is_named_in_the_log(recording, tmp_path, caplog):
    stations_csv.write(tmp_path / "stations.csv", changed(recording, WRONG["0, 0"]))
    assert len(usable_stations(Settings(), tmp_path)) == len(recording.stations)
    (line,) = [record.getMessage() for record in caplog.records]
    assert made_network.near(recording)[0].code in line
    assert "0, 0 stands for" in line


def test_a_region_without_any_station_is_said_before_the_start(recording, tmp_path, caplog):
    stations_csv.write(tmp_path / "stations.csv", recording.stations)
    elsewhere = NetworkSettings(region=(0.0, 0.0, 10.0, 10.0))
    with pytest.raises(ConfigError, match=r"^network\.region: none of \d+ stations"):
        usable_stations(Settings(network=elsewhere), tmp_path)
    assert not caplog.records  # once, not for each station
