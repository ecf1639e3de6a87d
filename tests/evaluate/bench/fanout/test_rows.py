import pytest

from forewave.evaluate.bench.fanout import rows
from forewave.evaluate.bench.fanout.rows import NAMES, ROWS, Place, chosen


def test_the_floor_is_always_among_the_chosen():
    assert [row.name for row in chosen(["nats", "gateway"])] == ["floor", "gateway", "nats"]


def test_the_number_of_processes_is_in_the_title():
    titles = {row.name: (row.title, row.processes) for row in chosen(["gateway", "gateways"], 3)}
    assert titles["gateways"] == ("forewave gateway, 3 processes", 3)
    assert titles["gateway"] == ("forewave gateway", 1)


def test_names_are_unique_and_a_row_that_can_be_missing_says_what_it_needs():
    assert len(set(NAMES)) == len(ROWS)
    assert all(row.needs for row in ROWS if row.missing is not bool)


def test_a_row_is_missing_where_its_package_is(monkeypatch):
    monkeypatch.setattr(rows, "find_spec", lambda name: None)
    monkeypatch.setattr(rows.brokers, "program", lambda name: None)
    missing = {row.name for row in ROWS if row.missing()}
    assert missing == {"websockets", "starlette", "aiohttp", "nats", "mosquitto"}


@pytest.mark.slow
def test_a_server_has_ended_after_the_block(programs, tmp_path):
    (row,) = chosen(["floor"])
    with row.running(Place(tmp_path, programs[0])) as running:
        (child,) = running.children
        assert child.running
        begun, sent = running.publish(1, b"alert")
        assert sent == b"alert"
        assert begun > 0
    assert not child.running
