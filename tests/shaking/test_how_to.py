"""The how-tos for models and scales, followed word for word: their blocks make cards that work."""

import csv
import re
import textwrap
from pathlib import Path

import numpy as np
import pytest

from forewave.earth.gmm import MODELS
from forewave.earth.gmm.card import Source, estimate
from forewave.earth.travel_time import TravelTimes
from forewave.shaking.forecaster import Forecaster, ShakingSettings
from forewave.shaking.intensity import SCALES
from forewave.shaking.intensity.scale import PALETTE, level
from forewave.types import Magnitude, Origin, Place, Solution
from tests.earth import test_gmm as every_model
from tests.shaking import test_intensity as every_scale

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
X, Z = np.array([0.0, 1000.0]), np.array([0.0, 700.0])
TABLE = TravelTimes("straight", X, Z, (X[:, None] + Z) / 6.0, (X[:, None] + Z) / 3.5)


def blocks(page, language):
    fence = re.compile(rf"^ *```{language}\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for block in fence.findall((HOW_TO / page).read_text())]


def values(page):
    """Reads the page's CSV, as the fixture `reference` reads a file."""
    (text,) = blocks(page, "csv")
    return lambda _: list(csv.DictReader(text.splitlines()))


def follow(page, **names):
    """All that the page's Python blocks define, run one after the other as one file."""
    code = blocks(page, "python")
    assert len(code) >= 3
    exec(compile("\n".join(code), page, "exec"), names)
    return names


def test_a_model_made_by_the_how_to_forecasts(monkeypatch):
    made = follow("add-a-ground-motion-model.md", ShakingSettings=ShakingSettings)
    model = made["MODEL"]
    near, far = estimate(model, "pga_ms2", Source(6.0), [10.0, 100.0], 400.0).median
    assert near > far > 0
    assert np.isnan(estimate(model, "pga_ms2", Source(8.1), 10.0, 400.0).median)
    monkeypatch.setitem(MODELS, model.name, model)
    origin = Origin(0.0, 30.0, 103.0, 10.0, 0.5, 5.0, 5.0)
    solution = Solution("ev", 1, origin, Magnitude(6.5, 0.3, "M", 5), None, (), 1.0)
    room = Forecaster([Place("here", 30.3, 103.0)], TABLE, made["settings"])
    (shaking,) = room.feed(solution, 5.0)
    assert {f.place for f in shaking.forecasts} == {"epicentre", "here"}


def test_a_model_made_by_the_how_to_is_held_to_what_all_cards_must_do(monkeypatch):
    """By the tests that will hold it once it is in its table, and to the page's own values."""
    page = "add-a-ground-motion-model.md"
    model = follow(page, ShakingSettings=ShakingSettings)["MODEL"]
    monkeypatch.setitem(MODELS, model.name, model)
    every_model.test_a_model_gives_the_papers_values(values(page), model.name)
    every_model.test_the_scatter_of_a_model_is_that_of_its_measure(model.name)
    every_model.test_outside_its_ranges_a_card_gives_nan(model)
    every_model.test_farther_is_never_stronger(model.name)


def test_a_scale_made_by_the_how_to_is_held_to_what_all_scales_must_do(monkeypatch):
    page = "add-a-scale.md"
    scale = follow(page)["SCALE"]
    monkeypatch.setitem(SCALES, scale.name, scale)
    every_scale.test_a_scale_gives_the_standards_levels(values(page), scale.name)
    every_scale.test_every_scale_is_whole(scale)


def test_a_scale_made_by_the_how_to_has_its_levels():
    scale = follow("add-a-scale.md")["SCALE"]
    numbers = scale.from_mmi(np.linspace(1.0, 10.0, 10))
    assert (np.diff(numbers) >= 0).all()
    strongest = level(scale, float(numbers[-1]))
    assert strongest is not None
    assert (strongest.colour, strongest.ink) == PALETTE[8]


@pytest.mark.parametrize("page", ["add-a-ground-motion-model.md", "add-a-scale.md"])
def test_the_files_that_a_how_to_names_are_there(page):
    root = HOW_TO.parents[1]
    text = (HOW_TO / page).read_text()
    named = set(re.findall(r"`((?:src|tests|docs)/[\w./-]+\.\w+)`", text))
    assert named
    made_up = {"somebody_2031.py", "ladder.py"}
    assert [n for n in named if Path(n).name not in made_up and not (root / n).exists()] == []
