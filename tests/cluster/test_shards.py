"""Batches of shards in one order, whatever their way: copies, losses, restarts, dead shards."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from forewave.cluster.shards import ALIVE, GIVE_UP, HISTORY_GIVE_UP, HOLD, Gap, Shards
from forewave.cluster.wire import Batch


def batch(shard, n, now, *steps, begun=1):
    return Batch(shard, begun, n, now, tuple((t, (f"{shard}{t}".encode(),)) for t in steps), 5)


def released(shards, at):
    return [(now, data[0].decode()) for now, data in shards.release(at)]


def test_steps_come_in_the_order_of_their_times_across_shards():
    shards = Shards(history=0)
    shards.feed(batch("a", 1, 10.3, 10.1, 10.3), 0.0)
    shards.feed(batch("b", 1, 10.2, 10.2), 0.0)
    assert released(shards, 0.0) == [(10.1, "a10.1"), (10.2, "b10.2")]
    shards.feed(batch("b", 2, 10.4), 0.01)
    assert released(shards, 0.01) == [(10.3, "a10.3")]
    assert shards.mark(0.01) == 10.3


def test_a_slow_shard_is_waited_for_no_longer_than_hold():
    shards = Shards(history=0)
    shards.feed(batch("b", 1, 10.0), 0.0)
    shards.feed(batch("a", 1, 10.3, 10.1), 0.0)
    assert not released(shards, HOLD - 0.01)
    assert released(shards, HOLD) == [(10.1, "a10.1")]


def test_a_dead_shard_is_not_waited_for():
    shards = Shards(history=0)
    shards.feed(batch("b", 1, 10.0), 0.0)
    shards.feed(batch("a", 1, 12.0, 11.9), ALIVE)
    assert released(shards, ALIVE) == [(11.9, "a11.9")]
    assert shards.live(ALIVE) == ["a"]


def test_a_missing_batch_is_asked_for_and_then_given_up():
    shards = Shards(history=0)
    shards.feed(batch("a", 1, 10.1, 10.1), 0.0)
    shards.feed(batch("a", 3, 10.3, 10.3), 0.1)
    assert released(shards, 0.1) == [(10.1, "a10.1")]
    assert list(shards.gaps(0.1)) == []
    assert list(shards.gaps(0.25)) == [Gap("a", 1, 2, 2)]
    assert list(shards.gaps(0.26)) == []
    assert list(shards.gaps(0.1 + GIVE_UP)) == []
    assert released(shards, 0.1 + GIVE_UP) == [(10.3, "a10.3")]
    assert shards.counts["batches lost"] == 1


def test_what_was_sent_before_the_start_is_asked_for_at_once():
    shards = Shards(history=2)
    shards.feed(batch("a", 7, 10.7, 10.7), 0.0)
    assert not shards.caught_up()
    assert list(shards.gaps(0.0)) == [Gap("a", 1, 5, 6)]
    shards.feed(batch("a", 6, 10.6, 10.6), 0.1)
    shards.feed(batch("a", 5, 10.5, 10.5), 0.1)
    assert shards.caught_up()
    assert released(shards, 0.1) == [(t, f"a{t}") for t in (10.5, 10.6, 10.7)]


def test_history_that_nobody_has_is_given_up():
    shards = Shards(history=4)
    shards.feed(batch("a", 7, 10.7, 10.7), 0.0)
    list(shards.gaps(HISTORY_GIVE_UP))
    assert shards.caught_up()
    assert not shards.counts


def test_a_shard_that_was_started_again_begins_at_its_first_batch_whatever_its_date():
    for begun in (2, 0):
        shards = Shards(history=0)
        shards.feed(batch("a", 50, 10.0, 10.0, begun=1), 0.0)
        shards.feed(batch("a", 1, 11.5, 11.5, begun=begun), ALIVE + 0.1)
        assert released(shards, ALIVE + 0.1) == [(10.0, "a10.0"), (11.5, "a11.5")]


def test_a_late_copy_of_an_earlier_process_changes_nothing():
    shards = Shards(history=0)
    shards.feed(batch("a", 1, 11.0, 11.0, begun=2), 0.0)
    shards.feed(batch("a", 51, 10.1, 10.1, begun=1), 0.1)
    shards.feed(batch("a", 2, 11.1, 11.1, begun=2), 0.1)
    assert released(shards, 0.1) == [(11.0, "a11.0"), (11.1, "a11.1")]


def test_times_never_go_back():
    shards = Shards(history=0)
    shards.feed(batch("a", 1, 20.0, 20.0), 0.0)
    assert released(shards, 0.0)
    shards.feed(batch("b", 1, 19.0, 19.0), 0.0)
    assert released(shards, HOLD) == [(20.0, "b19.0")]


def test_one_wrong_clock_of_three_is_corrected():
    shards = Shards(history=0)
    shards.feed(batch("a", 1, 100.0), 0.0)
    shards.feed(batch("b", 1, 100.0), 0.0)
    shards.feed(batch("c", 1, 3700.0, 3700.0), 0.0)
    assert [now for now, _ in released(shards, HOLD)] == [100.0]
    assert shards.counts["clock of a shard wrong"] == 1


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_two_receivers_have_the_same_sequence_whatever_was_lost_doubled_or_overtaken(seed):
    """As long as what is missing can be had when it is asked for, within HOLD."""
    chance = random.Random(seed)
    sent = []  # (time, batch)
    for shard in "abc"[: chance.randint(1, 3)]:
        for n in range(1, 60):
            now = 100.0 + 0.05 * n + chance.uniform(0.0, 0.01)
            steps = [now - 0.001] if chance.random() < 0.5 else []
            sent.append((now - 100.0, batch(shard, n, round(now, 4), *steps)))
    all_batches = {(b.shard, b.n): b for _, b in sent}

    def receive(delays, loss):
        arrivals = [
            (when + delays.uniform(0.0, 0.03), copy)
            for when, copy in sent
            for _ in range(3)
            if delays.random() > loss
        ]
        shards, out, at = Shards(history=60), [], 0.0
        for shard in {shard for shard, _ in all_batches}:  # both know every shard
            shards.feed(all_batches[shard, 1], at)
        events = sorted(arrivals, key=lambda each: each[0])
        while at < 6.0:
            at += 0.01
            while events and events[0][0] <= at:
                shards.feed(events.pop(0)[1], at)
            for gap in shards.gaps(at):
                for n in range(gap.first, gap.last + 1):
                    shards.feed(all_batches[gap.shard, n], at)
            out += [data for _, data in shards.release(at)]
        return out

    first, second = (receive(random.Random(seed + k), 0.02) for k in (1, 2))
    assert first == second
    assert len(first) == sum(len(b.steps) for _, b in sent)


def test_when_the_clock_of_the_only_shard_is_set_back_time_begins_anew():
    shards = Shards(history=0)
    shards.feed(batch("a", 9, 3700.0, 3700.0, begun=1), 0.0)
    assert released(shards, 0.0)
    shards.feed(batch("a", 1, 100.0, 100.0, begun=2), 0.1)
    assert shards.set_back == 1
    assert released(shards, 0.1) == [(100.0, "a100.0")]


def test_one_shard_of_several_cannot_set_the_time_back():
    shards = Shards(history=0)
    shards.feed(batch("b", 1, 3700.0), 0.0)
    shards.feed(batch("a", 9, 3700.0, 3700.0, begun=1), 0.0)
    assert released(shards, 0.0)
    shards.feed(batch("a", 1, 100.0, 100.0, begun=2), 0.1)
    assert shards.set_back == 0
    assert released(shards, 0.1 + HOLD) == [(3700.0, "a100.0")]
