"""Every row that is installed delivers every alert once and intact, plain and with TLS."""

import pytest

from forewave.evaluate.bench.fanout import case, certificate
from forewave.evaluate.bench.fanout.alert import messages
from forewave.evaluate.bench.fanout.rows import ROWS, Place
from forewave.evaluate.bench.fanout.servers.gateway import STEP_S, StandingClock

CLIENTS = 30
OURS = ("floor", "gateway")


@pytest.mark.slow
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row.name, marks=[] if row.name in OURS else pytest.mark.thorough)
        for row in ROWS
    ],
)
def test_it_delivers_every_alert_once_and_intact(row, tls, programs, tmp_path):
    if row.missing():
        pytest.skip(f"needs {row.needs}")
    floor, load = programs
    files = certificate.make(tmp_path) if tls else None
    found = case.measure(row, CLIENTS, Place(tmp_path, floor, (), files), load, (), messages(4))
    assert found.fault == ""
    assert found.tls is tls
    assert found.cpu_us > 0


def test_the_gateways_clock_stands_until_all_alerts_have_expired():
    clock = StandingClock(1000.0)
    assert clock() == clock() == 1000.0
    clock.expire()
    assert clock() == 1000.0 + STEP_S
