"""Sessions: how long they last, and what a change has to carry."""

from forewave.operators.sessions import IDLE, LONGEST, MOST, Sessions, may_change


def test_a_session_is_found_by_its_token_only():
    sessions = Sessions()
    token, csrf = sessions.begin("anna", 0.0)
    found = sessions.find(token, 1.0)
    assert found is not None
    assert found.name == "anna"
    assert may_change(found, csrf)
    assert not may_change(found, token)
    assert not may_change(found, "")
    assert sessions.find(csrf, 1.0) is None
    assert sessions.find("", 1.0) is None


def test_it_ends_when_it_is_not_used_and_after_half_a_day_in_any_case():
    sessions = Sessions()
    token, _ = sessions.begin("anna", 0.0)
    now = 0.0
    while now + IDLE - 1.0 < LONGEST:
        now += IDLE - 1.0
        assert sessions.find(token, now) is not None
    assert sessions.find(token, LONGEST) is None
    token, _ = sessions.begin("anna", 0.0)
    assert sessions.find(token, IDLE) is None


def test_it_ends_at_the_logout():
    sessions = Sessions()
    token, _ = sessions.begin("anna", 0.0)
    sessions.end(token)
    assert sessions.find(token, 0.0) is None


def test_there_are_not_more_than_a_limit():
    sessions = Sessions()
    tokens = [sessions.begin("anna", 0.0)[0] for _ in range(MOST + 5)]
    assert [sessions.find(token, 0.0) is None for token in tokens].count(True) == 5
    assert len(set(tokens)) == MOST + 5
