"""A drill of operators: never with a real alert, and over when there is one."""

import pytest
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.operators.drill import Drill
from forewave.operators.proposals import RefusedError
from forewave.types import Place

HERE = Place("here", 30.66, 104.06)


class Sent:
    """What was published, and what is in force."""

    def __init__(self):
        self.alerts, self.in_force, self.now = [], [], 1_700_000_000.0
        self.drill = Drill(
            self.alerts.append, lambda: self.in_force, lambda: self.now, travel_time.load()
        )


@pytest.fixture
def sent():
    return Sent()


def test_it_is_published_as_a_drill_and_ended_on_all_devices(sent):
    alert = sent.drill.start(HERE, 20.0, 7.0)
    sent.now += 5.0
    assert sent.drill.running == alert
    assert sent.drill.end() == alert
    begun, ended = sent.alerts
    assert (begun.mode, begun.kind, ended.mode, ended.kind) == ("drill", "new", "drill", "cancel")
    assert (ended.event, ended.version, ended.issued) == (begun.event, 2, sent.now)
    assert sent.drill.end() is None


def test_one_at_a_time_and_over_by_itself(sent):
    alert = sent.drill.start(HERE, 20.0, 7.0)
    with pytest.raises(RefusedError, match="a drill is running"):
        sent.drill.start(HERE, 20.0, 7.0)
    sent.now = alert.expires
    assert sent.drill.running is None
    assert sent.drill.start(HERE, 20.0, 7.0).event != alert.event


def test_a_real_alert_refuses_it_and_ends_it(sent):
    begun = sent.drill.start(HERE, 20.0, 7.0)
    real = replace(begun, event="e1", id="e1.1", mode="actual")
    assert sent.drill.issued(replace(real, kind="cancel")) is None
    assert sent.drill.issued(begun) is None
    assert sent.drill.issued(real) == begun
    sent.in_force = [real]
    with pytest.raises(RefusedError, match="the alert of e1 is in force"):
        sent.drill.start(HERE, 20.0, 7.0)
