"""A night that was kept, played again by `forewave run`: it decides as the replay of the same."""

import asyncio
import contextlib

import pytest
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.archive.waveforms import ArchiveLimits, WaveformArchive
from forewave.config import Settings, read
from forewave.formats.recordings import event_directory
from forewave.live.build import build
from forewave.live.places import places
from forewave.pipeline import Pipeline, run
from forewave.sources.replay import arrivals
from forewave.types import Alert
from tests.cases import further
from tests.live import live_made

FLUSH = 30.0  # seconds between two writes, as a live machine does
SOURCE = '[[sources]]\nkind = "archive"\npath = "waveforms-of-then"\nspeed = 0\npacket_s = 1\n'
UNKEPT = '[waveforms]\nfolder = ""\n'
KEPT_TO = 1e-5  # seconds: miniSEED 2 keeps times to a microsecond


@pytest.fixture(
    params=[
        "made",
        "us-ci38038071-la-verne",
        further("us-ci38457511-ridgecrest"),
    ]
)
def then(request):
    """A recording without its own times of arrival, which no archive keeps."""
    if request.param == "made":
        return request.getfixturevalue("recording")
    folder = request.getfixturevalue("recordings") / request.param
    return replace(event_directory.read(folder), receipts=None)


def keep(packets, folder):
    """As a live machine keeps what comes in: packet by packet, written now and then."""
    now = packets[0][0]
    archive = WaveformArchive(folder, ArchiveLimits(days=36_500.0), lambda: now)
    for arrival, packet in packets:
        if arrival > now + FLUSH:
            now = arrival
            archive.flush()
        archive.add(packet)
    archive.flush()
    assert not archive.lost


def replayed(recording, packets):
    sites = places(recording.stations, Settings().towns)
    pipeline = Pipeline(recording.stations, sites, travel_time.load())
    return [word for _, word in run(pipeline, packets) if isinstance(word, Alert)]


async def play(live, last):
    running = asyncio.create_task(live.run())
    async with asyncio.timeout(120.0):
        while live.loop.now < last - KEPT_TO:  # noqa: ASYNC110 (nobody tells us)
            await asyncio.sleep(0.01)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


def test_a_night_from_the_archive_alerts_as_its_replay_does(then, tmp_path):
    packets = arrivals(then)
    expected = replayed(then, packets)
    folder = live_made.live_folder(tmp_path / "x", then, SOURCE, UNKEPT)
    keep(packets, folder / "waveforms-of-then")
    asyncio.run(play(build(read(folder / "forewave.toml"), folder), packets[-1][0]))
    found = live_made.recorded(folder)
    assert expected
    assert [said(alert) for alert in found] == [said(alert) for alert in expected]
    for here, there in zip(found, expected, strict=True):
        assert here.mode == "drill", "the past is never told as actual"
        assert here.issued == pytest.approx(there.issued, abs=KEPT_TO)
        assert here.magnitude.value == pytest.approx(there.magnitude.value, abs=1e-3)
        assert here.origin.lat == pytest.approx(there.origin.lat, abs=1e-3)


def said(alert):
    return alert.id, alert.event, alert.version, alert.kind, alert.level
