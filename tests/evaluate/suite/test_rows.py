from msgspec.structs import replace

from forewave.evaluate.scoring.score import reference_score
from forewave.evaluate.suite import rows
from tests.evaluate.scoring.test_score import MESSAGES, TRUTH, row
from tests.evaluate.suite.test_result_store import DONE
from tests.evaluate.suite.test_table import WRONG
from tests.evaluate.synthetic import alert, issued_alert

EPIC = reference_score(TRUTH, [issued_alert(alert(), A=5.5)])
BEATEN = replace(DONE, rows=(replace(row(*MESSAGES), references={"epic": EPIC}),))


def test_every_earthquake_has_a_row_that_leads_to_its_page():
    text = rows.cases_table([DONE, WRONG])
    assert text.count('<th scope="row">') == 3
    assert text.count('href="simulated-2.html"') == 2
    assert 'class="sorts"' in text


def test_errors_of_cases_are_listed():
    text = rows.wrong_table([DONE, WRONG])
    assert "missed: no event found" in text
    assert rows.wrong_table([DONE]) == "<p>None.</p>"


def test_reference_algorithms_follow_forewave():
    text = rows.reference_table([BEATEN])
    assert text.index("forewave") < text.index("EPIC&#x27;s rules")


def test_a_case_where_another_is_better_is_named():
    text = rows.worse_table([BEATEN, DONE])
    assert "better" in text
    assert text.count('<th scope="row">') == 1
    assert "In no case" in rows.worse_table([DONE])
