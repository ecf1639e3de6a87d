import pytest
from obspy.clients.fdsn.header import URL_MAPPINGS

from forewave.fdsn import seedlink_servers
from forewave.sources.seedlink.settings import SeedLinkSettings, address


def test_each_is_of_a_centre_that_can_be_named():
    assert set(seedlink_servers.SERVERS) <= set(URL_MAPPINGS)


@pytest.mark.parametrize("server", sorted(set(seedlink_servers.SERVERS.values())))
def test_each_is_an_address(server):
    assert address(SeedLinkSettings(server, ()))[1] == 18000


def test_a_centre_is_found_by_its_name_however_written():
    assert seedlink_servers.of("gfz") == seedlink_servers.of("GEOFON") == "geofon.gfz.de:18000"
    assert seedlink_servers.of("https://geofon.gfz.de") is None
