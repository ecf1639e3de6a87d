"""The audit log: what cannot be changed unnoticed, full disks and killed processes."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from forewave.errors import FormatError
from forewave.operators import audit
from forewave.operators.audit import AuditError, AuditLog, verify


@pytest.fixture
def log(tmp_path):
    return AuditLog(tmp_path / "audit.jsonl", lambda: 1_700_000_000.25)


@pytest.fixture
def five(log):
    for number in range(5):
        log.add("login", who=f"anna{number}", absent=None)
    return log.path


def test_each_line_has_the_hash_of_the_line_before(log):
    first = log.add("login", who="anna")
    second = log.add("propose", who="anna", action="cancel")
    lines = [json.loads(line) for line in log.path.read_text().splitlines()]
    assert lines[0] == {
        "time": "2023-11-14T22:13:20.250Z",
        "what": "login",
        "who": "anna",
        "before": audit.START,
    }
    assert lines[1]["before"] == first
    assert verify(log.path).hashes == [first, second]
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_no_bit_of_a_line_before_the_last_may_change(five):
    data = five.read_bytes()
    end = data.rstrip(b"\n").rindex(b"\n")
    for position in range(end):
        changed = bytearray(data)
        changed[position] ^= 1
        five.write_bytes(bytes(changed))
        with pytest.raises(FormatError, match="does not follow"):
            verify(five)


@pytest.mark.parametrize("change", ["remove", "repeat", "swap"])
def test_no_line_may_be_removed_repeated_or_moved(five, change):
    lines = five.read_bytes().splitlines(keepends=True)
    if change == "remove":
        del lines[2]
    elif change == "repeat":
        lines.insert(2, lines[2])
    else:
        lines[1:3] = lines[2:0:-1]
    five.write_bytes(b"".join(lines))
    with pytest.raises(FormatError, match="does not follow"):
        verify(five)


def test_lines_taken_away_at_the_end_are_missed_by_a_noted_hash(five):
    head = verify(five).head
    five.write_bytes(b"".join(five.read_bytes().splitlines(keepends=True)[:-1]))
    assert head not in verify(five).hashes


@pytest.mark.parametrize("kept", [1, 10, 60])
def test_a_line_that_was_cut_off_is_reported_and_covered_by_the_next(five, log, kept):
    data = five.read_bytes()
    start = data.rstrip(b"\n").rindex(b"\n") + 1
    five.write_bytes(data[: start + kept])
    assert verify(five).cut_off == [5]
    log.add("start")
    assert verify(five).cut_off == [5]
    changed = five.read_bytes().replace(data[start : start + kept] + b"\n", b"\n", 1)
    five.write_bytes(changed)
    with pytest.raises(FormatError):
        verify(five)


def test_threads_and_logs_of_the_same_file_make_one_chain(log, tmp_path):
    other = AuditLog(log.path, time.time)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: (log, other)[i % 2].add("login", who=str(i)), range(200)))
    found = verify(log.path)
    assert (len(found.hashes), found.cut_off) == (200, [])


def test_what_a_full_disk_took_in_part_is_removed_again(five, log, monkeypatch):
    before = five.read_bytes()
    write = os.write
    monkeypatch.setattr(audit.os, "write", lambda file, data: write(file, data[:9]))
    with pytest.raises(AuditError, match="disk is full"):
        log.add("login", who="anna")
    monkeypatch.undo()
    assert five.read_bytes() == before
    log.add("login", who="anna")
    assert len(verify(five).hashes) == 6


def test_a_folder_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(AuditError, match="No such file"):
        AuditLog(tmp_path / "gone" / "audit.jsonl", time.time).add("start")


def test_a_line_has_a_limit(log):
    with pytest.raises(AuditError, match="at most"):
        log.add("login", who="x" * audit.LONGEST)
    assert log.path.read_bytes() == b""


@pytest.mark.live
@pytest.mark.slow
def test_killed_while_writing_leaves_a_log_that_goes_on(tmp_path):
    """Twenty times; each line that was acknowledged is there."""
    path = tmp_path / "audit.jsonl"
    program = (
        "import sys, time\nfrom pathlib import Path\n"
        "from forewave.operators.audit import AuditLog\n"
        "log = AuditLog(Path(sys.argv[1]), time.time)\n"
        "while True: print(log.add('login', who='x' * 4000), flush=True)"
    )
    acknowledged: list[str] = []
    for turn in range(20):
        with subprocess.Popen(
            [sys.executable, "-c", program, path], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for _ in range(3 + turn):
                acknowledged.append(process.stdout.readline().strip())
            process.send_signal(signal.SIGKILL)
            acknowledged += [
                line.strip() for line in process.stdout.readlines() if line.endswith("\n")
            ]
    found = verify(path)
    assert len(acknowledged) > 200
    assert set(acknowledged) <= set(found.hashes)


def test_the_tail_has_the_last_lines_and_says_whether_they_follow(tmp_path):
    log = audit.AuditLog(tmp_path / "audit.jsonl", lambda: 1.79e9)
    heads = [log.add("login", who=f"p{n}") for n in range(8)]
    seen = audit.tail(log.path, 5)
    assert [line["who"] for line in seen.lines] == ["p3", "p4", "p5", "p6", "p7"]
    assert (seen.head, seen.broken) == (heads[-1], 0)
    assert len(audit.tail(log.path, 100).lines) == 8
    lines = log.path.read_text().splitlines(keepends=True)
    log.path.write_text("".join([*lines[:5], *lines[6:]]))
    assert audit.tail(log.path, 100).broken == 2


def test_the_tail_of_a_long_log_begins_with_a_whole_line(tmp_path):
    log = audit.AuditLog(tmp_path / "audit.jsonl", lambda: 1.79e9)
    for n in range(40):
        log.add("propose", who=f"p{n}", note="x" * 900)
    seen = audit.tail(log.path, 3)
    assert seen.broken == 0
    assert seen.lines[-1]["who"] == "p39"
    assert 2 <= len(seen.lines) <= 4


def test_a_line_that_was_cut_off_is_left_out_of_the_tail(tmp_path):
    log = audit.AuditLog(tmp_path / "audit.jsonl", lambda: 1.79e9)
    log.add("start")
    with log.path.open("a") as file:
        file.write('{"time":')
    log.add("stop")
    seen = audit.tail(log.path, 10)
    assert [line["what"] for line in seen.lines] == ["start", "stop"]
    assert seen.broken == 0
