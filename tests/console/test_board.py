"""The frames: a page that has had the hello and every frame knows what a new page is told."""

import json
import random

import pytest

from forewave.console.board import Board
from forewave.console.messages import Lags
from tests.console.console_items import NOW, alert, amplitude, pick, solution


@pytest.fixture
def board(stations, conditions):
    return Board(stations, lambda now: iter(conditions), lambda: {"devices": 3})


class Page:
    """What a page keeps, by the rules of web/console/feed/board.ts."""

    def __init__(self, hello):
        self.rows, self.picks, self.versions, self.messages = {}, {}, {}, {}
        self.arrivals, self.facts = {}, {}
        self.take(hello)

    def take(self, data):
        frame = json.loads(data)
        self.rows |= {row[0]: row for row in frame.get("rows", ())}
        self.picks |= {each[0]: each for each in frame.get("picks", ())}
        for n in frame.get("withdrawn", ()):
            self.picks.pop(n, None)
        for event in frame.get("events", ()):
            versions = self.versions.setdefault(event["event"], {})
            versions |= {version[0]: version for version in event["versions"]}
            self.arrivals[event["event"]] = event["arrivals"]
        self.messages |= {each["id"]: each for each in frame.get("messages", ())}
        self.facts = frame.get("facts") or self.facts
        return frame


def test_the_first_frame_has_everything_and_the_next_only_the_time(board):
    first = json.loads(board.frame(NOW))
    assert len(first["rows"]) == 3
    assert first["facts"] == {"devices": 3}
    assert json.loads(board.frame(NOW + 1.0)) == {
        "type": "frame", "n": 2, "now": (NOW + 1.0) * 1000,
    }  # fmt: skip
    assert board.frame(NOW + 1.2, beat=False) is None


def test_a_hello_before_any_frame_has_the_stations(board):
    hello = json.loads(board.hello(NOW))
    assert (hello["type"], hello["now"]) == ("hello", NOW * 1000)
    assert hello["stations"][1] == ["ST.B", 35.2, 135.0]
    assert hello["rows"][2] == [2, None, None, "silent", None]


def test_who_followed_the_frames_knows_what_who_comes_now_is_told(board):
    rng, now = random.Random(7), NOW
    board.frame(now)
    page = Page(board.hello(now))
    known = []
    for step in range(200):
        now += 0.2
        code = rng.choice("ABC")
        match rng.randrange(4):
            case 0:
                board.receive(amplitude(code, rng.uniform(0.01, 5.0)), now)
            case 1:
                known.append(pick(f"p{step}", code, now))
                board.receive(known[-1], now)
            case 2:
                board.receive(solution(step, known[-5:], rng.choice(["e1", "e2"])), now)
            case 3:
                board.issued(alert(step, now), 300, 1, Lags())
        frame = board.frame(now, beat=False)
        if frame is not None:
            page.take(frame)
    late = Page(board.hello(now))
    for name in ("rows", "picks", "versions", "messages", "arrivals", "facts"):
        assert getattr(page, name) == getattr(late, name), name


def test_a_message_is_compared_with_the_first_pick_of_its_event(board):
    early = pick("a", "A", NOW - 3.0)
    board.receive(early, NOW)
    board.receive(solution(1, [early]), NOW)
    board.issued(alert(), 300, 2, Lags(sent=0.001))
    [message] = json.loads(board.frame(NOW))["messages"]
    assert message["picked"] == 2.0
    assert message["lags"] == {"evaluated": None, "recorded": None, "sent": 0.001}
