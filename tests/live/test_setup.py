"""What a live machine is set up from."""

import socket

import pytest
from msgspec.structs import replace

from forewave.alerts.policy import AlertSettings
from forewave.errors import ConfigError, ForewaveError
from forewave.live.setup import as_drill, check_ports, frames, sample_rates, usable_stations
from forewave.settings import NetworkSettings, RelaySettings, ServerSettings, Settings

HEAD = "net,sta,loc,cha,lat,lon,elev_m,gain,units,sample_rate\n"


def test_a_port_that_is_taken_is_named_before_the_slow_work():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = Settings(server=ServerSettings(port=0, stream_port=0))
        check_ports(settings)
        with pytest.raises(ConfigError, match=str(port)):
            check_ports(replace(settings, relay=RelaySettings(on=True, port=port)))


def test_the_sites_that_may_frame_a_page_are_checked_and_the_setting_is_named():
    assert frames(ServerSettings()) == "'self'"
    with pytest.raises(ConfigError, match=r"server\.frame_ancestors: 'home': expected 'self'"):
        frames(ServerSettings(frame_ancestors="home"))


def test_the_stations_of_the_inventory_and_their_rates(tmp_path):
    file = tmp_path / "stations.csv"
    settings = Settings(network=NetworkSettings(inventory=file.name))
    file.write_text(HEAD + "XX,ABC,00,HNZ,1.0,2.0,3,1000.0,counts per m/s^2,50\n")
    found = usable_stations(settings, tmp_path)
    assert sample_rates(found) == {"XX.ABC": 50.0}
    file.write_text(HEAD)
    with pytest.raises(ForewaveError):
        usable_stations(settings, tmp_path)


@pytest.mark.parametrize(
    ("inventory", "why"), [("none.csv", "none.csv does not exist"), (".", "is a folder")]
)
def test_an_inventory_that_is_no_file_is_a_fault_of_its_key(tmp_path, inventory, why):
    settings = Settings(network=NetworkSettings(inventory=inventory))
    with pytest.raises(ConfigError, match=rf"^network\.inventory: .*{why}"):
        usable_stations(settings, tmp_path)


def test_an_inventory_that_cannot_be_read_is_a_fault_of_its_key(tmp_path):
    (tmp_path / "stations.csv").write_text("net,sta\n")
    with pytest.raises(ConfigError, match=r"^network\.inventory: .*column 'loc' is missing"):
        usable_stations(Settings(), tmp_path)


def test_the_past_is_a_drill_and_what_is_a_test_remains_one():
    for mode, found in {"actual": "drill", "drill": "drill", "test": "test"}.items():
        assert as_drill(Settings(alerts=AlertSettings(mode=mode))).alerts.mode == found
