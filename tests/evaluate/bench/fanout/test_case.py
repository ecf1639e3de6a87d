import math
import sys
from pathlib import Path

import pytest

from forewave.evaluate.bench.fanout import case
from forewave.evaluate.bench.fanout.alert import messages
from forewave.evaluate.bench.fanout.case import Receipt, Report, faults
from forewave.evaluate.bench.fanout.child import Child
from forewave.evaluate.bench.fanout.rows import Place, Row, Running, chosen, listening, publisher

CLIENTS = 20


def receipt(payload, count=CLIENTS):
    return Receipt(payload, 0, count, 1, 2, 3)


def report(*messages, lost=0, faulty=0):
    return Report(messages, lost, faulty)


A, B = receipt(b"a"), receipt(b"b")
BOTH = ((CLIENTS, 0, b"a"), (CLIENTS, 0, b"b"))


def test_every_alert_once_and_intact_at_every_client_counts():
    assert faults(CLIENTS, [A, B], report(*BOTH)) == ""


def test_a_heartbeat_of_the_gateway_is_no_fault():
    assert faults(CLIENTS, [A], report(BOTH[0], (3, 0, b'{"type":"heartbeat","now":1}'))) == ""


@pytest.mark.parametrize(
    ("receipts", "received", "why"),
    [
        ([A, B], report(BOTH[0]), "alert 2 reached 0 of 20"),
        ([A], report((CLIENTS - 1, 0, b"a")), "alert 1 reached 19 of 20"),
        ([A], report((CLIENTS, 1, b"a")), "1 twice"),
        ([A], report(BOTH[0], (1, 0, b"A")), "1 messages that were never published"),
        ([A], report(BOTH[0], (1, 0, b'{"type":"alert"}')), "never published"),
        ([A], report(BOTH[0], (1, 0, b"[]")), "never published"),
        ([A], report(BOTH[0], lost=1), "1 connections closed"),
        ([A], report(BOTH[0], faulty=2), "2 faulty frames"),
        ([A, A], report(BOTH[0]), "the same"),
    ],
)
def test_anything_else_does_not_count(receipts, received, why):
    assert why in faults(CLIENTS, receipts, received)


def faulty(fault):
    def start(row, place, stack):
        script = Path(__file__).with_name("faulty_server.py")
        child = stack.enter_context(Child([sys.executable, str(script), fault]))
        return Running((child,), listening(child)[0], publisher(child))

    return Row(fault, fault, start)


def measured(row, programs, folder, monkeypatch, late_ms=20_000, clients=CLIENTS):
    monkeypatch.setattr(case, "LATE_MS", late_ms)
    floor, load = programs
    return case.measure(row, clients, Place(folder, floor), load, (), messages(4))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("twice", "alert 2 reached 20 of 20 clients, 1 twice"),
        ("altered", "alert 1 reached 19 of 20"),
        ("missing", "alert 1 reached 10 of 20"),
        ("stray", "1 messages that were never published"),
        ("closing", "connections closed by the server"),
        ("same", "two alerts were the same"),
    ],
)
def test_a_server_that_delivers_wrongly_does_not_count(fault, why, programs, tmp_path, monkeypatch):
    found = measured(faulty(fault), programs, tmp_path, monkeypatch, late_ms=400)
    assert why in found.fault
    assert math.isnan(found.last_ms)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["none", "heartbeat"])
def test_the_same_server_counts_when_it_delivers_rightly(fault, programs, tmp_path, monkeypatch):
    found = measured(faulty(fault), programs, tmp_path, monkeypatch)
    assert found.fault == ""
    assert 0 < found.p50_ms <= found.p99_ms <= found.last_ms <= found.worst_ms
    assert found.cpu_us > 0
    assert found.load_us > 0
    assert found.connect_us > 0
    assert found.other_cores >= 0


@pytest.mark.slow
def test_a_server_that_does_not_start_is_a_fault_with_its_last_words(
    programs, tmp_path, monkeypatch
):
    def start(row, place, stack):
        child = stack.enter_context(Child([sys.executable, "-c", "raise SystemExit('no luck')"]))
        return Running((child,), listening(child)[0], publisher(child))

    assert measured(Row("x", "x", start), programs, tmp_path, monkeypatch).fault == "no luck"


@pytest.mark.slow
def test_a_server_that_dies_in_between_is_a_fault(programs, tmp_path, monkeypatch):
    found = measured(faulty("dying"), programs, tmp_path, monkeypatch, late_ms=400)
    assert found.fault
    assert math.isnan(found.last_ms)


@pytest.mark.slow
def test_clients_that_cannot_connect_are_a_fault(programs, tmp_path, monkeypatch):
    def start(row, place, stack):
        running = floor.start(row, place, stack)
        return Running(running.children, 1, running.publish)  # nothing listens there

    (floor,) = chosen(["floor"])
    found = measured(Row("x", "x", start), programs, tmp_path, monkeypatch)
    assert found.fault == "0 of 20 could connect"
