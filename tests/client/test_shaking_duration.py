"""The same values as on the pages: those of docs/reference/message.md."""

import re
from pathlib import Path

import pytest

from forewave.client.shaking_duration import shaking_duration

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "message.md"


def printed():
    rows = dict(re.findall(r"^\| (M|R|\*D\*) \|(.+)\|$", PAGE.read_text(), re.MULTILINE))
    columns = ([float(value) for value in rows[key].split("|")] for key in ("M", "R", "*D*"))
    return list(zip(*columns, strict=True))


def test_the_page_prints_eight():
    assert len(printed()) == 8


@pytest.mark.parametrize(("magnitude", "km", "seconds"), printed())
def test_it_is_what_the_page_prints(magnitude, km, seconds):
    assert shaking_duration(magnitude, km) == pytest.approx(seconds, abs=0.006)


def test_it_grows_with_distance_and_magnitude():
    by_distance = [shaking_duration(7.3, km) for km in range(0, 500, 10)]
    assert by_distance == sorted(by_distance)
    by_magnitude = [shaking_duration(m / 10, 30.0) for m in range(50, 90)]
    assert by_magnitude == sorted(by_magnitude)


def test_soft_ground_shakes_longer():
    assert shaking_duration(6.5, 50.0, 200.0) > shaking_duration(6.5, 50.0, 800.0)
