"""The pictures: for light and dark pages, with words that say what they show."""

import re
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from forewave.after.figures import charts, ground, station_map, theme
from forewave.after.report.report import FeltRow, TownRow

DRAWN = (station_map.station_map, charts.intensities, charts.magnitudes)


@pytest.fixture(scope="module")
def with_towns(report):
    towns = tuple(
        TownRow(f"T{n} $x$ <b>", 24.0 + n / 10, 121.4, 10.0 * n, 1000 * n, 5.5, 5.0, n - 2.0, 9.0)
        for n in range(6)
    )
    return replace(report, towns=towns)


@pytest.mark.parametrize("draw", [*DRAWN, charts.warning_times])
def test_a_picture_is_svg_and_says_what_it_shows(draw, with_towns):
    picture = draw(with_towns)
    for svg in (picture.light, picture.dark):
        assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert picture.light != picture.dark
    assert len(picture.alt) > 60
    assert picture.title


def test_names_of_places_are_text_in_a_picture(with_towns):
    assert "T5 $x$ &lt;b&gt;" in station_map.station_map(with_towns).light


def test_felt_reports_are_areas_of_the_map(report):
    told = replace(report, felt=(FeltRow("wsq", 24.0, 121.5, 7, 5.0, "Somewhere"),))
    picture = station_map.station_map(told)
    assert "felt reports, by cell" in picture.light
    assert "1 cell of people's reports" in picture.alt


def test_the_same_report_gives_the_same_picture(report):
    assert station_map.station_map(report) == station_map.station_map(report)


def test_what_does_not_exist_is_not_drawn(report):
    bare = replace(
        report, stations=(), towns=(), timeline=(), catalogue=None, solution=None, comparison=None
    )
    assert [draw(bare) for draw in (*DRAWN, charts.warning_times)] == [None] * 4


def test_the_words_count_what_is_drawn(with_towns):
    assert "6 towns were asked to act: 3 before" in charts.warning_times(with_towns).alt


def test_the_section_has_all_points_and_is_square_on_the_ground(report):
    points = [report.catalogue, *report.stations]
    west, south, east, north = station_map.section(points)
    assert all(west < p.lon < east and south < p.lat < north for p in points)
    from math import cos, radians

    assert (east - west) * cos(radians((south + north) / 2)) == pytest.approx(north - south)


def test_the_ground_is_that_of_the_pages(monkeypatch, tmp_path):
    ground._region.cache_clear()
    monkeypatch.setattr(ground, "_folder", lambda: tmp_path)
    (tmp_path / "n20e120.json").write_text('{"land": [[100, 200, 10, 0, 0, 10]]}')
    (tmp_path / "n20e110.json").write_text("broken")
    ((lon, lat),) = ground.lines("land", 119.0, 21.0, 121.0, 22.0)
    assert lon.tolist() == pytest.approx([120.1, 120.11, 120.11])
    assert lat.tolist() == pytest.approx([20.2, 20.2, 20.21])
    ground._region.cache_clear()


def test_without_the_pages_a_map_has_no_ground(monkeypatch):
    ground._region.cache_clear()
    monkeypatch.setattr(ground, "_folder", lambda: None)
    assert list(ground.lines("land", 0.0, 0.0, 1.0, 1.0)) == []
    ground._region.cache_clear()


def test_a_picture_has_no_date(report):
    svg = charts.magnitudes(report).light
    assert not re.search(r"<dc:date>", svg)
    assert theme.LIGHT.ink in svg
