import re

from msgspec.structs import replace

from forewave.evaluate.suite import report
from forewave.evaluate.suite.goals import goals
from forewave.evaluate.suite.report import Lost
from tests.evaluate.suite.test_result_store import DONE
from tests.evaluate.suite.test_table import WRONG

CASES = [DONE, WRONG]
GOALS = goals([row for case in CASES for row in case.rows], [])


def test_goals_are_met_or_missed_in_words():
    text = report.index(CASES, GOALS, Lost(), False)
    assert "✗ missed" in text
    assert "✓ met" in text
    assert "– not measured" in text


def test_every_figure_has_a_text_alternative():
    text = report.index(CASES, GOALS, Lost(), False)
    pictures = re.findall(r"<img [^>]*>", text)
    assert len(pictures) == 2
    assert all(re.search(r'alt="[^"]{40,}"', picture) for picture in pictures)


def test_it_needs_no_network():
    text = report.index(CASES, GOALS, Lost([("bad", "because")]), True)
    addresses = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert all(a.startswith(("data:", "#")) or a.endswith(".html") for a in addresses)
    assert "bad</b>: because" in text
    assert "changes.html" in addresses


def test_pages_are_copied(tmp_path):
    page = tmp_path / "kept.html"
    page.write_text("<p>kept</p>")
    folder = tmp_path / "report"
    report.write(folder, CASES, GOALS, Lost(), {"simulated-1": page}, None)
    assert (folder / "simulated-1.html").read_text() == "<p>kept</p>"
    assert (folder / "index.html").exists()
    assert not (folder / "changes.html").exists()


def test_without_alerts_there_are_no_figures():
    quiet = replace(WRONG, rows=WRONG.rows[1:])
    assert "<img" not in report.index([quiet], [], Lost(), False)
