"""Channels say what the pages say."""

import pytest

from forewave.channels.texts import all_languages
from forewave.errors import ConfigError
from tests import page_texts


def test_they_are_the_texts_of_the_pages_in_every_language_but_drafts():
    full = [code for code in page_texts.CODES if page_texts.is_full(code)]
    assert sorted(all_languages.languages()) == full
    assert all_languages.languages()[0] == "en"
    for language in all_languages.languages():
        assert all_languages.texts(language) == page_texts.texts(language)


def test_an_intensity_has_the_word_of_the_pages():
    words = all_languages.texts("en")
    assert [all_languages.level(mmi, words) for mmi in (1.0, 4.4, 6.6, 12.0)] == [
        "Light shaking",
        "Light shaking",
        "Very strong shaking",
        "Extreme shaking",
    ]


def test_without_texts_the_error_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(all_languages, "FOLDER", tmp_path / "words")
    with pytest.raises(ConfigError, match="run build"):
        all_languages.languages.__wrapped__()
