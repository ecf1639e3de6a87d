"""Channels say what the pages say."""

import pytest

from forewave.channels import texts
from forewave.errors import ConfigError
from tests import page_texts


def test_they_are_the_texts_of_the_pages_in_every_language():
    assert sorted(texts.languages()) == sorted(page_texts.LANGUAGES)
    assert texts.languages()[0] == "en"
    for language in texts.languages():
        assert texts.texts(language) == page_texts.texts(language)


def test_an_intensity_has_the_word_of_the_pages():
    words = texts.texts("en")
    assert [texts.level(mmi, words) for mmi in (1.0, 4.4, 6.6, 12.0)] == [
        "Light shaking",
        "Light shaking",
        "Very strong shaking",
        "Extreme shaking",
    ]


def test_without_texts_the_error_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    with pytest.raises(ConfigError, match="run build"):
        texts.languages.__wrapped__()
