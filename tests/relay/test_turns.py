"""Work in turns: a share of the loop, in order, to its end."""

import asyncio

import pytest

from forewave.relay.turns import SLICE, Turns


class Work:
    """So many steps, each of which takes a while."""

    def __init__(self, clock, name, steps, seconds, done):
        self.clock, self.name, self.steps, self.seconds, self.done = (
            clock,
            name,
            steps,
            seconds,
            done,
        )

    def __call__(self):
        self.clock.now += self.seconds
        self.steps -= 1
        self.done.append(self.name)
        return self.steps > 0


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class Loop:
    """Takes notes of what is called later."""

    def __init__(self, clock):
        self.clock, self.later = clock, []

    def call_later(self, seconds, work):
        self.later.append((seconds, work))

    def one(self):
        ((seconds, work),), self.later = self.later, []
        self.clock.now += seconds
        work()


@pytest.fixture
def loop(monkeypatch):
    made = Loop(Clock())
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: made)
    return made


def test_little_work_is_done_at_once(loop):
    turns, done = Turns(loop.clock), []
    turns.ask(Work(loop.clock, "a", 3, SLICE / 10, done))
    assert done == ["a"] * 3
    assert not loop.later


def test_much_work_never_has_more_than_its_share(loop):
    turns, done = Turns(loop.clock), []
    turns.ask(Work(loop.clock, "a", 1000, SLICE / 4, done))
    while loop.later:
        before = len(done)
        loop.one()
        assert len(done) - before <= 5
    assert len(done) == 1000
    assert loop.clock.now >= 1.9 * 1000 * SLICE / 4


def test_clients_have_their_turns_one_after_the_other(loop):
    turns, done = Turns(loop.clock), []
    turns.ask(Work(loop.clock, "a", 3, SLICE, done))
    turns.ask(Work(loop.clock, "b", 2, SLICE, done))
    while loop.later:
        loop.one()
    assert done == ["a", "a", "b", "a", "b"]


def test_a_fault_of_one_does_not_end_the_turns_of_the_others(loop):
    turns, done = Turns(loop.clock), []

    def fails():
        raise RuntimeError("x")

    turns.ask(Work(loop.clock, "a", 2, SLICE, done))
    turns.ask(fails)
    turns.ask(Work(loop.clock, "b", 1, SLICE, done))
    loop.one()
    with pytest.raises(RuntimeError):
        loop.one()
    while loop.later:
        loop.one()
    assert sorted(done) == ["a", "a", "b"]
