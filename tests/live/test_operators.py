"""What two operators cancel on a live machine: the rooms decide it, and a replay does the same."""

import asyncio
import json
import time

import pytest
from msgspec.structs import replace

from forewave.archive.event_log import EventLog, EventLogLimits
from forewave.archive.travel_time import load
from forewave.config import Settings
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.formats.storage import codec
from forewave.formats.storage.log_blocks import Began, Step
from forewave.live.loop import Loop
from forewave.live.operators import Operators
from forewave.live.persistence import recovery, setup_journal
from forewave.settings import OperatorSettings
from forewave.sources.intake.inbox import Inbox, ReceivedPacket
from forewave.types import Alert, Dropped, OperatorCancel, Place

BY = ("anna", "bob")


@pytest.fixture(scope="module")
def cancelled(new_pipeline, packets):
    """The steps of a machine whose operators cancel the first alert three seconds later."""
    received = []
    loop = Loop(Inbox(), new_pipeline(), lambda *step: received.append(step))
    alert = None
    asked = False
    for arrival, packet in packets:
        alert = alert or next(
            (w for _, ws, _ in received for w in ws if isinstance(w, Alert)), None
        )
        if alert is not None and not asked and arrival > alert.issued + 3.0:
            loop.resume([OperatorCancel(alert.event, BY)])
            asked = True
        loop.take(ReceivedPacket(arrival, "a", packet))
    assert asked
    kept = (
        (now, tuple(w for w in words if not isinstance(w, Dropped)), updated)
        for now, words, updated in received
    )
    return [Step(now, words) for now, words, updated in kept if words or updated]


def alerts(steps):
    return [word for step in steps for word in step.words if isinstance(word, Alert)]


def test_the_last_version_of_the_event_is_the_cancel(cancelled):
    found = alerts(cancelled)
    event = [alert for alert in found if alert.event == found[0].event]
    assert (event[-1].kind, event[-1].why) == ("cancel", "false")
    assert event[-1].issued <= found[0].issued + 5.0
    assert [alert.version for alert in event] == [*range(1, len(event) + 1)]


def test_a_replay_of_the_event_log_gives_the_same_byte_for_byte(
    tmp_path, recording, somewhere, cancelled
):
    setup = setup_journal.setup_of(Settings().pipeline, recording.stations, tuple(somewhere))
    name, now = setup_journal.keep(setup, tmp_path), cancelled[0].now
    log = EventLog(tmp_path, EventLogLimits(), lambda: now, Began(now, name, None))
    for step in cancelled:
        log.add(step)
    log.close()
    words = []
    found = recovery.replay(tmp_path, lambda now, word: words.append(word))
    again = [codec.encode(word) for word in words if isinstance(word, Alert)]
    assert again == [codec.encode(alert) for alert in alerts(cancelled)]
    assert (found.differ, found.exact) == (0, True)
    assert [word.by for word in words if isinstance(word, OperatorCancel)] == [BY]


def test_after_a_restart_it_stays_cancelled(new_pipeline, cancelled):
    index = next(i for i, step in enumerate(cancelled) if any(a.why for a in alerts([step])))
    rooms = new_pipeline().decider
    recovery.rebuild(rooms, cancelled[: index + 1], cancelled[index].now)
    rest = [word for step in cancelled[index + 1 :] for word in recovery.feed(rooms, step)]
    event = alerts(cancelled)[0].event
    assert not [word for word in rest if isinstance(word, Alert) and word.event == event]


class Machine:
    """Operators beside a gateway and a loop that keeps what it is given."""

    def __init__(self, folder, **settings):
        self.resumed = []
        self.gateway = Gateway(signing.generate(), time.time, load(), port=0, stream_port=0)
        self.operators = Operators(
            OperatorSettings(**settings),
            folder,
            gateway=lambda: self.gateway,
            publish=self.gateway.publish,
            loop=lambda: self,
            clock=time.time,
            wall=time.time,
            travel_times=load(),
        )

    def resume(self, items):
        self.resumed += items


def lines(folder):
    return [json.loads(line) for line in (folder / "audit.jsonl").read_text().splitlines()]


def test_starts_keys_and_stops_are_in_the_audit_log(tmp_path):
    machine = Machine(tmp_path)
    keys = signing.generate()
    machine.operators.started(keys, None, "actual")
    machine.operators.rekeyed(keys, None)
    machine.operators.stopped()
    assert [line["what"] for line in lines(tmp_path)] == ["start", "keys", "stop"]
    assert lines(tmp_path)[0]["key"] == keys.id
    assert machine.operators.routes() == []  # nobody can log in


def test_without_an_audit_log_nothing_is_written(tmp_path):
    machine = Machine(tmp_path, audit="")
    machine.operators.started(signing.generate(), None, "actual")
    machine.operators.stopped()
    assert list(tmp_path.iterdir()) == []


def test_an_audit_log_that_cannot_be_written_is_reported_and_delays_nothing(tmp_path, caplog):
    machine = Machine(tmp_path, audit="gone/audit.jsonl")
    machine.operators.started(signing.generate(), None, "actual")
    machine.operators.stopped()
    assert "the audit log cannot be written" in caplog.text


def test_a_cancel_goes_to_the_rooms_and_a_real_alert_ends_a_drill(tmp_path, cancelled):
    async def work():
        machine = Machine(tmp_path, file="operators.json")
        assert machine.operators.routes()
        item = OperatorCancel("e1", BY)
        machine.operators.cancel(item)
        assert machine.resumed == [item]
        drill = machine.operators._drill.start(Place("here", 24.0, 121.0), 20.0, 7.0)
        assert machine.operators.in_force() == [drill]
        now = time.time()
        real = replace(alerts(cancelled)[0], issued=now, expires=now + 60.0, mode="actual")
        machine.gateway.publish(real)
        machine.operators.issued(real)
        assert machine.operators.in_force() == [real]
        machine.operators.stopped()

    asyncio.run(work())
    assert [line["what"] for line in lines(tmp_path)] == ["drill ended", "stop"]
