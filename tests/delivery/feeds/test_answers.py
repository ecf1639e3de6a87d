import asyncio
import gzip
import hashlib
import threading
from email.utils import formatdate

import pytest

from forewave.delivery.feeds import answers
from forewave.delivery.feeds.answers import Answers, Content, Made, TooManyError, answer

CHANGED = 1_600_000_000.4
LATER = CHANGED + 100.0
MADE = Made(b"x" * 1000, "text/plain", CHANGED)
CONTENT = Content(MADE, gzip.compress(MADE.body), 'W/"abc"')


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def run(work):
    return asyncio.run(asyncio.wait_for(work, 30))


def counting():
    made = []

    def make():
        made.append(1)
        return Made(b"%d" % len(made), "text/plain")

    return made, make


def test_a_hundred_requests_at_once_are_one_piece_of_work():
    async def whole():
        made, make = counting()
        kept = Answers()
        found = await asyncio.gather(*(kept.get("a", 0, make) for _ in range(100)))
        return len(made), {content.made.body for content in found}

    assert run(whole()) == (1, {b"1"})


def test_it_is_made_again_after_a_second_and_at_once_when_something_was_published():
    async def whole():
        clock, (made, make) = Clock(), counting()
        kept = Answers(clock)
        await kept.get("a", 0, make)
        clock.now = 0.99
        await kept.get("a", 0, make)
        assert len(made) == 1
        await kept.get("a", 1, make)
        assert len(made) == 2
        clock.now = 2.0
        await kept.get("a", 1, make)
        return len(made)

    assert run(whole()) == 3


def test_different_answers_are_bounded_and_made_by_one_thread_at_a_time(monkeypatch):
    monkeypatch.setattr(answers, "MOST_KEPT", 3)
    at_work, most = [], []

    def make():
        at_work.append(1)
        most.append(len(at_work))
        hashlib.sha256(bytes(10**6))  # long enough for others to come in
        at_work.pop()
        return MADE

    async def whole():
        kept = Answers(Clock())
        await asyncio.gather(*(kept.get(i, 0, make) for i in range(20)))
        return len(kept._kept), kept.built

    assert run(whole()) == (3, 20)
    assert max(most) == 1


def test_too_many_different_answers_are_refused_and_others_go_on(monkeypatch):
    monkeypatch.setattr(answers, "WAITING", 2)
    go = threading.Event()

    def slow():
        go.wait(20)
        return MADE

    async def whole():
        kept = Answers(Clock())
        first = asyncio.create_task(kept.get(1, 0, slow))
        second = asyncio.create_task(kept.get(2, 0, slow))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(TooManyError):
            await kept.get(3, 0, slow)
        again = asyncio.create_task(kept.get(1, 0, slow))  # it is being made already
        go.set()
        return [content.made for content in await asyncio.gather(first, second, again)]

    assert run(whole()) == [MADE] * 3


def test_a_fault_is_not_kept():
    async def whole():
        kept = Answers(Clock())

        def broken():
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await kept.get("a", 0, broken)
        return (await kept.get("a", 0, lambda: MADE)).made

    assert run(whole()) == MADE


@pytest.mark.parametrize(
    ("accepted", "small"),
    [
        ("gzip, deflate, br", True),
        ("*", True),
        ("GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("br", False),
        ("", False),
        ("notgzip", False),
    ],
)
def test_it_is_compressed_for_those_who_take_it(accepted, small):
    found = answer(CONTENT, {"accept-encoding": accepted}, LATER)
    assert (found.headers.get("Content-Encoding") == "gzip") == small
    body = gzip.decompress(found.body) if small else found.body
    assert body == MADE.body
    assert found.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if-none-match": 'W/"abc"'}, 304),
        ({"if-none-match": '"abc"'}, 304),
        ({"if-none-match": '"x", W/"abc"'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"x"'}, 200),
        ({"if-modified-since": formatdate(CHANGED, usegmt=True)}, 304),
        ({"if-modified-since": formatdate(CHANGED - 1, usegmt=True)}, 200),
        ({"if-modified-since": "yesterday"}, 200),
        ({"if-modified-since": "Mon, 30 Feb 2026 99:99:99 GMT"}, 200),
        ({"if-none-match": '"x"', "if-modified-since": formatdate(LATER, usegmt=True)}, 200),
        ({}, 200),
    ],
)
def test_who_has_it_already_gets_no_body(headers, status):
    found = answer(CONTENT, headers, LATER)
    assert found.status == status
    assert bool(found.body) == (status == 200)
    assert found.headers["ETag"] == 'W/"abc"'
    assert found.headers["Access-Control-Allow-Origin"] == "*"


def test_a_change_within_the_second_of_the_last_one_is_never_missed():
    """A time of change is neither told nor believed before its second is over."""
    at_once = answer(CONTENT, {"if-modified-since": formatdate(CHANGED, usegmt=True)}, CHANGED)
    assert (at_once.status, at_once.headers.get("Last-Modified")) == (200, None)
    assert "Last-Modified" in answer(CONTENT, {}, CHANGED + 1.0).headers
