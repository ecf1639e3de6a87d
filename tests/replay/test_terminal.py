import io
import json

from rich.console import Console

from forewave.config import Settings
from forewave.replay import terminal
from forewave.replay.on_pages import Pace
from forewave.types import Alert

AT_ONCE = Pace(speed=float("inf"))


def test_json_lines_end_with_a_summary(recording):
    printed = []
    lines = terminal.JsonLines(recording, printed.append)
    terminal.play_through(recording, Settings(), AT_ONCE, lines.on_word)
    lines.end()
    objects = [json.loads(line) for line in printed]
    assert {each["type"] for each in objects[:-1]} == {"alert"}
    summary = objects[-1]
    assert (summary["type"], summary["id"], summary["stations"]) == ("summary", "small", 36)
    assert sum(summary["alerts"].values()) == len(objects) - 1
    assert summary["first_alert_s"] == objects[0]["t_after_origin"]


def test_at_its_pace_it_is_the_same(recording, words):
    said = []
    terminal.play_through(
        recording, Settings(), Pace(speed=1e6), lambda now, word: said.append(word)
    )
    alerts = [word for _, word in words if isinstance(word, Alert)]
    told = [word for word in said if isinstance(word, Alert)]
    assert [alert.issued for alert in told] == [alert.issued for alert in alerts]
    assert {alert.mode for alert in told} == {"drill"}


def test_the_story_is_printed(recording):
    out = io.StringIO()
    terminal.story(recording, Settings(), AT_ONCE, Console(file=out, width=100))
    assert "ALERT" in out.getvalue()
    assert "First alert " in out.getvalue()
