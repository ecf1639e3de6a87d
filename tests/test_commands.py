import click
import pytest

from forewave.commands import factor, plainly, run
from forewave.errors import ForewaveError


def test_errors_for_people_are_one_line():
    @plainly
    def command():
        raise ForewaveError("no such thing")

    with pytest.raises(click.ClickException, match=r"^no such thing$"):
        command()


@pytest.mark.parametrize(
    ("text", "otherwise", "times"),
    [("2.5", None, 2.5), ("max", 1.0, 1.0), ("max", None, float("inf"))],
)
def test_a_factor(text, otherwise, times):
    assert factor(text, otherwise) == times


@pytest.mark.parametrize("text", ["0", "-1", "nan", "fast"])
def test_a_wrong_factor_says_what_is_right(text):
    with pytest.raises(click.BadParameter, match="expected a factor above 0, or max"):
        factor(text, None)


def test_run_takes_the_configuration_here_where_none_is_named():
    option = next(each for each in run.params if each.name == "config")
    assert str(option.default) == "forewave.toml"
