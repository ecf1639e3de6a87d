"""A running machine and every channel at once, each with a real receiver."""

import asyncio
import contextlib
import json
import socket
import statistics
import time

import pytest

from forewave.channels.datagrams.compact import expanded
from forewave.config import read
from forewave.delivery.signing import unseal
from forewave.health import prometheus
from forewave.live.build import build
from tests.channels.actuators.test_modbus import COIL, Looking, device
from tests.channels.datagrams.test_lora import received
from tests.channels.datagrams.test_multicast import Receiver
from tests.channels.home_assistant.test_channel import Client, retained
from tests.channels.made import alert_now, until
from tests.channels.test_people import Sink
from tests.channels.test_webhook import listening
from tests.live import live_made
from tests.sources.broker import Broker, free_port

pytestmark = pytest.mark.live

PLACE = 'place = [24.5, 121.5]\nplace_name = "School"\n'
USUAL = """
[[channels]]
type = "webhook"
url = "http://127.0.0.1:{webhook}/"
secret = "x"
[[channels]]
type = "home_assistant"
name = "School"
host = "127.0.0.1"
port = {broker}
[[channels]]
type = "apprise"
urls = ["json://127.0.0.1:{sink}/"]
"""
CHANNELS = (
    USUAL
    + """
[[channels]]
type = "command"
command = ["sh", "-c", "echo $FOREWAVE_REASON $FOREWAVE_EVENT >> told"]
[[channels]]
type = "relay"
on = ["sh", "-c", "echo on >> relay"]
off = ["sh", "-c", "echo off >> relay"]
[[channels]]
type = "modbus"
host = "127.0.0.1"
port = {modbus}
coil = 3
[[channels]]
type = "multicast"
port = {multicast}
interface = "127.0.0.1"
[[channels]]
type = "lora"
port = {lora}
every = 1.0
[[channels]]
type = "webhook"
name = "hopeless"
url = "http://no-such-host.invalid/"
[[channels]]
type = "command"
name = "hanging"
command = ["sleep", "1000"]
"""
)


class Receivers:
    """One of each."""

    def __init__(self, folder):
        (folder / "broker").mkdir()
        self.folder, self.sink = folder, Sink()
        self.broker = Broker.if_there(folder / "broker")
        self.multicast = Receiver(free_port())
        self.radio = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.radio.bind(("127.0.0.1", 0))
        self.radio.setblocking(False)
        self.modbus, self.radioed = free_port(), []

    def close(self):
        self.sink.close()
        self.broker.kill()
        self.multicast.close()
        self.radio.close()

    def settings(self, webhook):
        text = CHANNELS.format(
            webhook=webhook,
            broker=self.broker.port,
            sink=self.sink.server.server_port,
            modbus=self.modbus,
            multicast=self.multicast.socket.getsockname()[1],
            lora=self.radio.getsockname()[1],
        )
        text = text.replace('["sh", "-c", "echo', f'["sh", "-c", "cd {self.folder}; echo')
        return text.replace("[[channels]]\n", f"[[channels]]\n{PLACE}")

    def lines(self, name):
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def radio_got(self):
        self.radioed += received(self.radio)
        return self.radioed


@pytest.fixture
def receivers(tmp_path):
    made = Receivers(tmp_path)
    yield made
    made.close()


def in_earnest(folder, recording, source):
    """The folder of a machine whose alerts are actual ones."""
    live_made.live_folder(folder, recording, source)
    toml = folder / "forewave.toml"
    toml.write_text(toml.read_text().replace('mode = "drill"', 'mode = "actual"'))
    return folder


@contextlib.asynccontextmanager
async def machine(folder):
    """A machine that runs, without a packet."""
    live = build(read(folder / "forewave.toml", {}), folder)
    running = asyncio.create_task(live.run())
    try:
        await until(lambda: live.gateway._server is not None, 60.0)
        yield live
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def metrics(live):
    return prometheus.text(live.health.report(live.loop.clock()))


