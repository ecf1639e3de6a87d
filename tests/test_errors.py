"""Every error that people may see is of one family, which the command line can catch."""

import inspect

import pytest

from forewave import errors

FAMILY = [
    e for _, e in inspect.getmembers(errors, inspect.isclass) if e.__module__ == "forewave.errors"
]


@pytest.mark.parametrize("error", FAMILY)
def test_it_is_caught_as_one_of_ours_and_says_what_it_was_given(error):
    with pytest.raises(errors.ForewaveError, match=r"^stations.csv: no such column: gain$"):
        raise error("stations.csv: no such column: gain")


def test_the_tree_in_the_docstring_is_the_tree():
    drawn = {line.split()[1] for line in tree_lines()}
    assert drawn | {"ForewaveError"} == {error.__name__ for error in FAMILY}


def tree_lines():
    return [line for line in (errors.__doc__ or "").splitlines() if line.startswith("+--")]
