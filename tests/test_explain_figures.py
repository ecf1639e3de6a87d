"""The figures of docs/explanation/ can be drawn from a recording, and are true to it."""

import numpy as np
import pytest

from forewave.events import observations
from scripts import explain_figures, explain_story
from scripts.explain_figures import CONTENTS, FIGURES, IMAGES
from scripts.explain_story import MAP_KM

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def story(recordings):
    return explain_story.play(recordings / "us-ci38457511-ridgecrest")


def test_every_figure_is_drawn_and_its_committed_one_is_on_a_page(story, tmp_path):
    drawn = explain_figures.draw(story, tmp_path)
    assert [path.stem for path in drawn] == list(FIGURES)
    assert all(path.read_text("utf-8").rstrip().endswith("</svg>") for path in drawn)
    pages = "".join(p.read_text("utf-8") for p in IMAGES.parent.glob("explanation/*.md"))
    assert [n for n in FIGURES if f"(../images/{n}.svg)" not in pages] == []
    assert [n for n in FIGURES if not (IMAGES / f"{n}.svg").exists()] == []


def test_more_evidence_leaves_less_room_and_the_epicentre_in_it(story):
    _, _, full, _ = (known for _, known in explain_story.parts(story))
    only_times = explain_story.parts(story)[0][1]
    areas = []
    for known in (only_times, full):
        x, y, density = explain_story.density_map(story, known)
        assert density.sum() == pytest.approx(1.0)
        areas.append((density >= explain_story.level_of(density, CONTENTS[0])).sum())
    assert areas[1] < areas[0]
    row, column = np.unravel_index(density.argmax(), density.shape)
    assert np.hypot(x[column], y[row]) < MAP_KM / 4


def test_the_blind_zone_grows_with_the_time_of_the_alert(story):
    near, far = (explain_story.blind_km(story, seconds) for seconds in (8.0, 15.0))
    assert 2.5 < (far - near) / 7.0 < 4.5  # S in the crust, km/s
    assert explain_story.blind_km(story, 0.5) == 0.0


def test_the_numbers_are_those_of_the_alerts(story):
    numbers = explain_story.numbers(story)
    confirmed = [now - story.quake.time for now, a in story.alerts if a.stations > 1]
    assert numbers["first_alert_s"] == round(confirmed[0], 1)
    for counts in numbers["reached"].values():
        assert counts["after_alert"] <= counts["stations"] <= len(story.recording.stations)


def test_watching_the_search_leaves_it_as_it_was(story):
    assert story.known
    assert observations.evidence.__module__ == observations.__name__
    assert observations.evidence.__name__ == "evidence"
