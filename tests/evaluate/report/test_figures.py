import base64
from xml.etree import ElementTree

import pytest

from forewave.evaluate.report import figures
from forewave.evaluate.report.section import traces


def svg(figure):
    uri = figures.data_uri(figure)
    assert uri.startswith("data:image/svg+xml;base64,")
    return base64.b64decode(uri.partition(",")[2])


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (figures.epicentres, ["km east", "first version", "final version", "catalogue"]),
        (figures.growth, ["magnitude", "epicentre error, km"]),
        (figures.intensities, ["MMI observed", "MMI forecast"]),
        (figures.leads, ["lead time, s"]),
    ],
)
def test_every_figure_has_its_labels(case, draw, words):
    drawn = svg(draw(case))
    ElementTree.fromstring(drawn)
    assert all(word in drawn.decode() for word in words)


def test_the_record_section_names_its_stations(evaluated):
    actual = traces(*evaluated)
    text = svg(figures.section(evaluated[0], actual)).decode()
    assert "predicted P" in text
    assert all(t.station.partition(".")[2] in text for t in actual)


def test_a_missed_earthquake_can_be_drawn(missed):
    text = svg(figures.epicentres(missed)).decode()
    assert "catalogue" in text
    assert "final version" not in text


def test_figures_are_reproducible(case):
    assert svg(figures.growth(case)) == svg(figures.growth(case))


@pytest.mark.parametrize(("mmi", "step"), [(1.0, 2), (2.9, 2), (3.0, 3), (6.99, 6), (9.5, 7)])
def test_steps(mmi, step):
    assert figures.step_of(mmi) == step
