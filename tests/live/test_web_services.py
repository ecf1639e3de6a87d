"""ObsPy's FDSN client at a live machine that a recording is played to."""

import asyncio
import contextlib
import os
import subprocess
import sys

import pytest

from forewave.archive.waveforms import ArchiveLimits, WaveformArchive
from forewave.config import Settings, read
from forewave.live.build import build
from forewave.live.web_services import web_services
from forewave.settings import CatalogueSettings, WaveformSettings
from forewave.sources.replay import arrivals
from tests.archive.catalogue.conftest import server
from tests.live import live_made

__all__ = ["server"]

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("postgresql")]
SOURCE = '[[sources]]\nkind = "archive"\npath = "then"\nspeed = 0\npacket_s = 1\n'

# Every request that is shown, in a process of its own: ObsPy's client is a client like others.
CLIENT = """
import sys, warnings
from obspy.clients.fdsn import Client
from obspy.clients.fdsn.header import FDSNBadRequestException, FDSNNoDataException
from obspy import UTCDateTime
from obspy.io.stationxml.core import validate_stationxml
from obspy.io.quakeml.core import _validate
warnings.simplefilter("error")
folder, base = sys.argv[1:]
client = Client(base)
assert {"event", "station", "dataselect"} <= set(client.services), client.services
everything = {"includearrivals": True, "includeallorigins": True, "includeallmagnitudes": True}
events = client.get_events(mode="drill", **everything)
event = events[0]
origin = event.preferred_origin()
assert str(events) and str(event) and str(origin)
assert len(origin.arrivals) == len(event.picks) > 3
assert all(arrival.pick_id.get_referred_object() for arrival in origin.arrivals)
try:
    client.get_events()
except FDSNNoDataException:
    pass
else:
    raise AssertionError("a drill is given as an earthquake")
near = client.get_events(mode="drill", latitude=origin.latitude, longitude=origin.longitude,
    maxradius=0.1, starttime=origin.time - 1, endtime=origin.time + 1, orderby="magnitude")
assert len(near) == 1
inventory = client.get_stations(level="response")
assert str(inventory) and str(inventory[0]) and str(inventory[0][0]) and str(inventory[0][0][0])
client.get_stations(level="response", filename=folder + "/s.xml")
assert validate_stationxml(folder + "/s.xml") == (True, ())
client.get_events(mode="drill", filename=folder + "/q.xml", **everything)
assert _validate(folder + "/q.xml")
waveforms = client.get_waveforms("*", "*", "*", "*Z", origin.time - 5, origin.time + 20)
assert len(waveforms) and str(waveforms)
motion = waveforms.copy().remove_response(inventory, output="ACC")
assert 0.01 < max(abs(trace.data).max() for trace in motion) < 20.0
assert all(trace.stats.starttime >= origin.time - 5 for trace in waveforms)
assert all(trace.stats.endtime <= origin.time + 20 for trace in waveforms)
bulk = [("*", "*", "*", "*N", origin.time, origin.time + 9)]
assert len(client.get_waveforms_bulk(bulk)) and len(client.get_stations_bulk(bulk))
try:
    client.get_stations(network="/")
except FDSNBadRequestException as error:
    assert "network: found '/'" in str(error), error
else:
    raise AssertionError("a wrong request is answered")
print(event.resource_id.id, event.preferred_magnitude().mag, sum(len(t) for t in waveforms))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    return (
        "catalogue.sqlite"
        if request.param == "sqlite"
        else request.getfixturevalue("server").database()
    )


def _waits(recorder):
    counts = recorder.catalogue_counts()
    return counts["waiting"] or not counts["written"]


async def served(live, last, folder):
    """What ObsPy finds once all has been played and written, while the machine runs."""
    running = asyncio.create_task(live.run())
    try:
        async with asyncio.timeout(120.0):
            while live.loop.now < last - 1e-5 or _waits(live.recorder):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            await asyncio.to_thread(live.outputs._waveforms.flush)
            command = [sys.executable, "-W", "ignore", "-c", CLIENT, folder, live.gateway.url]
            child = await asyncio.create_subprocess_exec(
                *map(str, command),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=os.environ | {"NO_PROXY": "*"},
            )
            said, _ = await child.communicate()
            return child.returncode, said.decode()
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


def test_obspy_gets_events_stations_and_waveforms_without_a_warning(recording, tmp_path, database):
    packets = arrivals(recording)
    more = f'[catalogue]\ndatabase = "{database}"\n'
    folder = live_made.live_folder(tmp_path / "x", recording, SOURCE, more)
    keep(packets, folder / "then")
    live = build(read(folder / "forewave.toml"), folder)
    code, said = asyncio.run(served(live, packets[-1][0], tmp_path))
    assert code == 0, said
    event, magnitude, samples = said.split()
    last = live_made.recorded(folder)[-1]
    assert event == f"quakeml:forewave/drill/{last.event}"
    assert float(magnitude) == pytest.approx(last.magnitude.value, abs=0.3)
    assert int(samples) > 1000


def keep(packets, folder):
    archive = WaveformArchive(folder, ArchiveLimits(days=36_500.0), lambda: packets[0][0])
    for _, packet in packets:
        archive.add(packet)
    archive.flush()
    assert not archive.lost


def test_only_what_is_kept_and_wanted_is_served(tmp_path):
    def paths(settings, database):
        return {route.path for route in web_services(settings, tmp_path, (), database)}

    assert web_services(Settings(catalogue=CatalogueSettings(fdsnws=False)), tmp_path, (), "") == []
    every = paths(Settings(), "sqlite:///x")
    assert {f"/fdsnws/{name}/1/query" for name in ("event", "station", "dataselect")} <= every
    few = paths(Settings(waveforms=WaveformSettings(folder="")), "")
    assert "/fdsnws/station/1/query" in few
    assert not [path for path in few if "event" in path or "dataselect" in path]
