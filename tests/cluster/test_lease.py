"""The lease: never two leaders, rising epochs, soon another one. Delays, losses, pauses, clocks."""

import heapq
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewave.cluster.lease import MARGIN, RENEWALS, TTL, Candidate

EVERY = TTL / RENEWALS


class World:
    """Registers, candidates and a network, in simulated time: one seed, one run."""

    def __init__(self, seed, candidates=2, nodes=3, *, trouble=True, drift=0.02):
        self.chance, self.trouble = random.Random(seed), trouble
        self.now, self.order, self.queue = 0.0, itertools.count(), []
        self.registers = [(None, 0)] * nodes  # (record, revision)
        self.down = [False] * nodes
        self.candidates = [Candidate(f"c{i}", nodes) for i in range(candidates)]
        self.rates = [1.0 + self.chance.uniform(-drift, drift) for _ in range(candidates)]
        self.starts = [self.chance.uniform(-1e6, 1e6) for _ in range(candidates)]
        self.paused = [0.0] * candidates  # until when it does nothing at all
        self.dead = [False] * candidates
        self.cut = set()  # (candidate, node)
        self.ahead = 1e9  # of the wall clock, beyond the simulated time
        # Epochs survive a lost register by the wall clock, and a step of it by the registers.
        self.loses = self.chance.choice(["wipe", "wall"])
        self.terms = []  # (time, candidate, epoch) as seen by an observer
        for number in range(candidates):
            self.at(self.chance.uniform(0.0, EVERY), self.turn, number)

    def at(self, delay, what, *arguments):
        heapq.heappush(self.queue, (self.now + delay, next(self.order), what, arguments))

    def clock(self, number):
        return self.starts[number] + self.rates[number] * self.now

    def run(self, until):
        while self.queue and self.queue[0][0] <= until:
            self.now, _, what, arguments = heapq.heappop(self.queue)
            what(*arguments)
            self.check()
        self.now = until

    def leaders(self):
        return [
            number
            for number, each in enumerate(self.candidates)
            if not self.dead[number] and each.leads(self.clock(number))
        ]

    def check(self):
        leaders = self.leaders()
        assert len(leaders) <= 1, f"{leaders} lead at {self.now}"
        for number in leaders:
            epoch = self.candidates[number].epoch
            if not self.terms or self.terms[-1][1:] != (number, epoch):
                assert all(epoch > other for _, _, other in self.terms), self.terms
                self.terms.append((self.now, number, epoch))

    def turn(self, number):
        if self.dead[number]:
            return
        if self.now < self.paused[number]:
            self.at(self.paused[number] - self.now, self.turn, number)
            return
        for node in range(len(self.registers)):
            self.at(self.delay(), self.reach, number, node, None, 0.0)
        for write in self.candidates[number].writes(self.clock(number), self.ahead + self.now):
            self.at(self.delay(), self.reach, number, write.register, write, self.clock(number))
        self.at(EVERY, self.turn, number)

    def reach(self, number, node, write, sent):
        """A request at its node."""
        if self.down[node] or (number, node) in self.cut or self.lost():
            return
        record, revision = self.registers[node]
        if write is None:
            self.at(self.delay(), self.answer, number, node, None, (record, revision), sent)
        elif write.revision == revision:
            self.registers[node] = (write.record, revision + 1)
            self.at(self.delay(), self.answer, number, node, write, revision + 1, sent)

    def answer(self, number, node, write, found, sent):
        if self.dead[number] or (number, node) in self.cut or self.lost():
            return
        if self.now < self.paused[number]:  # it waits in the socket
            self.at(self.paused[number] - self.now, self.answer, number, node, write, found, sent)
        elif write is None:
            self.candidates[number].read(node, *found, self.clock(number))
        else:
            self.candidates[number].wrote(write, found, sent, self.clock(number))

    def delay(self):
        if self.trouble and self.chance.random() < 0.1:
            return self.chance.uniform(0.0, 2.0)
        return self.chance.uniform(0.0, 0.02)

    def lost(self):
        return self.trouble and self.chance.random() < 0.1

    def disturb(self):
        """Something bad, at random; it ends after a while."""
        kind = self.chance.choice(["pause", "cut", "down", "resign", self.loses])
        number = self.chance.randrange(len(self.candidates))
        node = self.chance.randrange(len(self.registers))
        long = self.chance.uniform(0.0, 3.0)
        if kind == "pause":
            self.paused[number] = self.now + long
        elif kind == "cut":
            self.cut.add((number, node))
            self.at(long, self.cut.discard, (number, node))
        elif kind == "down":
            self.down[node] = True
            self.at(long, self.down.__setitem__, node, False)
        elif kind == "wipe":  # its sequence goes on, as that of a store on disk does
            self.registers[node] = (None, self.registers[node][1] + 1)
        elif kind == "wall":
            self.ahead += self.chance.choice([-3600.0, 3600.0])
        else:
            self.candidates[number].stands = False
            self.at(long, setattr, self.candidates[number], "stands", True)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 4), st.sampled_from([1, 3, 5]))
