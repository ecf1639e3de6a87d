"""The relay over TLS: with our own source, and with a client that knows nothing of it.

And the pages and the stream, with a browser's checks of certificate and name.
"""

import asyncio
import contextlib
import json
import re
import signal
import ssl

import httpx
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from websockets.asyncio.client import connect

from forewave.cli.main import main
from forewave.errors import ConfigError
from forewave.formats.recordings import event_directory
from forewave.live.build import build
from forewave.relay.server import Relay
from forewave.relay.tls import Certificates, server_context
from forewave.settings import NetworkSettings, RelaySettings, ServerSettings, Settings
from forewave.sources.base import run_sources
from forewave.sources.intake.inbox import Inbox, ReceivedPacket
from forewave.sources.seedlink.source import SeedLinkSettings, connections
from tests import small_network as made_network
from tests.certificate import certificate
from tests.live import live_made
from tests.relay.test_server import packet
from tests.sources.made import quick

pytestmark = pytest.mark.slow

WAIT = 20.0


@contextlib.asynccontextmanager
async def listening(folder, **settings):
    """A relay over TLS, and what a source that trusts its certificate has for us."""
    relay, inbox = Relay(**settings), Inbox()
    await relay.start(tls=server_context(folder / "cert.pem", folder / "key.pem"))
    (source,) = connections(quick(relay.port, tls=True, tls_ca=str(folder / "cert.pem")))
    work = asyncio.create_task(run_sources([source], inbox))
    try:
        await relay.first_client.wait()
        yield relay, inbox
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await relay.stop()


def run(work):
    asyncio.run(asyncio.wait_for(work, WAIT))


async def numbers(inbox, count):
    """When the packets that come begin."""
    taken = []
    while len(taken) < count:
        taken += await inbox.take()
    return [each.packet.start - packet(0).start for each in taken]


def test_our_own_source_reads_it(tmp_path):
    certificate(tmp_path)

    async def work():
        async with listening(tmp_path) as (relay, inbox):
            for number in range(3):
                relay.push(packet(number))
            assert await numbers(inbox, 3) == [0, 1, 2]

    run(work())


def test_who_is_slower_than_the_network_still_gets_all(tmp_path):
    certificate(tmp_path)

    async def work():
        async with listening(tmp_path, held_bytes=4096) as (relay, inbox):
            for number in range(2000):
                relay.push(packet(number))
            assert await numbers(inbox, 2000) == list(range(2000))
            assert relay.counts == {}

    run(work())


def test_who_does_not_read_is_cut_off_here_too(tmp_path):
    certificate(tmp_path)
    trusted = ssl.create_default_context(cafile=tmp_path / "cert.pem")

    async def work():
        async with listening(tmp_path, ring_limit=200, held_bytes=4096) as (relay, inbox):
            opened = asyncio.open_connection("127.0.0.1", relay.port, ssl=trusted)
            _, writer = await opened
            writer.write(b"STATION ABC XX\r\nDATA\r\nEND\r\n")
            while relay.streaming < 2:  # noqa: ASYNC110 (nobody tells us)
                await asyncio.sleep(0.001)
            writer.transport.pause_reading()
            reading = asyncio.create_task(numbers(inbox, 8000))
            for number in range(8000):
                relay.push(packet(number))
                await asyncio.sleep(0)
            assert await reading == list(range(8000))
            assert relay.counts == {"slow": 1}
            writer.transport.abort()

    run(work())


def test_who_speaks_no_tls_gets_nothing_and_costs_nothing(tmp_path):
    certificate(tmp_path)

    async def work():
        async with listening(tmp_path) as (relay, inbox):
            reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
            writer.write(b"HELLO\r\n")
            with contextlib.suppress(ConnectionError):
                assert b"SeedLink" not in await reader.read()
            writer.close()
            relay.push(packet(0))
            assert await numbers(inbox, 1) == [0]
            assert relay.connected == 1

    run(work())


def test_the_command_plays_over_tls(tmp_path):
    certificate(tmp_path)
    made = made_network.recording(count=1)
    event_directory.write(tmp_path / "event", made.info, made.stations, made.segments)
    typed = ["event", "--port", 0, "--wait", 60, "--tls-cert", "cert.pem", "--tls-key", "key.pem"]

    async def read(port):
        ca = str(tmp_path / "cert.pem")
        sources = connections(quick(port, "XX.S00", tls=True, tls_ca=ca, connect_s=5))
        inbox = Inbox()
        work = asyncio.create_task(run_sources(sources, inbox))
        await inbox.take()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    with live_made.running(tmp_path, "relay", *typed) as relay:
        said = relay.until(lambda said: " over TLS on " in said)
        run(read(int(re.search(r"127\.0\.0\.1:(\d+)", said)[1])))


