from types import SimpleNamespace

import numpy as np
import pytest

from forewave.live.loop import StepTime
from forewave.live.outputs import BEHIND, Outputs, PhoneInput
from forewave.process.supervise import SideTasks
from forewave.types import Alert, Dropped, Packet, PhoneSighting, StreamId

PACKET = Packet(StreamId("XX", "A", "", "HNZ"), 100.0, 100.0, np.zeros(100, np.int32))
SIGHTING = PhoneSighting(100.0, 0.0, 0.0, 10.0, 20, 5, 0.9)


@pytest.fixture
def alert(words):
    return next(word for _, word in words if isinstance(word, Alert))


class Calls:
    """Records which methods are called, in order; those in `fails` raise an exception."""

    def __init__(self, name, calls, fails=()):
        self._name, self._calls, self._fails = name, calls, fails

    def __getattr__(self, method):
        def call(*values):
            self._calls.append(f"{self._name}.{method}")
            if f"{self._name}.{method}" in self._fails:
                raise RuntimeError(method)

        return call


@pytest.fixture
def parts():
    """Outputs, the calls that it makes, and its side tasks."""

    def make(fails=(), **more):
        calls, side = [], SideTasks()
        names = ("recorder", "gateway", "log", "health", "steady")
        fakes = {name: Calls(name, calls, fails) for name in names}
        more = {name: Calls(name, calls, fails) for name in more}
        return SimpleNamespace(outputs=Outputs(**fakes, side=side, **more), calls=calls, side=side)

    return make


def test_an_alert_is_recorded_then_published_and_only_then_logged(parts, alert):
    made = parts()
    made.outputs.step(101.0, [Dropped("XX.B", "gap"), alert], True)
    assert made.calls[:3] == ["recorder.step", "gateway.publish", "health.lag"]
    assert made.calls[3:] == ["log.output", "health.receive"] * 2


def test_a_fault_in_recorder_log_or_health_does_not_keep_an_alert_back(parts, alert):
    made = parts({"recorder.step", "log.output", "health.receive"})
    made.outputs.step(101.0, [alert], True)
    assert "gateway.publish" in made.calls
    assert made.side.failed == {"record": 1, "log": 1, "health": 1}


def test_a_received_packet_goes_to_the_archive_and_a_merged_one_to_journal_and_relay(parts):
    made = parts(waveforms=True, relay=True)
    made.outputs.received(PACKET, 101.5)
    assert made.calls == ["steady.arrived", "health.arrived", "waveforms.add"]
    made.calls.clear()
    made.outputs.merged(PACKET, 101.5)
    assert made.calls == ["recorder.merged", "relay.push"]


def test_a_machine_without_archive_and_relay_needs_neither(parts):
    made = parts()
    made.outputs.received(PACKET, 101.5)
    made.outputs.merged(PACKET, 101.5)
    assert made.calls == ["steady.arrived", "health.arrived", "recorder.merged"]


@pytest.mark.parametrize(
    ("confirm", "behind", "evaluated"),
    [(True, 0.0, True), (True, BEHIND + 0.1, False), (False, 0.0, False)],
)
def test_a_sighting_is_evaluated_at_the_time_of_the_last_step(confirm, behind, evaluated):
    clock, steps = StepTime(lambda: 0.0), []
    clock.advance(100.0)
    pipeline = SimpleNamespace(decide=lambda given, now: [*given, now])
    phones = PhoneInput(pipeline, clock, lambda *step: steps.append(step), confirm=confirm)
    phones.sighting(100.0 + behind, SIGHTING)
    assert steps == ([(100.0, [SIGHTING, 100.0], True)] if evaluated else [])


def test_the_console_is_told_last_and_its_fault_keeps_nothing_back(parts, alert):
    made = parts({"console.issued", "console.step"}, console=True)
    made.outputs.step(101.0, [alert], True)
    assert made.calls[0] == "recorder.step"
    assert made.calls.index("gateway.publish") < made.calls.index("console.issued")
    assert made.calls[-1] == "console.step"
    assert made.side.failed["console"] == 2
