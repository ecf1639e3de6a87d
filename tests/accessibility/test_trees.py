"""Trees are recorded with the names of texts, so that a translation changes none."""

from tests.accessibility import trees

TEXTS = {
    "title": "EARTHQUAKE",
    "action": "Drop.\nCover.",
    "count": "{level} in about",
    "level": "Strong shaking",
    "stop": "Stop sound",
    "ok": "OK",
}


def test_texts_become_their_names_and_numbers_a_sign():
    tree = (
        '- alert: EARTHQUAKE\n- heading "Drop. Cover." [level=1]\n'
        '- timer "Strong shaking in about": "23"\n'
        '- button "Stop sound"\n- paragraph: M 6.5'
    )
    assert trees.keyed(tree, TEXTS).splitlines() == [
        "- alert: {title}",
        '- heading "{action}" [level=1]',
        '- timer "{count}": "#"',
        '- button "{stop}"',
        "- paragraph: M #.#",
    ]


def test_a_part_of_a_word_is_no_text():
    assert trees.keyed("- text: EARTHQUAKES", TEXTS) == "- text: EARTHQUAKES"


def test_what_was_recorded_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(trees, "FOLDER", tmp_path)
    kept = {"home": "- main:\n  - heading", "late": "- alert"}
    trees.record("tv", kept)
    assert trees.recorded("tv") == kept
    assert trees.recorded("phone") == {}
