import pytest
from msgspec.structs import replace

from forewave.evaluate.scoring.score import reference_score
from forewave.evaluate.suite import goals as module
from forewave.evaluate.suite.goals import goals, met_word
from forewave.evaluate.suite.task import RECORDED
from tests.evaluate.scoring.test_score import MESSAGES, TRUTH, row
from tests.evaluate.synthetic import alert, issued_alert

GOOD = replace(row(*MESSAGES), group="simulated", in_network=True)
MISSED = replace(row(), id="y", group="simulated", in_network=True)


def goal(rows, name, part=None, failed=()):
    (found,) = [g for g in goals(rows, failed) if g.name == name and part in (None, g.part)]
    return found


def test_a_missed_earthquake_in_network_is_a_goal_missed():
    name = "missed, M 5 or more in network"
    assert goal([GOOD], name).met
    assert not goal([GOOD, MISSED], name).met
    assert goal([GOOD, replace(MISSED, in_network=False)], name).met
    assert goal([GOOD, replace(MISSED, magnitude=4.9)], name).met


def test_figures_are_those_of_the_rows():
    actual = goal([GOOD, replace(GOOD, first_epicentre_error_km=4.0)],
                "first epicentre in network, median")  # fmt: skip
    assert actual.measured == "6 km"
    assert actual.met is False


def test_nothing_to_measure_is_neither_met_nor_missed():
    actual = goal([GOOD], "final |ΔM|, worst")
    assert (actual.met, actual.measured, met_word(actual)) == (None, module.NONE, "not measured")


def test_sigmas_that_are_too_wide_miss_as_much_as_too_narrow():
    name = "final epicentre within its sigma"
    assert goal([GOOD], name).met is False  # 100 %
    two_of_three = [GOOD, GOOD, replace(GOOD, final_epicentre_covered=False)]
    assert goal(two_of_three, name).met


def test_first_alerts_are_held_against_the_goals_of_the_same_recordings():
    ridgecrest = replace(GOOD, id=module.RIDGECREST, group=RECORDED, first_alert_s=6.2)
    name = "first alert, median over the recordings with a goal"
    assert goal([ridgecrest], name).met
    assert not goal([replace(ridgecrest, first_alert_s=6.3)], name).met
    assert goal([ridgecrest], "Ridgecrest |ΔM| at 20 s").measured == "0.30"


@pytest.mark.parametrize(("failed", "met"), [([], True), ([("x", "why")], False)])
def test_a_case_that_could_not_be_evaluated_is_a_missed_goal(failed, met):
    assert goal([GOOD], "cases that could not be evaluated", failed=failed).met is met


def test_a_better_reference_algorithm_is_a_missed_goal():
    better = reference_score(TRUTH, [issued_alert(alert(), A=5.5)])
    rows = [replace(GOOD, references={"epic": better})]
    assert [g.met for g in goals(rows, []) if g.name.startswith("cases with a worse forecast")] == [
        False
    ]


def test_false_events_in_noise_and_beside_earthquakes_are_separate_goals():
    noise = replace(row(), magnitude=None, false_events=1)
    assert goal([noise], "false events without an earthquake").met is False