def test_two_never_lead_at_the_same_time_and_epochs_rise(seed, candidates, nodes):
    world = World(seed, candidates, nodes)
    for second in range(25):
        world.run(float(second))
        for _ in range(world.chance.randrange(3)):
            world.disturb()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_when_the_leader_is_killed_another_leads_within_a_second(seed):
    world = World(seed, trouble=False)
    world.run(3.0 + world.chance.random())
    (leader,) = world.leaders()
    world.dead[leader] = True
    killed, terms = world.now, len(world.terms)
    world.run(killed + 1.0)
    assert len(world.terms) > terms, "nobody leads"
    assert world.terms[terms][0] - killed < TTL + 2.5 * EVERY


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 2))
def test_a_node_that_dies_costs_no_leadership(seed, node):
    world = World(seed, trouble=False)
    world.run(3.0 + world.chance.random())
    before = world.terms[-1]
    world.down[node] = True
    for step in range(100):
        world.run(world.now + 0.05)
        assert world.leaders() == [before[1]], step
    assert world.terms[-1] == before


def test_a_leader_that_is_cut_off_from_a_majority_stops_before_another_begins():
    world = World(4, trouble=False)
    world.run(3.0)
    (leader,) = world.leaders()
    world.cut |= {(leader, 0), (leader, 1)}
    stopped = None
    while len(world.terms) == 1:
        world.run(world.now + 0.001)
        if stopped is None and leader not in world.leaders():
            stopped = world.now
        assert world.now < 4.0
    assert stopped is not None
    assert world.terms[-1][0] - stopped > 0.5 * MARGIN


def test_a_candidate_cut_off_from_all_never_leads():
    candidate = Candidate("a", 3)
    assert not candidate.leads(0.0)
    assert not candidate.writes(1e9, 1e9)
    assert not candidate.leads(1e9)


def test_an_empty_register_is_taken_only_after_the_time_of_a_lease():
    candidate = Candidate("a", 1)
    candidate.read(0, None, 0, 10.0)
    assert not candidate.writes(10.0 + TTL - 0.01, 0.0)
    (write,) = candidate.writes(10.0 + TTL, 0.0)
    candidate.wrote(write, 1, 10.6, 10.7)
    assert candidate.leads(10.6 + TTL - MARGIN - 0.001)
    assert not candidate.leads(10.6 + TTL - MARGIN)


def test_one_who_does_not_stand_stops_at_once():
    candidate = Candidate("a", 1)
    candidate.read(0, None, 0, 0.0)
    (write,) = candidate.writes(1.0, 0.0)
    candidate.wrote(write, 1, 1.0, 1.0)
    assert candidate.leads(1.1)
    candidate.stands = False
    assert not candidate.leads(1.1)
    assert not candidate.writes(1.2, 0.0)


@pytest.mark.parametrize("wall", [0.0, 1e9, 4e9])
def test_an_epoch_is_above_any_that_was_heard_whatever_the_date(wall):
    candidate = Candidate("a", 1)
    candidate.heard(3_000_000_000_000)
    candidate.read(0, None, 0, 0.0)
    (write,) = candidate.writes(1.0, wall)
    assert write.record.epoch > 3_000_000_000_000
