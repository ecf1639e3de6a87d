"""The how-to for magnitude relations, followed exactly: its blocks make a card that works."""

import csv
import re
import textwrap
from pathlib import Path

import pytest

from forewave.events.relations import RELATIONS
from tests.events import test_relations as every_card

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-magnitude-relation.md"


def blocks(language):
    fence = re.compile(rf"^ *```{language}\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for block in fence.findall(PAGE.read_text())]


@pytest.fixture
def followed(monkeypatch):
    """All that the page's Python blocks define, as one file, with its row in the table."""
    names: dict[str, object] = {}
    exec(compile("\n".join(blocks("python")), PAGE.name, "exec"), names)
    card = names["RELATION"]
    monkeypatch.setitem(RELATIONS, card.name, card)
    return names


def test_the_relation_gives_the_value_on_the_page(followed):
    (said,) = re.findall(r"# (\d\.\d+)$", "\n".join(blocks("python")), re.MULTILINE)
    assert followed["found"] == pytest.approx(float(said), abs=0.006)


def test_the_relation_is_held_to_what_all_cards_must_do(followed):
    """By the tests that will hold it once it is in its table, and to the page's own values."""
    (values,) = blocks("csv")
    name = followed["RELATION"].name
    every_card.test_a_relation_gives_the_papers_values(
        lambda _: list(csv.DictReader(values.splitlines())), name
    )
    every_card.test_a_relation_is_named_as_its_row_and_cites_its_paper(name)
    every_card.test_outside_its_range_is_nan(name)
    every_card.test_more_motion_or_the_same_from_farther_is_a_larger_quake(name)


def test_the_files_that_it_names_are_there():
    root = PAGE.parents[2]
    named = set(re.findall(r"`((?:src|tests|docs)/[\w./-]+\.\w+)`", PAGE.read_text()))
    assert named
    made_up = {"somebody_2031.py"}
    assert [n for n in named if Path(n).name not in made_up and not (root / n).exists()] == []
