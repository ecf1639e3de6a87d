import pytest
from msgspec.structs import replace

from forewave.alerts import alert_text
from forewave.live.log import alert_line
from forewave.types import Alert


@pytest.fixture(scope="module")
def alert(words):
    return next(word for _, word in words if isinstance(word, Alert))


@pytest.mark.parametrize(
    ("why", "said"), [("false", "(no earthquake)"), ("smaller", "(smaller than first thought)")]
)
def test_a_cancel_says_its_reason_in_words(alert, why, said):
    cancel = replace(alert, kind="cancel", why=why)
    assert alert_text.cancelled(cancel) == f"alert cancelled {said}"
    assert f"cancel {said}" in alert_line(cancel)
    assert "false" not in alert_line(cancel)


@pytest.mark.parametrize(
    ("stations", "only_phones", "said"),
    [
        (5, False, "5 stations"),
        (1, False, "1 station"),
        (1, True, "phones only"),
        (0, True, "phones only"),
        (0, False, "carried over from earlier picks"),
    ],
)
def test_no_solution_stands_on_no_station(alert, stations, only_phones, said):
    made = replace(alert, stations=stations, only_phones=only_phones)
    assert alert_text.basis(made) == said
    assert alert_line(made).endswith(f", {said}")


def test_a_single_station_alert_has_one_name(alert):
    single = replace(alert, stations=1, level="action")
    assert alert_text.title(single) == "SINGLE-STATION ALERT (take action)"
    assert "single-station action" in alert_line(single)
    assert alert_text.title(replace(single, only_phones=True)).startswith("PHONE-ONLY ALERT")
    assert alert_text.title(replace(single, stations=4)) == "ALERT (take action)"
