from pathlib import Path
from typing import get_args

import pytest

from forewave.errors import ConfigError
from forewave.simulate import scenario as module
from forewave.simulate.disturbances.kinds import AnyDisturbance
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.network import Fdsn, Grid, Layout, Recorded
from forewave.simulate.scenario import Scenario, built_in, load_scenario, parse
from forewave.simulate.telemetry import Telemetry

DOCS = Path(__file__).parents[2] / "docs"

NETWORK = '[network]\nlayout = "grid"\nlat = 24.0\nlon = 121.0\nspacing_km = 20\ncount = 4\n'
QUAKE = "[[earthquake]]\nafter = 5\nlat = 24\nlon = 121\ndepth_km = 10\nmagnitude = 5\n"


def test_the_built_in_scenarios_can_be_read():
    assert {"sichuan", "small", "quiet"} <= set(built_in())
    assert {name: load_scenario(name).name for name in built_in()} == {n: n for n in built_in()}


def test_the_demo_is_what_it_is_meant_to_be():
    demo = load_scenario("sichuan")
    assert demo.earthquake[0].magnitude == 7.3
    assert len(demo.network.stations) == 60


def test_a_file_is_read_and_named_after_itself(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(NETWORK + QUAKE)
    scenario = load_scenario(file)
    assert scenario.name == "mine"
    assert isinstance(scenario.network, Grid)
    assert scenario.earthquake[0].magnitude == 5.0


@pytest.mark.parametrize(("layout", "kind"), [("event", Recorded), ("fdsn", Fdsn)])
def test_borrowed_stations_are_looked_for_beside_the_file(tmp_path, layout, kind):
    (tmp_path / "mine.toml").write_text(f'[network]\nlayout = "{layout}"\npath = "there"\n')
    network = load_scenario(tmp_path / "mine.toml").network
    assert isinstance(network, kind)
    assert network.path == str(tmp_path / "there")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (NETWORK + "[[earthquake]]\nlat = 24\n", "lon"),
        (NETWORK + QUAKE.replace("magnitude = 5", "magnitude = 12"), "$.earthquake[0].magnitude"),
        (NETWORK + QUAKE + "colour = 1\n", "colour"),
        (NETWORK.replace("count = 4", 'count = "four"'), "$.network.count"),
        (NETWORK.replace("grid", "spiral"), "spiral"),
        ("seed = 1\n", "network"),
        ('velocity_model = "mars"\n' + NETWORK, "velocity_model is 'mars'"),
        (NETWORK + QUAKE.replace("after = 5", "after = 500"), "earthquake[0].after is 500 s"),
        ("seed = = 1", "line 1"),
        ("start = 2030-01-01T00:00:00\n" + NETWORK, "$.start"),
    ],
)
def test_a_mistake_is_one_line_that_names_file_and_key(text, message):
    with pytest.raises(ConfigError) as error:
        parse(text, "mine.toml")
    line = str(error.value)
    assert line.startswith("mine.toml: ")
    assert message in line
    assert "\n" not in line


def test_a_mark_of_an_editor_before_a_scenario_is_no_part_of_it(tmp_path):
    plain = (Path(module.__file__).parent / "scenarios" / "quiet.toml").read_bytes()
    (tmp_path / "quiet.toml").write_bytes(b"\xef\xbb\xbf" + plain)
    assert load_scenario(tmp_path / "quiet.toml") == load_scenario("quiet")


def test_an_unknown_scenario_lists_the_built_in_ones(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere.*sichuan"):
        load_scenario(tmp_path / "nowhere.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="UTF-8"):
        load_scenario(tmp_path / "odd.toml")


@pytest.mark.parametrize(
    "record", [Scenario, Earthquake, Telemetry, *get_args(Layout), *get_args(AnyDisturbance)]
)
def test_the_reference_names_every_key(record):
    page = (DOCS / "reference" / "scenarios.md").read_text()
    keys = set(record.__struct_fields__) - {"network", "telemetry", "earthquake", "disturbance"}
    tag = record.__struct_config__.tag
    assert not [key for key in keys if f"`{key}`" not in page]
    assert tag is None or tag in page


def test_the_example_of_the_how_to_is_a_scenario():
    page = (DOCS / "how-to" / "write-a-scenario.md").read_text()
    text = page.split("```toml\n")[1].split("```")[0]
    assert parse(text, "city.toml").earthquake[0].magnitude == 6.3
