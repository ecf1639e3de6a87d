"""The texts for everybody: every language has every key and slot."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from msgspec.structs import replace

from forewave.after.documents.html import html
from forewave.after.pages import everybody
from forewave.after.pages.everybody import languages
from forewave.after.report.report import FinalMessage
from forewave.evaluate.scoring.users import Users

ROOT = Path(__file__).parents[2]
ENGLISH = languages()[0]


def test_they_are_the_languages_of_the_pages():
    pages = {file.stem for file in (ROOT / "web" / "languages").glob("*.toml")}
    assert {language.code for language in languages()} == pages
    assert ENGLISH.code == "en"


@pytest.mark.parametrize("language", languages(), ids=lambda each: each.code)
def test_a_language_has_every_text_with_its_slots(language):
    assert list(language.texts) == list(ENGLISH.texts)
    for key, text in language.texts.items():
        assert text.strip()
        slots = re.findall(r"\{\w+\}", text)
        assert sorted(slots) == sorted(re.findall(r"\{\w+\}", ENGLISH.texts[key]))
    assert len(language.texts["digits"]) == 10


@pytest.mark.parametrize("language", languages(), ids=lambda each: each.code)
def test_direction_and_marks_are_those_of_the_pages(language):
    own = tomllib.loads((ROOT / "web" / "languages" / f"{language.code}.toml").read_text())
    assert language.name == own["language"]["name"]
    assert language.direction == own["language"]["direction"]
    assert language.texts["decimal"] == own["language"]["decimal"]


def test_every_file_is_a_language():
    names = [file.name for file in files("forewave.after.words").iterdir()]
    assert all(n.endswith(".toml") or n in ("__init__.py", "__pycache__") for n in names)


@pytest.mark.parametrize("ending", ["true", "corrected", "none", "missed", "quiet"])
@pytest.mark.parametrize("grade", ["right", "partly", "wrong", "unknown"])
def test_every_report_can_be_told_in_every_language(report, ending, grade):
    verdict = replace(report.verdict, grade=grade)
    told = replace(report, final=FinalMessage(ending, ""), verdict=verdict)
    page = html(everybody.page(told, ""))
    assert "{" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert page.count("<section") == len(languages())
    assert '<section aria-labelledby="s-ar" lang="ar" dir="rtl">' in page


def test_numbers_are_written_with_the_digits_of_the_language(report):
    told = replace(report, levels={"IV": Users(12, 3, 4, 5, None, None)})
    text = {each.code: str(everybody.blocks(told, each)) for each in languages()}
    assert "۱۲" in text["fa"]
    assert "१२" in text["ne"]
    assert "Of 19 measuring stations" in text["en"]


def test_a_false_alarm_has_no_magnitude(report):
    told = replace(report, final=FinalMessage("none", ""), simulated=False)
    first = everybody.blocks(told, ENGLISH)[0]
    assert first.text == "There was no earthquake. The warning was false."