@pytest.mark.parametrize(
    ("certificate_file", "key", "says"),
    [
        ("none.pem", None, r"none\.pem: No such file or directory"),
        ("cert.pem", None, r"cert\.pem: .+"),
        ("cert.pem", "other/key.pem", r"cert\.pem and .*key\.pem: key values mismatch"),
        ("text", "key.pem", r"text and .*key\.pem: .+"),
        ("cert.pem", "locked.pem", r"locked\.pem: .+"),
    ],
)
def test_files_that_cannot_be_used_are_one_line(tmp_path, certificate_file, key, says):
    (tmp_path / "other").mkdir()
    certificate(tmp_path)
    certificate(tmp_path / "other")
    (tmp_path / "text").write_text("hello")
    plain = (tmp_path / "key.pem").read_bytes()
    (tmp_path / "locked.pem").write_bytes(locked(plain))
    with pytest.raises(ConfigError, match=says) as error:
        server_context(tmp_path / certificate_file, tmp_path / key if key else None)
    assert "\n" not in str(error.value)


def locked(key):
    """The same key, that only a passphrase opens."""
    return serialization.load_pem_private_key(key, None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )


def test_a_live_machine_hands_on_over_tls(recording, tmp_path):
    folder = live_made.live_folder(tmp_path / "x", recording, "")
    certificate(folder)
    nobody = SeedLinkSettings(f"127.0.0.1:{live_made.free_port()}", ("XX.*",))
    network = NetworkSettings(inventory="made/stations.csv")
    server = ServerSettings(port=0, stream_port=0)
    port = live_made.free_port()
    relay = RelaySettings(on=True, port=port, tls_cert="cert.pem", tls_key="key.pem")
    settings = Settings(network=network, server=server, relay=relay, sources=(nobody,))
    live = build(settings, folder)

    async def work():
        running = asyncio.create_task(live.run())
        inbox = Inbox()
        own = quick(port, "*.*", tls=True, tls_ca=str(folder / "cert.pem"))
        reading = asyncio.create_task(run_sources(connections(own), inbox))
        came = asyncio.create_task(inbox.take())
        number = 0
        while not came.done():
            made = packet(number)
            live.loop.take(ReceivedPacket(made.start + 1.5, "made", made))
            number += 1
            await asyncio.sleep(0.05)
        assert (await came)[0].packet.stream == packet(0).stream
        for task in (running, reading):
            task.cancel()
        await asyncio.gather(running, reading, return_exceptions=True)

    run(work())


def test_a_key_without_a_certificate_is_a_mistake(tmp_path):
    key = tmp_path / "key.pem"
    key.touch()
    done = CliRunner().invoke(main, ["relay", str(tmp_path), "--tls-key", str(key)])
    assert done.exit_code == 2
    assert f"--tls-key {key}: expected together with --tls-cert" in done.output


async def asked(url, trusted):
    """What the pages say of the stream, and what the stream says first."""
    async with httpx.AsyncClient(base_url=url, verify=trusted, trust_env=False) as client:
        port = (await client.get("/config.json")).json()["stream_port"]
    async with connect(f"wss://127.0.0.1:{port}/", ssl=trusted) as stream:
        return json.loads(await stream.recv())


def trusting(file):
    return ssl.create_default_context(cafile=file)


def test_two_lines_of_settings_and_sighup_for_the_next_certificate(recording, tmp_path):
    """Served over https and wss, for who trusts the certificate; plain HTTP gets nothing."""
    sources = live_made.seedlink(live_made.free_port())
    folder = live_made.live_folder(tmp_path / "x", recording, sources)
    toml = folder / "forewave.toml"
    lines = '[server]\ntls_cert = "cert.pem"\ntls_key = "key.pem"\n'
    toml.write_text(toml.read_text().replace("[server]\n", lines))
    first, second = trusting(certificate(folder)[1]), trusting(certificate(tmp_path)[1])
    with live_made.running(folder, "run") as live:
        said = live.until(lambda said: "ready: https://" in said)
        url = re.search(r"ready: (https://127\.0\.0\.1:\d+/)", said)[1]
        assert asyncio.run(asked(url, first))["type"] == "heartbeat"
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE"):
            asyncio.run(asked(url, second))
        with pytest.raises(httpx.HTTPError):
            httpx.get(url.replace("https", "http"), trust_env=False)
        for name in ("cert.pem", "key.pem"):
            (folder / name).write_bytes((tmp_path / name).read_bytes())
        live.process.send_signal(signal.SIGHUP)
        live.until(lambda said: "server: certificate read again" in said)
        assert asyncio.run(asked(url, second))["type"] == "heartbeat"
        (folder / "key.pem").write_text("no key")
        live.process.send_signal(signal.SIGHUP)
        live.until(lambda said: "server: the previous certificate stays in use" in said)
        assert asyncio.run(asked(url, second))["type"] == "heartbeat"
        assert live.stop() == 0


def test_certificates_of_what_is_off_are_not_read(tmp_path):
    relay = RelaySettings(on=False, tls_cert="none.pem")
    made = Certificates(Settings(relay=relay), tmp_path)
    assert made.server is None
    assert made.relay is None
    made.renew()
