"""What every process that handles a network reads."""

from msgspec.structs import replace

from forewave.live.network import NetworkParts
from forewave.settings import Settings
from forewave.types import Station


def test_a_misplaced_station_gets_no_forecast(tmp_path):
    parts = NetworkParts(Settings(), tmp_path)
    near = [Station(f"XX.S{n}", 24.0 + 0.1 * n, 121.0, 0.0, ()) for n in range(8)]
    parts.stations = (*near, replace(near[0], code="XX.FAR", lat=-24.0))
    assert [*parts.misplaced] == ["XX.FAR"]
    assert "XX.FAR" not in {place.name for place in parts.sites}
    assert {station.code for station in near} <= {place.name for place in parts.sites}


def test_each_part_is_made_once(tmp_path):
    parts = NetworkParts(Settings(), tmp_path)
    assert parts.travel_times is parts.travel_times
    assert parts.steady is parts.steady
