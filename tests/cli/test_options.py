import socket

import click
import pytest
from click.testing import CliRunner

from forewave.cli.options import OneLine, one_line_errors, require_free
from forewave.errors import ForewaveError


def failing(error):
    @one_line_errors
    def command():
        raise error

    return command


def test_errors_for_people_are_one_line():
    with pytest.raises(click.ClickException, match=r"^no such thing$"):
        failing(ForewaveError("no such thing"))()


def test_a_file_that_cannot_be_written_is_one_line():
    with pytest.raises(click.ClickException, match=r"^/x/y: No space left on device$") as raised:
        failing(OSError(28, "No space left on device", "/x/y"))()
    assert raised.value.exit_code == 1


def test_a_reader_who_has_enough_is_clicks_affair():
    with pytest.raises(BrokenPipeError):
        failing(BrokenPipeError())()


@click.group(cls=OneLine)
def group():
    """A group."""


@group.command()
@click.argument("name")
@click.option("--count", type=int)
def act(name, count):
    """A command."""
    raise click.UsageError("one\ntwo")


@pytest.mark.parametrize(
    "typed", [["act"], ["act", "x", "--count", "y"], ["act", "--nothing"], ["noact"], ["act", "x"]]
)
def test_wrong_use_is_one_line_without_the_usage(typed):
    result = CliRunner().invoke(group, typed)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


def test_a_group_alone_explains_itself():
    assert "A command." in CliRunner().invoke(group, []).output


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(click.BadParameter, match=f"cannot open port {port}") as raised:
            require_free("127.0.0.1", {"pages": port})
    assert raised.value.param_hint == "'--port'"
    require_free("127.0.0.1", {"pages": 0})


def test_a_host_that_is_not_this_machine_is_named():
    with pytest.raises(click.BadParameter, match=r"192\.0\.2\.1: expected an address") as raised:
        require_free("192.0.2.1", {"pages": 0}, "--host")
    assert raised.value.param_hint == "'--host'"
