import asyncio
import contextlib

import pytest

from forewave.archive.catalogue.records import ActRecord
from forewave.live.persistence import acts
from forewave.live.persistence.acts import Acts
from forewave.operators.audit import AuditLog


def test_every_line_is_given_once_as_it_is(tmp_path):
    log, given = AuditLog(tmp_path / "audit.jsonl", lambda: 1e9), []
    feed = Acts(log.path, given.append)
    feed.look()
    assert given == []
    log.add("login", who="anna")
    log.add("cancel", who="anna", event="fw1")
    feed.look()
    feed.look()
    log.add("stop")
    feed.look()
    lines = log.path.read_bytes().split(b"\n")[:-1]
    assert given == [ActRecord(line) for line in lines]
    assert len(given) == 3


def test_a_line_that_is_being_written_waits_for_its_end(tmp_path):
    path, given = tmp_path / "audit.jsonl", []
    line = b'{"time":"2026-01-01T00:00:00.000Z","what":"stop"}'
    path.write_bytes(line[:20])
    feed = Acts(path, given.append)
    feed.look()
    assert given == []
    path.write_bytes(line + b"\n")
    feed.look()
    assert given == [ActRecord(line)]


@pytest.mark.parametrize(
    "bad", [b"no JSON", b"[1]", b'{"what":"x"}', b'{"time":5,"what":"x"}', b"\xff", b"[" * 9999]
)
def test_what_is_no_act_is_passed_over(tmp_path, bad):
    path, given = tmp_path / "audit.jsonl", []
    line = b'{"time":"2026-01-01T00:00:00.000Z","what":"stop"}'
    path.write_bytes(bad + b"\n" + line + b"\n")
    Acts(path, given.append).look()
    assert given == [ActRecord(line)]


def test_a_log_that_cannot_be_read_has_no_acts(tmp_path):
    Acts(tmp_path, [].append).look()


def test_it_looks_until_it_is_cancelled(tmp_path, monkeypatch):
    monkeypatch.setattr(acts, "EVERY", 0.0)
    log, given = AuditLog(tmp_path / "audit.jsonl", lambda: 1e9), []
    log.add("start")

    async def run():
        found = asyncio.Event()
        loop = asyncio.get_running_loop()

        def add(record):
            given.append(record)
            loop.call_soon_threadsafe(found.set)

        task = asyncio.create_task(Acts(log.path, add).run())
        await asyncio.wait_for(found.wait(), 10.0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert len(given) == 1
