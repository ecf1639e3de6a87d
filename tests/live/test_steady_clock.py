"""The machine's clock is set by anything for any time: alerts come as if nothing had happened."""

import pytest

from forewave.health.report import ClockReport
from forewave.live.loop import Loop
from forewave.live.steady_clock import HOLD, LATE, SLEW, TRUSTED, SteadyClock
from forewave.sources.intake.inbox import Inbox, ReceivedPacket
from forewave.sources.intake.merge import end_of
from forewave.types import Alert

T0 = 1.79e9
NAMES = [f"XX.S{n}" for n in range(10)]


class Machine:
    """Both of its clocks, and stations that send each second with the same latency."""

    def __init__(self, wall=T0, latency=0.5):
        self.true, self.wrong, self.latency, self.stations = T0, wall - T0, latency, NAMES
        self.clock = SteadyClock(lambda: self.true + self.wrong, lambda: self.true - T0 + 77.0)

    def goes(self, seconds, synchronised=None):
        """The steps that were followed."""
        steps = []
        for _ in range(int(seconds)):
            self.true += 1.0
            for name in self.stations:
                self.clock.arrived(name, self.clock() - self.true + self.latency)
            steps.append(self.clock.look(synchronised))
        return [step for step in steps if step]

    @property
    def error(self):
        return self.clock() - self.true


def test_it_goes_as_the_wall_clock_does():
    machine = Machine()
    assert machine.goes(60) == []
    assert machine.error == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("step", [-86400.0, -3600.0, -10.0, 2.0, 10.0, 70.0, 3600.0, 3.2e7])
def test_a_step_for_some_seconds_changes_nothing(step):
    machine = Machine()
    machine.goes(5)
    machine.wrong = step
    assert machine.goes(5) == []
    assert machine.error == pytest.approx(0.0, abs=1e-6)
    assert machine.clock.stepped
    assert machine.clock.report(ClockReport()).state == "jumped"
    machine.wrong = 0.0
    assert machine.goes(5) == []
    assert not machine.clock.stepped


@pytest.mark.parametrize("step", [-3600.0, -10.0, 10.0, 3600.0])
def test_a_step_that_stays_is_not_followed_against_what_all_stations_say(step):
    machine = Machine()
    machine.goes(5)
    machine.wrong = step
    assert machine.goes(3 * TRUSTED, synchronised=True) == []
    assert machine.error == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("wrong", [-3600.0, -5.0, 3600.0, 2 * LATE])
def test_a_machine_that_began_with_a_wrong_clock_is_put_right_with_it(wrong):
    machine = Machine(T0 + wrong)
    assert machine.goes(20) == []
    machine.wrong = 0.0
    assert machine.goes(10) == [pytest.approx(-wrong)]
    assert machine.error == pytest.approx(0.0, abs=1e-6)


def test_a_machine_that_stood_still_goes_on_at_once():
    """Its steady clock stood too: all stations then send from the future."""
    machine = Machine()
    machine.goes(5)
    machine.true += 3600.0
    machine.clock._steady = lambda steady=machine.clock._steady: steady() - 3600.0
    assert machine.goes(5) == [pytest.approx(3600.0)]
    assert machine.error == pytest.approx(0.0, abs=1e-6)


def test_a_clock_that_was_a_little_ahead_is_put_back_by_a_synchronised_one_only():
    for synchronised, followed in ((True, 1), (False, 0), (None, 0)):
        machine = Machine(T0 + 5.0)
        machine.goes(5)
        machine.wrong = 0.0
        assert len(machine.goes(TRUSTED + 5, synchronised)) == followed


def test_where_nobody_can_be_asked_a_step_is_followed_after_a_while():
    machine = Machine()
    machine.stations = NAMES[:2]
    machine.goes(5)
    machine.wrong = 10.0
    assert machine.goes(HOLD - 1) == []
    assert machine.goes(5) == [pytest.approx(10.0)]


def test_small_corrections_are_followed_slowly_and_time_never_goes_back():
    machine = Machine()
    machine.wrong = -0.4
    for second in range(1, 200):
        before = machine.clock()
        machine.goes(1)
        assert machine.clock() - before == pytest.approx(1.0, abs=SLEW + 1e-6)
        assert machine.error == pytest.approx(-min(0.4, SLEW * second), abs=1e-5)


@pytest.mark.parametrize("step", [3600.0, -10.0])
def test_an_earthquake_amid_a_step_is_told_as_without(new_pipeline, packets, words, step):
    """The clock steps 20 s before the first alert and comes back only after the last packet."""
    first = next(now for now, word in words if isinstance(word, Alert))
    machine, said = Machine(), []
    clock = SteadyClock(
        lambda: machine.true + (step if machine.true > first - 20.0 else 0.0),
        lambda: machine.true,
    )
    machine.true = packets[0][0]
    clock._offset = 0.0
    loop = Loop(Inbox(clock), new_pipeline(), lambda now, heard, thought: said.extend(heard))
    looked = machine.true
    for arrival, packet in packets:
        machine.true = arrival
        clock.arrived(packet.stream.code, clock() - end_of(packet))
        if arrival >= looked + 1.0:
            looked = arrival
            assert clock.look() == 0.0
        loop.take(ReceivedPacket(clock(), "a", packet))
    alerts = [word for word in said if isinstance(word, Alert)]
    assert alerts
    assert [(a.version, a.kind, a.level) for a in alerts] == [
        (w.version, w.kind, w.level) for _, w in words if isinstance(w, Alert)
    ]


def test_after_a_step_back_the_rooms_begin_anew(new_pipeline, packets, words):
    """They heard an hour of a time that never was; a second later they hear again."""
    said = []
    loop = Loop(Inbox(), new_pipeline(), lambda now, heard, thought: said.extend(heard))
    loop.take(ReceivedPacket(packets[0][0] + 3600.0, "a", packets[0][1]))
    loop.merge.counts["repeated"] += 5
    loop.begin_anew()
    for arrival, packet in packets:
        loop.take(ReceivedPacket(arrival, "a", packet))
    assert loop.merge.counts["repeated"] >= 5
    assert list(map(repr, [w for w in said if isinstance(w, Alert)])) == [
        repr(word) for _, word in words if isinstance(word, Alert)
    ]
