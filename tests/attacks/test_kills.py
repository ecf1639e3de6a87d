"""A machine that is killed again and again: nobody notices on a page, and no start is refused."""

import asyncio

import pytest
from msgspec.structs import replace

from benchmarks.attack import kills, sequence
from benchmarks.attack.page import Page
from benchmarks.attack.sequence import Quake
from forewave import config
from forewave.formats.recordings import event_directory
from forewave.live.build import build
from tests.attacks.made import ALERT

QUAKE = Quake(after=11.0, lat=24.03, lon=121.42, depth_km=10.0, magnitude=5.6)
SECONDS = 28.0


@pytest.fixture(scope="module")
def made():
    return sequence.recording(SECONDS, [QUAKE], stations=25, seed=3)


async def killer(machine, page):
    """As soon as a page has its first alert; then amid the start, before the stations are warm."""
    await page.until(lambda: bool(page.shown))
    await machine.kill()
    connected = page.connections
    await page.until(lambda: page.connections > connected)
    await machine.kill()
    await machine.until_ready(2)  # the one between was killed before it was


def test_the_client_shows_what_a_page_shows():
    """A version that is not above the last one is passed over; other content of one is noted."""
    page = Page(0)
    first, second = ({"id": "e", "n": n, "t0": 1} for n in (1, 2))
    for message in ({"type": "heartbeat"}, first, first, second, first, {**second, "m": 5.0}):
        page.take(message, 1.0)
    assert [message for _, message in page.shown] == [first, second]
    assert page.conflicts == [("e", 2)]
    assert page.last() == {"e": second}


@pytest.mark.thorough
@pytest.mark.live
def test_an_earthquake_amid_kills_is_told_as_in_an_undisturbed_run(made, tmp_path):
    event_directory.write(tmp_path / "event", made.info, made.stations, made.segments)
    calm = sequence.undisturbed(made)
    seen = asyncio.run(kills.run(tmp_path, made, killer, after=3.0))
    (row,) = [kills.row(QUAKE, made, calm, seen)]
    found = kills.summary([row], seen)
    assert row["calm_events"] == row["events"] == 1
    assert found["kills"] == 2
    assert found["starts refused"] == 0
    assert found["events that are no earthquake"] == found["events cancelled as false"] == 0
    assert found["one version with two contents"] == found["version shown twice"] == 0
    assert found["recorded, but not last on the page"] == 0
    assert row["m"] == pytest.approx(row["calm_m"], abs=0.3)
    assert row["first_s"] == pytest.approx(row["calm_s"], abs=1.0)
    assert [alert.version for alert in seen.recorded] == [*range(1, len(seen.recorded) + 1)]
    assert len(seen.recorded) > 1


def test_an_alert_is_on_the_disk_when_it_is_issued(made, tmp_path, monkeypatch):
    """Or a process that is killed just then issues another one as the same version."""
    event_directory.write(tmp_path / "event", made.info, made.stations, made.segments)
    kills.write_settings(tmp_path, 1, 0, 0)
    live = build(config.read(tmp_path / "forewave.toml", {}), tmp_path)
    live.startup.rebuild()
    on_disk = []
    monkeypatch.setattr(
        live.gateway, "publish", lambda alert: on_disk.append(kills.recorded(tmp_path))
    )
    # a busy machine, no slow disk
    monkeypatch.setattr("forewave.live.persistence.recorder.SETTLE", 30.0)
    for version in (1, 2):
        live.outputs.step(float(version), [replace(ALERT, version=version)], due=True)
    live.recorder.close()
    assert [[alert.version for alert in alerts] for alerts in on_disk] == [[1], [1, 2]]
