import io
import threading

from forewave.client.outputs import lines
from forewave.client.outputs.lines import Lines


class Slow(io.StringIO):
    """Takes nothing until it is released."""

    def __init__(self):
        super().__init__()
        self.entered, self.released = threading.Event(), threading.Event()

    def write(self, text):
        self.entered.set()
        self.released.wait(10)
        return super().write(text)


def test_lines_come_in_order_and_closing_writes_the_rest():
    stream = io.StringIO()
    out = Lines(stream)
    for i in range(100):
        out.put(str(i))
    out.close()
    assert stream.getvalue().split() == [str(i) for i in range(100)]


def test_a_stream_that_takes_nothing_delays_nobody_and_the_oldest_are_lost(monkeypatch):
    monkeypatch.setattr(lines, "MOST", 3)
    stream = Slow()
    out = Lines(stream)
    out.put("first")
    assert stream.entered.wait(10)
    for i in range(5):
        out.put(str(i))  # would block here
    assert out.lost == 2
    stream.released.set()
    out.close()
    assert stream.getvalue().split() == ["first", "2", "3", "4"]


class Broken(io.StringIO):
    def write(self, text):
        raise BrokenPipeError


def test_a_reader_that_has_gone_is_told_of_once():
    told = []
    out = Lines(Broken(), lambda: told.append(1))
    for _ in range(3):
        out.put("x")
    out.close()
    assert told == [1]
