import pytest
from msgspec.structs import replace

from forewave.evaluate.scoring import summary as sums
from forewave.evaluate.scoring.score import further, reference_score, score
from forewave.evaluate.scoring.station_intensity import Places
from forewave.evaluate.scoring.users import outcomes
from tests.evaluate.scoring.test_score import MESSAGES, NAMES, TRUTH, TWO, row, run_of
from tests.evaluate.synthetic import alert, issued_alert


def test_the_summary_sums_counts_and_takes_medians_of_sizes():
    rows = [row(*MESSAGES), row(MESSAGES[1]), row()]
    everyone = [o for m in (MESSAGES, MESSAGES[1:2], ()) for o in outcomes(TRUTH, m)]
    actual = sums.summary(rows, everyone)
    assert (actual["earthquakes"], actual["matched"], actual["versions"]) == (3, 2, 4)
    assert actual["first_alert_s"] == {"median": pytest.approx(11.0), "p90": pytest.approx(14.2)}
    assert actual["first_magnitude_error"]["median"] == pytest.approx(0.45)  # of 0.6 and 0.3
    assert actual["first_magnitude_error_mean"] == pytest.approx(0.45)
    assert (actual["users"]["V"].late, actual["users"]["V"].miss) == (2, 1)
    assert set(actual) >= set(NAMES) - {"id", "kind", "magnitude"}
    assert actual["first_magnitude_covered_share"] == 0.5  # sigma 0.3: 0.6 is not, 0.3 is
    assert actual["places_within_1_share"] == pytest.approx(4 / 6)


def test_a_recording_with_two_earthquakes_is_one_set():
    run = run_of(MESSAGES[0])
    main = score("x", "earthquake", 2, TWO, run)
    actual = sums.summary([main, *further(main, TWO, run)], [])
    assert (actual["sets"], actual["earthquakes"], actual["matched"]) == (1, 2, 1)


def test_bias_is_signed_and_of_the_great_ones_only():
    small, great = row(*MESSAGES), replace(row(*MESSAGES), magnitude=7.4)
    assert sums.great_bias([small]) is None
    assert sums.great_bias([small, great]) == pytest.approx(-0.3)


def test_cases_worse_than_a_reference_algorithm_are_listed():
    mine = replace(
        row(*MESSAGES), references={"epic": reference_score(TRUTH, [issued_alert(alert(), A=5.5)])}
    )
    assert sums.worse(mine, "epic")
    assert not sums.worse(replace(mine, places=Places(2, 2, 2)), "epic")
    assert sums.summary([mine], [])["peers"]["epic"]["worse_than_it"] == ["x"]


def test_a_spread_of_nothing_is_unknown():
    assert sums.spread([]) == {"median": None, "p90": None}
    assert sums.mean([]) is None