@pytest.mark.timeout(200)
def test_every_channel_gets_the_same_alert_and_on_expiry_nothing_stale_remains(
    recording, tmp_path, receivers
):
    async def main():
        async with listening() as (hook, port), device(receivers.modbus):
            source = live_made.seedlink(9) + receivers.settings(port)
            folder = in_earnest(tmp_path / "x", recording, source)
            looking = Looking(receivers.modbus)
            async with Client(receivers.broker) as client, machine(folder) as live:
                ready = {"School": "open", "modbus": "open", "multicast": "open", "relay": "open"}
                await until(lambda: ready.items() <= live.channels.states().items())
                await until(lambda: receivers.lines("relay") == ["off"])
                alert = alert_now(lasts=6.0, event="quake")
                began = time.perf_counter()
                live.outputs.step(live.loop.clock(), [alert], True)
                took = time.perf_counter() - began
                await until(lambda: hook.requests)
                await until(lambda: client.now.get("forewave/school/alert") == b"ON")
                await until(lambda: receivers.sink.got)
                await until(lambda: receivers.lines("told") == ["first quake"])
                await until(lambda: receivers.lines("relay") == ["off", "on"])
                await looking.until({COIL, 5})
                await until(lambda: receivers.multicast.take() and receivers.radio_got())
                reached = time.perf_counter() - began
                trusted = live.gateway._keys.trusted
                messages = {
                    receivers.multicast.got[0],
                    expanded(receivers.radioed[0]),
                    client.now["forewave/school/message"],
                    json.dumps(
                        json.loads(hook.requests[0][2])["message"],
                        sort_keys=True,
                        separators=(",", ":"),
                    ).encode(),
                }
                assert len(messages) == 1
                assert unseal(messages.pop(), trusted).id == "quake"
                assert "School" in receivers.sink.got[0]["message"]
                counts = live.channels.tallies()
                await until(lambda: counts["channel hanging"]["send failed: timeout"])
                await until(lambda: counts["channel hopeless"]["send failed: no connection"])

                done = [name for name in counts if name not in ("channels", "channel hanging")]
                done.remove("channel hopeless")
                await until(lambda: all(counts[name]["expired"] for name in done))
                assert receivers.lines("relay") == ["off", "on", "off"]
                line = b'forewave_tally_total{reason="sent first",where="channel School"} 1.0'
                await until(lambda: line in metrics(live))
                up = b'forewave_channel_up{channel="%s"} %s\n'
                await until(lambda: up % (b"School", b"1.0") in metrics(live))
                assert await looking.coils() == {5}
                await until(lambda: "forewave/school/message" not in client.now
                            or client.now["forewave/school/message"] == b"")  # fmt: skip
                kept = await retained(receivers.broker)
                assert kept["forewave/school/alert"] == b"OFF"
                assert set(json.loads(kept["forewave/school/state"]).values()) == {None}
                assert "forewave/school/message" not in kept
                assert receivers.lines("told") == ["first quake", "final quake"]
                sent = len(receivers.multicast.take()), len(receivers.radio_got())
                await asyncio.sleep(1.5)
                assert (len(receivers.multicast.take()), len(receivers.radio_got())) == sent
            looking.client.close()
            return took, reached

    took, reached = asyncio.run(main())
    print(f"step {took * 1000:.1f} ms, last channel {reached * 1000:.0f} ms")
    assert took < 0.5


@pytest.mark.alone
def test_handing_an_alert_to_channels_takes_no_time(recording, tmp_path):
    """Of `step` with and without ten channels whose receivers do not exist."""
    one = '[[channels]]\ntype = "webhook"\nname = "h{}"\nurl = "http://127.0.0.1:9/"\n' + PLACE

    async def measured(folder, number):
        source = live_made.seedlink(9) + "".join(one.format(n) for n in range(number))
        live_made.live_folder(folder, recording, source)
        times = []
        async with machine(folder) as live:
            for version in range(1, 40):
                alert = alert_now(version=version, mode="drill")
                began = time.perf_counter()
                live.channels.publish(live.gateway.publish(alert))
                times.append(time.perf_counter() - began)
                await asyncio.sleep(0.01)
        return statistics.median(times)

    without = asyncio.run(measured(tmp_path / "without", 0))
    with_ten = asyncio.run(measured(tmp_path / "with", 10))
    print(f"publish {without * 1e6:.0f} us, with ten channels {with_ten * 1e6:.0f} us")
    assert with_ten < without + 0.001
