"""The audit log in a thread of its own."""

import asyncio
import threading
import time

import pytest

from forewave.operators import writer as writing
from forewave.operators.audit import AuditError, AuditLog, verify
from forewave.operators.writer import Writer


def test_lines_are_in_the_order_of_the_calls(tmp_path):
    writer = Writer(AuditLog(tmp_path / "a.jsonl", time.time))

    async def work():
        writer.note("start")
        head = await writer.record("login", who="anna")
        writer.note("stop")
        return head

    head = asyncio.run(work())
    writer.close()
    assert verify(tmp_path / "a.jsonl").hashes[1] == head
    assert [line.split('"what":"')[1][:5] for line in (tmp_path / "a.jsonl").open()] == [
        "start",
        "login",
        'stop"',
    ]


def test_what_cannot_be_written_is_refused_or_logged(tmp_path, caplog):
    writer = Writer(AuditLog(tmp_path / "gone" / "a.jsonl", time.time))
    with pytest.raises(AuditError, match="No such file"):
        asyncio.run(writer.record("login"))
    writer.note("stop")
    writer.close()
    assert "cannot be written" in caplog.text


def test_without_a_log_nothing_may_be_done():
    with pytest.raises(AuditError, match="there is no audit log"):
        asyncio.run(Writer(None).record("login"))
    Writer(None).note("start")


def test_a_disk_that_hangs_is_not_waited_for(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(writing, "DISK_S", 0.05)
    log, held = AuditLog(tmp_path / "a.jsonl", time.time), threading.Event()
    monkeypatch.setattr(log, "add", lambda *_, **__: held.wait(20))
    writer = Writer(log)
    with pytest.raises(AuditError, match="does not answer"):
        asyncio.run(writer.record("login"))
    writer.note("stop")
    writer.close()
    held.set()
    assert "does not answer" in caplog.text
