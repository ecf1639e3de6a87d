"""Cases of a parametrized test of which `make test` runs the first, and `make test-all` each."""

from collections.abc import Iterable
from typing import Any

import pytest


def first_of(cases: Iterable[Any]) -> list[Any]:
    """For `parametrize`: the first case as it is, those after it marked `thorough`.

    A case is a value, or a tuple of values where the test has several arguments.
    """
    one, *others = cases
    return [one, *map(further, others)]


def further(case: Any) -> Any:
    """A case that `make test` leaves out."""
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.thorough)
