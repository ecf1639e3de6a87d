import msgspec
import pytest

from forewave.errors import ConfigError
from forewave.sources.reconnect import RETRY, WAITED
from forewave.sources.seedlink.dialogue import Wanted
from forewave.sources.seedlink.settings import SeedLinkSettings, address, stations_wanted


def test_stations_may_have_selectors_of_their_own():
    settings = SeedLinkSettings("here", ("XX.ABC:HN? HHZ", "YY.*"), ("BH?",))
    assert stations_wanted(settings) == [
        Wanted("XX_ABC", ("HN?", "HHZ")),
        Wanted("YY_*", ("BH?",)),
    ]


@pytest.mark.parametrize(
    ("server", "tls", "found"),
    [
        ("geofon.example", False, ("geofon.example", 18000)),
        ("geofon.example", True, ("geofon.example", 18500)),
        ("geofon.example:18001", True, ("geofon.example", 18001)),
    ],
)
def test_the_port_is_the_default_unless_it_is_named(server, tls, found):
    assert address(SeedLinkSettings(server, ("XX.ABC",), tls=tls)) == found


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"server": "here", "stations": ()}, "at least one station"),
        ({"server": "here", "stations": ("ABC",)}, "NET.STA"),
        ({"server": "here", "stations": ("XX.ABC:H",)}, "selector"),
        ({"server": "here", "stations": ("XX.ABC",), "selectors": ("nonsense",)}, "selector"),
        ({"server": "here:port", "stations": ("XX.ABC",)}, "host:port"),
        ({"server": ":18000", "stations": ("XX.ABC",)}, "host:port"),
    ],
)
def test_wrong_settings_are_refused_in_one_line(settings, says):
    with pytest.raises(ConfigError, match=says):
        read(SeedLinkSettings(**settings))


def read(settings):
    return address(settings), stations_wanted(settings)


def test_an_entry_of_a_file_is_read_by_its_kind():
    entry = {"kind": "seedlink", "server": "here", "stations": ["XX.ABC"], "idle_s": 5}
    assert msgspec.convert(entry, SeedLinkSettings).idle_s == 5.0
    with pytest.raises(msgspec.ValidationError, match="connect_s"):
        msgspec.convert(entry | {"connect_s": 0}, SeedLinkSettings)


def test_as_usual_a_server_that_hung_is_left_and_tried_again_within_3_s():
    """However short it hung, and whether or not it had answered before."""
    usual = SeedLinkSettings("here", ("XX.ABC",))
    longest_pause = 1.5 * RETRY * WAITED
    assert 2 * usual.answer_s + longest_pause < 2.9
    assert usual.connect_s + longest_pause < 2.9
