"""The shaking map as a part of the account."""

import json

import pytest
from lxml import etree
from msgspec.structs import replace

from forewave.after.report.report import FeltRow
from forewave.after.shaking.conditions import EPICENTRE_KM, observations, source
from forewave.after.shaking.part import ABOUT, part
from forewave.shaking_map.shaking_map import conditioned


@pytest.fixture(scope="module")
def found(history, report):
    (one,) = part(history, report)
    return one


def blocks(document):
    return [block for section in document.sections for block in section.blocks]


def test_the_map_follows_the_stations(history, report):
    shaking = conditioned(source(history, report), observations(history, report))
    strongest = max(history.truth.motions, key=lambda one: one.mmi)
    at = shaking.at([strongest.lat], [strongest.lon])
    assert at.median["mmi"][0] == pytest.approx(strongest.mmi, abs=0.7)
    assert shaking.used("mmi") == len(history.truth.motions)


def test_the_source_is_the_catalogues_where_there_is_one(history, report):
    last = [solution for _, solution in history.solutions if solution.event == report.event][-1]
    assert report.catalogue is not None
    known = source(history, report)
    assert (known.origin.lat, known.magnitude.value) == (
        report.catalogue.lat,
        report.catalogue.magnitude,
    )
    assert known.origin.epicentre_sigma_km == EPICENTRE_KM
    assert source(history, replace(report, catalogue=None)) == last
    assert part(history, replace(report, catalogue=None, event="nosuch")) == ()


def test_what_people_felt_is_observed_too(history, report):
    felt = FeltRow("wsqq", 24.0, 121.5, 9, 5.5, "there")
    last = observations(history, replace(report, felt=(felt,)))[-1]
    assert (last.name, last.lat, last.mmi, last.pga_ms2) == ("reports of wsqq", 24.0, 5.5, None)


def test_it_has_all_files_of_which_it_tells(found):
    assert set(found.files) == set(found.about) == set(ABOUT)
    assert etree.fromstring(found.files["grid.xml"]).tag.endswith("shakemap_grid")
    lines = json.loads(found.files["contours-mmi.json"])["features"]
    assert lines
    assert {line["properties"]["units"] for line in lines} == {"MMI"}


def test_the_same_event_gives_the_same_bytes(history, report, found):
    (again,) = part(history, report)
    assert again == found


def test_the_picture_is_told_in_words_and_towns_come_strongest_first(report, found):
    picture = blocks(found.page)[0]
    assert "the strongest shaking on the map is" in picture.alt
    (table,) = found.annex[0].blocks
    mmi = [cells[1].mmi for cells in table.rows]
    assert mmi == sorted(mmi, reverse=True)
    assert {cells[0].text for cells in table.rows} <= {town.name for town in report.towns}


def test_a_simulated_earthquake_says_so(history, report):
    (one,) = part(history, replace(report, simulated=True))
    assert one.page.top[0].title == "Simulated earthquake"


def test_what_was_not_used_is_named(history, report):
    wrong = replace(history.truth.motions[0], pga_ms2=900.0)
    truth = replace(history.truth, motions=(wrong, *history.truth.motions[1:]))
    (one,) = part(replace(history, truth=truth), report)
    (table,) = [
        block for block in blocks(one.page) if getattr(block, "head", ())[:1] == ("observation",)
    ]
    assert "PGA is 900.0" in table.rows[0][1].text
