"""Two people: what one proposes another confirms."""

import pytest

from forewave.operators.proposals import MOST, VALID, Proposals, RefusedError

EVENT = {"event": "e1"}


@pytest.fixture
def proposals():
    return Proposals(lambda name: name in ("anna", "bob"))


def test_another_person_confirms_once(proposals):
    made = proposals.propose("cancel", EVENT, "anna", 0.0)
    with pytest.raises(RefusedError, match="another operator"):
        proposals.take(made.id, "anna", 1.0)
    assert proposals.take(made.id, "bob", 1.0) == made
    with pytest.raises(RefusedError, match="no open proposal"):
        proposals.take(made.id, "bob", 1.0)


def test_to_propose_the_same_is_not_to_confirm(proposals):
    made = proposals.propose("cancel", EVENT, "anna", 0.0)
    with pytest.raises(RefusedError, match=f"already proposed by anna as {made.id}"):
        proposals.propose("cancel", {"event": "e1"}, "bob", 0.0)
    assert proposals.open(0.0) == [made]


def test_it_expires(proposals):
    made = proposals.propose("drill", {}, "anna", 0.0)
    assert proposals.open(VALID - 1.0) == [made]
    with pytest.raises(RefusedError):
        proposals.take(made.id, "bob", VALID)


def test_who_is_gone_has_proposed_nothing(proposals):
    made = proposals.propose("drill", {}, "carol", 0.0)
    with pytest.raises(RefusedError, match="is no operator any more"):
        proposals.take(made.id, "bob", 0.0)
    assert proposals.open(0.0) == []


def test_it_can_be_taken_back_and_given_back(proposals):
    made = proposals.propose("drill", {}, "anna", 0.0)
    assert proposals.drop(made.id, 0.0) == made
    proposals.give_back(made)
    assert proposals.take(made.id, "bob", 0.0) == made


def test_there_are_not_more_than_a_limit_and_no_name_twice(proposals):
    names = {proposals.propose("cancel", {"event": str(i)}, "anna", 0.0).id for i in range(MOST)}
    assert len(names) == MOST
    with pytest.raises(RefusedError, match="are open"):
        proposals.propose("drill", {}, "anna", 0.0)
    assert proposals.propose("drill", {}, "anna", VALID).id not in names
