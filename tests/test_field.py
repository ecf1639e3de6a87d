from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

import msgspec
import pytest

from forewave import field
from forewave.field import Degrees, Km, Port, Probability, Seconds, Timeout, about


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (Annotated[Km, about("How far")], "a number 0..20000 km"),
        (Annotated[Seconds, about("How long")], "a number of 0 s or more"),
        (Annotated[Timeout | None, about("How long")], "a number above 0 s"),
        (Probability, "a number 0..1"),
        (Port, "a whole number 0..65535"),
        (int | None, "a whole number"),
        (tuple[Degrees, Degrees] | None, "a list of 2 numbers -180..180 degrees"),
        (Annotated[tuple[str, ...], about("x")], "a list of texts"),
        (tuple[str, str, str], "a list of 3 texts"),
        (Annotated[Literal["a", "b"], about("x")], 'one of "a", "b"'),
        (Annotated[bool, about("x")], "true or false"),
        (Annotated[str | None, about("x")], "text"),
        (datetime | None, "a date and time"),
        (Mapping[str, str], "a table of texts"),
    ],
)
def test_what_is_expected_is_said_in_words(hint, expected):
    assert field.expected(hint) == expected


def test_a_field_adds_its_description_to_the_quantity():
    hint = Annotated[Km, about("How far")]
    assert field.description(hint) == "How far"
    assert (field.limits(hint), field.unit(hint)) == ("0..20000", "km")
    assert (field.description(float), field.unit(float), field.limits(float)) == ("", "", "")


def test_a_limit_stands_in_one_place_only():
    with pytest.raises(TypeError, match="Multiple"):
        msgspec.convert(3.0, Annotated[Km, about("How deep", le=5)])


@pytest.mark.parametrize("value", [-1.0, 20_001.0, float("nan"), float("inf"), "1", True, None])
def test_msgspec_refuses_what_is_outside_the_limits(value):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, Annotated[Km, about("How far")])
    assert msgspec.convert(20_000, Km) == 20_000.0


def test_a_limit_that_there_is_not_is_refused():
    with pytest.raises(TypeError):
        about("x", below=3)
