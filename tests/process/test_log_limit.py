"""A log has so many lines a minute, however many are written."""

import io
import logging

import pytest

from forewave.process.log_limit import MINUTE, MOST, MOST_IN_ALL, LimitedHandler


class Log:
    def __init__(self):
        self.now, self.out = 0.0, io.StringIO()
        self.handler = LimitedHandler(self.out, lambda: self.now)

    def says(self, text, name="asyncio", level=logging.ERROR):
        self.handler.emit(logging.LogRecord(name, level, "", 0, text, None, None))

    @property
    def lines(self):
        return self.out.getvalue().splitlines()


@pytest.fixture
def log():
    return Log()


def test_similar_lines_are_counted_and_their_number_is_logged(log):
    for number in range(100_000):
        log.says(f"socket.accept() out of system resource: <socket fd={number}, port 84{number}>")
    assert len(log.lines) == MOST
    log.now = MINUTE
    log.says("something else")
    assert log.lines[MOST:] == [
        f"{100_000 - MOST} more lines like: asyncio: socket.accept() out of system resource: "
        "<socket fd=#, port #>",
        "something else",
    ]


def test_it_begins_anew_each_minute(log):
    for _ in range(MOST + 1):
        log.says("x")
    log.now = MINUTE
    log.says("x")
    assert len(log.lines) == MOST + 2


def test_warnings_of_earthquakes_are_never_left_out(log):
    for _ in range(10 * MOST):
        log.says("actual new e.1: M6.1", "forewave", logging.WARNING)
    assert len(log.lines) == 10 * MOST


def test_nor_do_many_kinds_of_lines_fill_it(log):
    for number in range(50_000):
        word = "".join(chr(ord("g") + int(digit)) for digit in str(number))
        log.says(f"server {word} is lost")
    assert len(log.lines) <= MOST_IN_ALL + MOST
    assert len(log.handler._seen) <= MOST_IN_ALL + 1
