import re

from msgspec.structs import replace

from forewave.evaluate.report.page import address, event_page, title
from forewave.evaluate.report.section import traces
from forewave.evaluate.scoring.score import matching_of


def test_a_page_tells_everything_in_words_and_tables(judged):
    text = event_page(judged[0], traces(*judged))
    for name in ("Where", "Record section", "How it grew", "Lead times", "Lead times on the map"):
        assert f"<h2>{name}</h2>" in text
    pictures = re.findall(r"<img [^>]*>", text)
    assert len(pictures) == 6
    assert all(re.search(r'alt="[^"]{40,}"', picture) for picture in pictures)
    assert text.count("The same as a table") == len(pictures)


def test_a_page_needs_no_network(judged):
    text = event_page(judged[0], traces(*judged))
    addresses = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert all(a.startswith(("data:", "#", "index.html")) for a in addresses)


def test_a_missed_earthquake_says_why(missed):
    text = event_page(missed, [])
    assert "Why it was missed: found as M" in text
    assert "How it grew" not in text


def test_false_events_are_named(case):
    false = replace(case, matching=replace(case.matching, found=None, false=("made-up",)))
    told = [replace(m, alert=replace(m.alert, event="made-up")) for m in case.run.told]
    run = case.run.__class__([], [], told, case.run.dropped)
    assert "made-up" in event_page(replace(false, run=run), [])


def test_titles(case):
    assert title(case).startswith("M 5.0, ")
    assert address(case) == "small.html"


def test_a_false_alarm_in_noise_has_a_page(case):
    calm = replace(case.truth, quake=None)
    outcomes = tuple(replace(o, kind="false", lead_s=None) for o in case.outcomes)
    noise = replace(case, truth=calm, outcomes=outcomes, matching=matching_of(calm, case.run.told))
    text = event_page(noise, [])
    assert "Lead times on the map" not in text
    assert "false" in text
