from math import inf

from forewave.client.server_clock import ServerClock


def test_nothing_is_known_before_anything_came():
    clock = ServerClock()
    assert clock.now(10.0) is None
    assert clock.error == inf


def test_a_heartbeat_is_a_first_guess():
    clock = ServerClock()
    clock.heartbeat(10.0, 1000.0)
    assert (clock.now(12.0), clock.error) == (1002.0, 1.0)


def test_the_quickest_answer_is_believed():
    clock = ServerClock()
    clock.heartbeat(10.0, 1000.0)
    clock.answer(11.0, 11.4, 1001.3)  # half the way is 0.2 s
    clock.answer(12.0, 14.0, 1005.0)
    assert clock.error == 0.2 or abs(clock.error - 0.2) < 1e-9
    assert abs((clock.now(11.4) or 0.0) - 1001.5) < 1e-9


def test_an_answer_before_its_question_is_none():
    clock = ServerClock()
    clock.answer(12.0, 11.0, 1000.0)
    assert clock.now(12.0) is None


def test_a_step_of_the_servers_clock_is_followed():
    clock = ServerClock()
    clock.answer(10.0, 10.02, 1000.0)
    clock.heartbeat(20.0, 1010.5)  # within the error of such a guess
    assert clock.error < 0.02
    clock.heartbeat(21.0, 500.0)
    assert (clock.now(21.0), clock.error) == (500.0, 1.0)


def test_a_time_of_unknown_age_is_better_than_none():
    clock = ServerClock()
    clock.guess(10.0, 1000.0)
    clock.guess(20.0, 5000.0)
    assert (clock.now(11.0), clock.error) == (1001.0, inf)
    clock.heartbeat(12.0, 1003.0)
    assert (clock.now(12.0), clock.error) == (1003.0, 1.0)
