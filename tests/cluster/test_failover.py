"""A cluster on real NATS, and its publishing process killed in the middle of an event.

`python -m benchmarks.cluster kills` kills and stops processes of every kind at random; the test of
the demo kills some in turn.
"""

import asyncio

import pytest

from tests.cluster.played import SCENARIO, playing
from tests.cluster.screens import lateness

pytestmark = [pytest.mark.alone, pytest.mark.timeout(600)]

LONGEST_WAIT = 2.0  # seconds for an alert, with all processes of a cluster on one machine


@pytest.fixture
def scenario(tmp_path):
    file = tmp_path / "scenario.toml"
    file.write_text(SCENARIO.format(duration=75.0, after=20.0))
    return str(file)


def test_when_the_leader_is_killed_every_screen_has_every_alert_once_and_soon(scenario, tmp_path):
    async def play():
        async with playing(tmp_path / "stage", scenario=scenario) as watched:

            def alerted():
                return watched.alerts() >= 2

            await watched.until(alerted)
            before = watched.alerts()
            watched.leader().kill()

            def more():
                return watched.alerts() >= before + 3

            await watched.until(more, 90.0)
            await asyncio.sleep(2.0)
            return watched.screens

    screens = asyncio.run(play())
    assert len({event for screen in screens for event, *_ in screen.shown}) == 1
    for screen in screens:
        versions = [n for _, n, *_ in screen.shown]
        assert versions == sorted(set(versions))
    waits = lateness(screens)
    assert len(waits) >= 5
    assert None not in [wait for _, wait in waits.values()], waits
    print({key: round(wait, 3) for key, (_, wait) in waits.items()})
    assert max(wait for _, wait in waits.values()) < LONGEST_WAIT, waits
