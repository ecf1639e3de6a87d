import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.delivery.feeds.parameters import (
    ALERTS,
    EVENTS,
    MOST_LIMIT,
    AlertQuery,
    EventQuery,
    ParameterError,
    moment,
    read,
    time,
)


def alerts(**given):
    return read(list(given.items()), ALERTS, AlertQuery)


def test_without_any_the_answer_has_actual_alerts_only():
    assert alerts() == AlertQuery()
    assert (AlertQuery().mode, EventQuery().mode) == ("actual", "actual")


@pytest.mark.parametrize(
    "text", ["1600000000", "1.6e9", "2020-09-13T12:26:40Z", "2020-09-13T14:26:40 02:00"]
)
def test_a_time_is_iso_8601_or_posix_seconds(text):
    assert time(text) == 1_600_000_000.0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("limit", text) for text in ("0", "-1", "501", "1e9", "9" * 400, "", "1.5", "٣", " 1")),
        *(("since", text) for text in ("nan", "inf", "-1", "1e400", "2020-09-13T12:26:40", "now")),
        *(("before", text) for text in ("", "99999-01-01T00:00:00Z", "253402300800", "x" * 5000)),
        *(("mode", text) for text in ("", "Actual", "real", "actual,drill")),
        *(("versions", text) for text in ("", "1")),
        *(("event", text) for text in ("", "e" * 65)),
    ],
)
def test_a_value_that_cannot_be_used_is_an_error_that_names_it(name, text):
    with pytest.raises(ParameterError, match="^" + name) as refused:
        alerts(**{name: text})
    assert refused.value.parameter == name
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("name", ["lat", "lon", "place", "Limit", "x" * 5000])
def test_an_unknown_parameter_is_an_error_and_there_is_none_for_a_place(name):
    with pytest.raises(ParameterError, match="no such parameter; expected one of: since"):
        alerts(**{name: "1"})


def test_a_parameter_given_twice_is_an_error():
    with pytest.raises(ParameterError, match="limit: given more than once"):
        read([("limit", "1"), ("limit", "2")], ALERTS, AlertQuery)


@pytest.mark.parametrize("text", ["nan", "inf", "12", "-3", "M5"])
def test_a_magnitude_that_no_earthquake_has_is_an_error(text):
    with pytest.raises(ParameterError, match="minmagnitude"):
        read([("minmagnitude", text)], EVENTS, EventQuery)


@given(st.sampled_from(sorted(ALERTS)), st.text(max_size=80))
def test_any_text_is_a_query_or_an_error_of_its_own_kind(name, text):
    try:
        query = alerts(**{name: text})
    except ParameterError:
        return
    assert 1 <= query.limit <= MOST_LIMIT


def test_a_moment_can_be_read_again():
    assert moment(1_600_000_000.25) == "2020-09-13T12:26:40.250Z"
    assert time(moment(1_600_000_000.25)) == 1_600_000_000.25
