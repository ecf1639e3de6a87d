"""The role record keeps what was observed and published, and nothing that is not signed."""

import asyncio
import time

import pytest
from msgspec.structs import replace

from forewave.archive.event_log import entries
from forewave.cluster.build import build
from forewave.cluster.roles.ingest import Batches
from forewave.cluster.wire import Subjects, sign
from forewave.config import read
from forewave.delivery import signing
from forewave.formats.storage import codec
from forewave.formats.storage.log_blocks import Step
from forewave.types import Alert, Packet, Solution, StationState
from tests.cluster.nats_nodes import opened, three_nodes
from tests.cluster.records import published
from tests.live.live_made import live_folder, seedlink
from tests.small_network import recording

pytestmark = [pytest.mark.live, pytest.mark.slow]


def test_observations_alerts_and_waveforms_are_on_disk_once(tmp_path):
    made = recording(3)
    live_folder(tmp_path, made, seedlink(18000))
    keys, rogue = signing.load(tmp_path / "forewave.key"), signing.generate()
    subjects, now = Subjects("main"), time.time()
    state = StationState("XX.S00", now, 0.5, "good", 1e-6, 1e-9, 1e-9)
    samples = made.segments[0].samples[:100]
    packet = Packet(made.segments[0].stream, float(int(now)), 100.0, samples)

    async def play(nodes):
        settings = read(tmp_path / "forewave.toml", {})
        settings = replace(settings, cluster=replace(settings.cluster, bus=nodes.bus))
        recording_role = asyncio.create_task(build(settings, tmp_path, "record").run())
        async with opened(nodes) as bus:
            await asyncio.sleep(2.0)  # nothing tells that it has subscribed
            subject = subjects.observed("1-1")
            batches = Batches("1-1", 1, lambda data: bus.publish(subject, data))
            batches.step(now, [state], True)
            for key in (keys, rogue):
                record = published("fw1" if key is keys else "fw2", keys=key)
                name = subjects.published(record.alert.event)
                bus.publish(name, sign(record, key, "main"))
            bus.publish(subjects.packets("1-1"), codec.encode(packet))
            for _ in range(20):
                await asyncio.sleep(0.05)
                batches.step(time.time(), [], True)
        recording_role.cancel()
        await asyncio.gather(recording_role, return_exceptions=True)

    with three_nodes(tmp_path) as nodes:
        asyncio.run(play(nodes))
    words = [w for e in entries(tmp_path / "record") if isinstance(e, Step) for w in e.words]
    assert [w for w in words if isinstance(w, StationState)] == [state]
    assert [w.event for w in words if isinstance(w, Alert)] == ["fw1"]
    assert [w.event for w in words if isinstance(w, Solution)] == ["fw1"]
    assert list((tmp_path / "waveforms").rglob("*HNZ*"))
