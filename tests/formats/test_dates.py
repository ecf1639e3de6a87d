import contextlib
from datetime import UTC, datetime
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.formats.dates import posix, posix_or

NEW_YEAR = 1_483_228_800.0  # 2017-01-01


@given(st.datetimes(datetime(1000, 1, 1), datetime(9998, 12, 31)))
def test_iso_8601_is_read_as_python_reads_it(moment):
    right = moment.replace(tzinfo=UTC).timestamp()
    for text in (moment.isoformat(), f" {moment.isoformat()}Z\n", moment.isoformat(" ") + "+00:00"):
        assert posix(text) == pytest.approx(right, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2016-12-31T23:59:60", NEW_YEAR),
        ("2016-12-31T23:59:60.5Z", NEW_YEAR + 0.5),
        ("2016-12-31T24:00:00", NEW_YEAR),
        ("2016-12-31 24:00", NEW_YEAR),
        ("2016,366,23:59:60.0000", NEW_YEAR),
        ("2017-01-01T00:30:00-00:30", NEW_YEAR + 3600),
        ("2017-01-01T00:00:00,25", NEW_YEAR + 0.25),
        ("1964-12-31T23:59:59Z", -157_766_401.0),
        ("9999-12-31T24:00:00", inf),
    ],
)
def test_what_iso_readers_refuse(text, right):
    assert posix(text) == right


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2017",
        "2017-13-01",
        "2017-02-30",
        "2017-01-01T24:00:01",
        "2017-01-01T25:00:00",
        "2017-01-01T12:60:00",
        "2017-01-01T12:00:61",
        "2017,367",
        "2017-01-01T",
        "01/02/2017",
    ],
)
def test_what_is_no_date_is_one_line(text):
    with pytest.raises(ValueError, match=r"expected|must|range") as error:
        posix(text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", [None, "", "  ", "\n"])
def test_blanks_are_no_date(text):
    assert posix_or(text, 7.0) == 7.0


@given(st.text("0123456789-/:T.,Z+ ", max_size=30))
def test_nothing_but_a_value_error_is_raised(text):
    with contextlib.suppress(ValueError):
        posix(text)
