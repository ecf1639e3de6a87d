import socket
import sys

import pytest

from forewave.cli.live import EX_CONFIG, run
from forewave.formats.inventories import stations_csv
from tests.cli.commands import forewave
from tests.small_network import recording


@pytest.fixture
def listing(tmp_path):
    path = tmp_path / "stations" / "mine.csv"
    path.parent.mkdir()
    stations_csv.write(path, recording().stations)
    return path


def test_run_takes_the_configuration_here_where_none_is_named():
    option = next(each for each in run.params if each.name == "config")
    assert str(option.default) == "forewave.toml"


def test_run_without_a_configuration_names_the_command_that_makes_it(tmp_path):
    result = forewave("run", "-c", tmp_path / "forewave.toml")
    assert result.exit_code == EX_CONFIG
    assert "`forewave init`" in result.stderr
    assert result.stderr.count("\n") == 1


def test_run_without_a_key_names_the_command_that_makes_it(tmp_path, listing):
    output = tmp_path / "forewave.toml"
    forewave("init", "--stations", listing, "--seedlink", "127.0.0.1:9", "-o", output)
    key = tmp_path / "forewave.key"
    key.unlink()
    config_with(output, port=0, stream_port=0)
    result = forewave("run", "-c", output)
    assert result.exit_code == EX_CONFIG
    assert f"`forewave keys new -o {key}`" in result.stderr


def test_run_says_of_a_taken_port_before_it_sets_anything_up(tmp_path, listing, monkeypatch):
    output = tmp_path / "forewave.toml"
    forewave("init", "--stations", listing, "--seedlink", "127.0.0.1:9", "-o", output)
    module = sys.modules["forewave.live.run"]
    monkeypatch.setattr(module, "build", lambda *_, **__: pytest.fail("set up all the same"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config_with(output, port=port, stream_port=0)
        result = forewave("run", "-c", output)
    assert result.exit_code == EX_CONFIG
    assert f"cannot open port {port}" in result.stderr


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('inventory = "mine.csv"', 'inventory = "none.csv"', "network.inventory: {}none.csv does"),
        ('kind = "seedlink"', 'kind = "archive"\npath = "nowhere"', "sources: archive: path: {}no"),
    ],
)
def test_run_names_file_and_key_of_an_input_that_does_not_exist(tmp_path, listing, old, new, fault):
    output = tmp_path / "forewave.toml"
    forewave("init", "--stations", listing, "--seedlink", "127.0.0.1:9", "-o", output)
    config_with(output, port=0, stream_port=0)
    text = output.read_text()
    line = next(line for line in text.splitlines() if line.startswith(old.partition("=")[0]))
    head, _, sources = text.partition(line)
    output.write_text(head + new + ("\n" if "kind" in old else sources))
    result = forewave("run", "-c", output)
    assert result.exit_code == EX_CONFIG
    assert result.stderr.splitlines()[-1].startswith(
        f"Error: {output}: " + fault.format(f"{tmp_path}/")
    )


def test_run_of_a_folder_names_the_file_that_is_expected(tmp_path):
    result = forewave("run", "-c", tmp_path)
    assert result.exit_code == EX_CONFIG
    assert "is a folder, expected a settings file such as" in result.stderr


def config_with(path, port, stream_port):
    """The settings with other ports."""
    text = path.read_text()
    text = text.replace("\nport = 8460", f"\nport = {port}", 1)
    path.write_text(text.replace("\nstream_port = 0", f"\nstream_port = {stream_port}", 1))
