"""What the pages say."""

import pytest
from msgspec.structs import replace

from forewave.after.documents.document import Notice, Table
from forewave.after.documents.html import anchor, html
from forewave.after.pages import event, event_tables, numbers, whole
from forewave.after.report.report import FeltRow, Verdict
from forewave.after.versions import next_version


@pytest.fixture(scope="module")
def documents(report):
    return whole.documents(report, next_version((), "a", whole.figures(report)))


def test_the_verdict_comes_first_and_a_replay_says_so(report):
    made, first, _, last = event.top(report)
    assert made.title == event.SIMULATED
    assert isinstance(first, Notice)
    assert first.text == report.verdict.sentence
    assert last.title == event.REPLAYED
    live = replace(report, replayed=False, simulated=False)
    assert [type(block).__name__ for block in event.top(live)] == ["Notice", "Facts"]


def test_right_and_wrong_are_both_shown(report):
    both = Verdict("partly", "Sentence.", ("right thing",), ("wrong thing",))
    page = html(
        whole.documents(replace(report, verdict=both), next_version((), "a", {})).pages[whole.INDEX]
    )
    assert page.index("What was right") < page.index("right thing") < page.index("What was wrong")
    assert "wrong thing" in page


def test_every_picture_has_a_table_of_the_same(documents):
    page = html(documents.pages[whole.INDEX])
    for caption in (
        "Forecast and observed intensity (MMI) at every station",
        "Messages in the order",
    ):
        assert caption in page


def test_the_pdf_has_the_short_part_before_the_annex(documents):
    flags = [section.annex for section in documents.pdf.sections]
    assert flags == sorted(flags)
    assert any(flags)


def test_titles_of_sections_are_unique(documents):
    for document in (*documents.pages.values(), documents.pdf):
        titles = [anchor(section) for section in document.sections]
        assert len(set(titles)) == len(titles)


def test_tables_are_rectangles(documents):
    tables = [
        b for s in documents.pages[whole.INDEX].sections for b in s.blocks if isinstance(b, Table)
    ]
    assert len(tables) >= 5
    for table in tables:
        assert {len(cells) for cells in table.rows} <= {len(table.head)}
        assert all(column < len(table.head) for column in table.numeric)


def test_felt_reports_have_a_section(report):
    told = replace(report, felt=(FeltRow("wsqq", 24.0, 121.0, 7, 5.0, "Somewhere, TW"),))
    assert "What people felt" in [section.title for section in event.sections(told)]


def test_a_second_version_shows_what_changed(report):
    one = next_version((), "a", {"Magnitude": "5.0"})
    two = next_version(one.all, "b", {"Magnitude": "5.2", "Messages": "4"})
    page = html(whole.documents(report, two).pages[whole.INDEX])
    assert "Figures that changed from version 1 to version 2" in page
    assert "Version 2 of this report" in page


def test_a_report_without_anything_is_still_a_page(report):
    bare = replace(
        report,
        **dict.fromkeys(("stations", "towns", "timeline", "budget", "felt"), ()),
        **dict.fromkeys(("by_distance", "by_intensity"), ()),
        **dict.fromkeys(("solution", "catalogue", "comparison")),
    )
    page = html(whole.documents(bare, next_version((), "a", {})).pages[whole.INDEX])
    assert "No message was issued." in page


def test_several_events_are_told_apart_in_the_timeline(report):
    row = report.timeline[0]
    (table,) = event_tables.timeline(replace(report, timeline=(row, replace(row, event="other"))))
    assert [cells[0].text for cells in table.rows] == [f"1 of {row.event}", "1 of other"]


def test_stages_add_up_for_every_message(report):
    (table,) = event_tables.stages(report)
    assert len(table.rows) == len(report.timeline)
    for cells in table.rows:
        known = [float(c.text[:-2].replace("\u2212", "-")) for c in cells[1:] if c.text[-1] == "s"]
        assert sum(known[:-1]) == pytest.approx(known[-1], abs=0.03)
        assert cells[5].text == "not kept"


def test_numbers_are_written_as_people_read_them():
    assert numbers.seconds(-3.0) == "\u22123.0 s"
    assert numbers.number(-0.04) == "0.0"
    assert numbers.seconds(None) == numbers.magnitude(float("nan")) == "not known"
    assert numbers.magnitude(6.94, 0.2) == "6.9 ± 0.2"
    assert numbers.people(1234567) == "1\u202f234\u202f567"
    assert numbers.coordinates(-35.77, 117.6) == "35.77°\u00a0S, 117.60°\u00a0E"
