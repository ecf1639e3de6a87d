"""A live machine in this process: its health over HTTP is that of what it hears."""

import asyncio
import re
import time

import httpx
from msgspec.structs import replace

from forewave.config import NetworkSettings, ServerSettings, Settings
from forewave.live.build import build
from forewave.sources.intake.inbox import ReceivedPacket
from forewave.sources.seedlink.source import SeedLinkSettings
from forewave.types import Packet
from tests.live import live_made

SETTINGS = Settings(
    network=NetworkSettings(inventory="made/stations.csv"),
    server=ServerSettings(port=0, stream_port=0),
)


def now_of(packet, by):
    return Packet(packet.stream, packet.start + by, packet.rate, packet.samples)


def test_what_it_hears_is_what_it_tells(recording, packets, tmp_path):
    folder = live_made.live_folder(tmp_path / "x", recording, "")
    nobody = SeedLinkSettings(f"127.0.0.1:{live_made.free_port()}", ("XX.*",))
    live = build(replace(SETTINGS, sources=(nobody,)), folder)

    async def work():
        running = asyncio.create_task(live.run())
        while live.gateway.port == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(base_url=live.gateway.url, timeout=20) as client:
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()["missing"]) == (503, ["a live source"])
            assert (await client.get("/healthz")).json()["connected"] == 0
            by = time.time() - packets[299][0]  # the last arrives now, none after now
            for arrival, packet in packets[:300]:
                live.loop.take(ReceivedPacket(arrival + by, "made", now_of(packet, by)))
            told = (await client.get("/metrics")).text
            assert 'forewave_latency_seconds_count{stage="compute"} 300.0' in told
            report = (await client.get("/status.json")).json()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return report

    report = asyncio.run(asyncio.wait_for(work(), 60))
    assert {station["code"] for station in report["stations"]} == {
        station.code for station in recording.stations
    }
    assert {station["state"] for station in report["stations"]} == {"good"}
    assert re.search("1 of 1 sources deliver nothing", " ".join(report["problems"]))


def test_what_cannot_be_kept_and_a_clock_that_is_behind_are_told(
    recording, packets, tmp_path, caplog
):
    """A file lies where the record's folder should be; packets come from this machine's future."""
    caplog.set_level("INFO", "forewave")
    folder = live_made.live_folder(tmp_path / "x", recording, "")
    (folder / "record").write_text("no folder")
    nobody = SeedLinkSettings(f"127.0.0.1:{live_made.free_port()}", ("XX.*",))
    live = build(replace(SETTINGS, sources=(nobody,)), folder)

    async def work():
        running = asyncio.create_task(live.run())
        while live.gateway.port == 0 or live.recorder.tail is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(base_url=live.gateway.url, timeout=20) as client:
            by = time.time() - packets[299][0]  # the last arrives now, none after now
            for arrival, packet in packets[:300]:
                live.loop.take(ReceivedPacket(arrival + by, "made", now_of(packet, by + 4.0)))
            while True:
                report = (await client.get("/status.json")).json()
                lost = {where for where, why in report["keeping"].items() if why}
                if lost == {"record", "tail", "catalogue"} and "not kept" in caplog.text:
                    break
                await asyncio.sleep(0.05)
            metrics = (await client.get("/metrics")).text
            await asyncio.sleep(2.5)  # more is lost each tenth of a second
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return report, metrics

    report, metrics = asyncio.run(asyncio.wait_for(work(), 60))
    problems = " ".join(report["problems"])
    assert "record: not stored: File exists" in problems
    assert 'forewave_kept{where="record"} 0.0' in metrics
    assert report["clock"]["state"] == "behind"
    assert re.search(r"it is behind by [23]\.\d s: samples of \d+ of \d+ stations", problems)
    lines = [each for each in caplog.messages if "not kept" in each]
    assert len(lines) == len({line.partition(":")[0] for line in lines})  # one of each
    assert sum("the clock of this computer: it is behind" in each for each in caplog.messages) == 1
