import re

from msgspec.structs import replace

from forewave.evaluate.report.page import address, event_page, title
from forewave.evaluate.report.section import traces
from forewave.evaluate.scoring.score import matching_of


def test_every_figure_of_a_page_has_a_text_alternative_and_a_table(evaluated):
    text = event_page(evaluated[0], traces(*evaluated))
    for name in (
        "Epicentre and stations",
        "Record section",
        "Magnitude and epicentre over time",
        "Lead times",
        "Map of lead times",
    ):
        assert f"<h2>{name}</h2>" in text
    pictures = re.findall(r"<img [^>]*>", text)
    assert len(pictures) == 6
    assert all(re.search(r'alt="[^"]{40,}"', picture) for picture in pictures)
    assert text.count("Table of these values") == len(pictures)


def test_a_page_needs_no_network(evaluated):
    text = event_page(evaluated[0], traces(*evaluated))
    addresses = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert all(a.startswith(("data:", "#", "index.html")) for a in addresses)


def test_the_page_of_a_miss_has_the_reason(missed):
    text = event_page(missed, [])
    assert "Reason of the miss: found as M" in text
    assert "over time" not in text


def test_false_events_are_named(case):
    false = replace(case, matching=replace(case.matching, found=None, false=("unmatched",)))
    alerts = [replace(m, alert=replace(m.alert, event="unmatched")) for m in case.run.alerts]
    run = case.run.__class__([], [], alerts, case.run.dropped)
    assert "unmatched" in event_page(replace(false, run=run), [])


def test_titles(case):
    assert title(case).startswith("M 5.0, ")
    assert address(case) == "small.html"


def test_a_false_alarm_in_noise_has_a_page(case):
    calm = replace(case.truth, quake=None)
    outcomes = tuple(replace(o, kind="false", lead_s=None) for o in case.outcomes)
    noise = replace(
        case, truth=calm, outcomes=outcomes, matching=matching_of(calm, case.run.alerts)
    )
    text = event_page(noise, [])
    assert "Map of lead times" not in text
    assert "false" in text
