import pytest

from forewave.channels.sending.swarm import FEW, LIGHT_MMI, STRONGER_MMI, WINDOW, Swarm, stays_quiet


def after(*sent):
    swarm = Swarm()
    for at, (mmi, kind) in enumerate(sent):
        swarm.add(f"e{at}", mmi, float(at), kind)
    return swarm


FULL = [(4.2, "own")] * FEW


def test_a_few_are_no_swarm_and_one_more_is():
    assert not after(*FULL[1:]).has(4.2, 10.0)
    assert after(*FULL).has(4.2, 10.0)


@pytest.mark.parametrize("mmi", [4.2 + STRONGER_MMI, LIGHT_MMI])
def test_one_that_is_clearly_stronger_or_not_light_is_none_of_it(mmi):
    assert not after(*FULL).has(mmi, 10.0)


def test_stronger_than_some_is_not_stronger_than_all():
    assert after(*FULL, (4.8, "own")).has(4.9, 10.0)


def test_what_was_left_to_a_summary_counts_but_is_no_measure():
    assert not after((4.8, "quiet"), (4.8, "quiet"), (4.2, "own")).has(4.75, 10.0)
    assert after((4.8, "quiet"), (4.8, "quiet"), (4.2, "own")).has(4.6, 10.0)


def test_after_ten_minutes_they_are_forgotten():
    swarm = after(*FULL, (4.2, "summary"))
    assert swarm.has_summary(3.0 + WINDOW - 0.1)
    assert not swarm.has_summary(3.0 + WINDOW)
    assert not swarm.has(4.2, WINDOW + 1.0)


def test_a_summary_names_each_other_event_once_the_oldest_first():
    swarm = after(*FULL)
    swarm.add("e0", 4.3, 5.0, "own")
    assert swarm.others("e1", 10.0) == ("e0", "e2")


def test_what_was_left_to_a_summary_stays_so_until_it_is_clearly_stronger():
    assert stays_quiet(4.6, 4.2)
    assert not stays_quiet(4.2 + STRONGER_MMI, 4.2)
    assert not stays_quiet(LIGHT_MMI, 4.8)
