import json

import msgspec
import pytest
from msgspec.structs import replace

from forewave.errors import FormatError
from forewave.evaluate.suite import changes
from tests.evaluate.scoring.test_score import MESSAGES, row

NOW = row(*MESSAGES)


def plain(*rows):
    return msgspec.to_builtins(rows)


def test_the_same_is_no_change():
    assert changes.compare(plain(NOW), plain(NOW)) == []


def test_better_and_worse_are_separated():
    before = replace(NOW, first_alert_s=9.0, final_epicentre_error_km=0.5, final_magnitude_error=0)
    found = {c.figure.name: c.step for c in changes.compare(plain(before), plain(NOW))}
    assert found == {
        "first_alert_s": pytest.approx(-2.0),
        "final_epicentre_error_km": pytest.approx(1.5),
        "final_magnitude_error": pytest.approx(0.1),
    }


def test_a_smaller_step_is_no_change():
    before = replace(NOW, first_alert_s=NOW.first_alert_s + 0.2)
    assert changes.compare(plain(before), plain(NOW)) == []


def test_a_case_of_one_run_only_is_not_compared():
    assert changes.compare(plain(replace(NOW, id="other")), plain(NOW)) == []


def test_the_page_lists_changes_and_new_cases(tmp_path):
    old = [replace(NOW, matched=False, first_alert_s=None), replace(NOW, id="gone")]
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"events": plain(*old)}))
    text = changes.page([NOW, replace(NOW, id="new")], path)
    assert "0 values got worse and 1 improved" in text
    assert "<li>gone</li>" in text
    assert "<li>new</li>" in text
    assert "missed</td><td>1.00</td><td>0.00" in text


@pytest.mark.parametrize("content", ["{}", "[]", "no json"])
def test_what_is_no_scoreboard_is_named(tmp_path, content):
    path = tmp_path / "old.json"
    path.write_text(content)
    with pytest.raises(FormatError, match=r"old\.json: not a scoreboard"):
        changes.read(path)
