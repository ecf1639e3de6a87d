"""Processes of the demo are killed, stopped, continued and started again."""

import signal
import sys
import time

from forewave.cluster.demo.process import Process, free_ports

WAITS = "import time; print('up', flush=True); time.sleep(60)"


def until(condition):
    ends = time.monotonic() + 20.0
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_a_process_is_started_again_after_it_was_killed(tmp_path):
    process = Process("p", [sys.executable, "-c", WAITS], tmp_path, {})
    assert not process.running
    assert process.said() == ""
    process.kill()
    try:
        process.start()
        until(lambda: process.said().count("up") == 1)
        first = process.pid
        process.kill()
        assert not process.running
        process.start()
        until(lambda: process.said().count("up") == 2)
        assert process.pid != first
        process.signal(signal.SIGSTOP)
    finally:
        process.end()  # also one that is stopped
    assert not process.running


def test_free_ports_are_different():
    ports = free_ports(20)
    assert len(set(ports)) == 20
