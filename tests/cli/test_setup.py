import pytest

from forewave import config
from forewave.formats.inventories import stations_csv
from forewave.live.build import build
from tests.cli.commands import forewave
from tests.small_network import recording


@pytest.fixture
def listing(tmp_path):
    path = tmp_path / "stations" / "mine.csv"
    path.parent.mkdir()
    stations_csv.write(path, recording().stations)
    return path


def test_a_fresh_folder_runs_after_one_command_that_needs_no_network(tmp_path, listing):
    output = tmp_path / "here" / "forewave.toml"
    typed = ["--stations", listing, "--seedlink", "127.0.0.1:9", "-o", output]
    made = forewave("init", *typed)
    assert made.exit_code == 0, made.output
    settings = config.read(output)
    live = build(settings, output.parent)  # which reads stations and key, and opens the source
    assert len(live.health._stations) == len(recording().stations)
    assert not any((tmp_path / "here").glob("*.csv")), "the listing stays where it is"


def test_init_wants_a_region_of_a_data_centre_or_a_file(tmp_path, listing):
    for typed in (
        [],
        ["--bbox", "0,0,1,1"],
        ["--provider", "IRIS"],
        ["--stations", listing, "--provider", "IRIS"],
    ):
        result = forewave("init", *typed, "-o", tmp_path / "forewave.toml")
        assert result.exit_code == 2
        assert "--bbox and --provider, or --stations" in result.stderr
    assert not (tmp_path / "forewave.toml").exists()
