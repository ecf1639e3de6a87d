"""A cluster on real NATS, and its publishing process killed in the middle of an event.

`python -m benchmarks.cluster kills` kills and stops processes of every kind at random; the test of
the demo kills some in turn.
"""

import asyncio

import pytest

from tests.cluster.clocks import steppable
from tests.cluster.played import SCENARIO, playing
from tests.cluster.screens import lateness

pytestmark = [pytest.mark.alone, pytest.mark.thorough, pytest.mark.timeout(600)]

STEPS = {"decide-1": 2.0, "decide-2": -2.0, "gateway-1": 1.0, "gateway-2": -1.0}  # hours
LONGEST_WAIT = 2.0  # seconds for an alert, with all processes of a cluster on one machine


@pytest.fixture
def scenario(tmp_path):
    file = tmp_path / "scenario.toml"
    file.write_text(SCENARIO.format(duration=75.0, after=20.0))
    return str(file)


def test_clocks_step_and_the_leader_is_killed_and_every_screen_has_every_alert_once_and_soon(
    scenario, tmp_path
):
    """The new leader and two of three gateways have wall clocks that are hours off."""

    async def play(step):
        async with playing(tmp_path / "stage", scenario=scenario) as watched:

            def more_than(count):
                def there():
                    return watched.alerts() >= count

                return there

            await watched.until(more_than(1))
            for name, hours in STEPS.items():
                step(name, hours * 3600.0)
            await watched.until(more_than(2))
            before = watched.alerts()
            watched.leader().kill()
            await watched.until(more_than(before + 3), 90.0)
            await asyncio.sleep(2.0)
            return watched.screens

    with steppable(tmp_path / "steps") as step:
        screens = asyncio.run(play(step))
    assert len({event for screen in screens for event, *_ in screen.shown}) == 1
    for screen in screens:
        versions = [n for _, n, *_ in screen.shown]
        assert versions == sorted(set(versions))
    waits = lateness(screens)
    assert len(waits) >= 5
    assert None not in [wait for _, wait in waits.values()], waits
    print({key: round(wait, 3) for key, (_, wait) in waits.items()})
    assert all(0.0 < wait < LONGEST_WAIT for _, wait in waits.values()), waits
