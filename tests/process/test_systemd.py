import socket

import pytest

from forewave.process.systemd import Supervisor


@pytest.fixture
def systemd(tmp_path):
    """A socket as systemd's, and the lines that came to it."""
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.bind(path)
        link.settimeout(1.0)
        yield path, lambda: link.recv(100).decode()


def test_systemd_is_notified_of_ready_alive_and_stopping(systemd):
    path, line = systemd
    now = [0.0]
    environment = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "4000000"}
    supervisor = Supervisor(environment, lambda: now[0])
    supervisor.ready()
    assert line() == "READY=1"
    for now[0] in (0.5, 1.0, 2.0, 2.6, 3.0):
        supervisor.alive()
    supervisor.stopping()
    assert [line(), line(), line()] == ["WATCHDOG=1", "WATCHDOG=1", "STOPPING=1"]


def test_elsewhere_nothing_happens():
    supervisor = Supervisor({})
    supervisor.ready()
    supervisor.alive()
    supervisor.stopping()


def test_a_supervisor_that_has_gone_is_no_fault(tmp_path):
    Supervisor({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready()
