"""Against a few lines of a server, for there is none to install with pip."""

import asyncio
import time

import pytest

from forewave.errors import ConfigError
from forewave.formats.waveforms import miniseed
from forewave.sources import SOURCES
from forewave.sources.base import Left
from forewave.sources.datalink import DataLinkSettings, connections


def frame(header, payload=b""):
    return b"DL" + bytes([len(header)]) + header.encode() + payload


def ok(value=0):
    return frame(f"OK {value} 0")


class Server:
    """Answers as a DataLink server, then sends what it is given. `asked`: all commands."""

    def __init__(self, *packets, latest=7):
        self.asked = []
        self._packets, self._latest = packets, latest

    async def __call__(self, reader, writer):
        while True:
            length = (await reader.readexactly(3))[2]
            header = (await reader.readexactly(length)).decode()
            command = header.split()[0]
            if command == "MATCH":
                header += " " + (await reader.readexactly(int(header.split()[1]))).decode()
            self.asked.append(header)
            if command == "STREAM":
                break
            writer.write(frame("ID DataLink 1.1") if command == "ID" else ok(self._latest))
        for number, payload in self._packets:
            name = "FDSN:XX_ABC_00_H_H_Z/MSEED"
            writer.write(frame(f"PACKET {name} {number} 1 2 3 {len(payload)}", payload))
        if not self._packets or self._packets[-1][1]:
            await reader.read(-1)


def quick(port, **settings):
    usual = {"connect_s": 0.4, "idle_s": 0.6}
    return DataLinkSettings(f"127.0.0.1:{port}", **usual | settings)


def test_packets_come_and_only_what_is_wanted_is_asked_for(lab):
    sent = [lab.packet(n) for n in range(3)]
    server = Server(*[(n, miniseed.encode([packet])) for n, packet in enumerate(sent)])

    async def work():
        async with lab.server(server) as port:
            (source,) = connections(quick(port, match=".*_H_H_.*"))
            async with lab.running(source) as inbox:
                got = await lab.take(inbox, 3)
                assert [d.packet.start for d in got] == [packet.start for packet in sent]
                assert inbox.statuses()[0].state == "live"
        assert [line.split()[0] for line in server.asked] == ["ID", "MATCH", "POSITION", "STREAM"]
        assert server.asked[1].endswith(" .*_H_H_.*")
        assert server.asked[2] == "POSITION SET LATEST"

    lab.run(work())


@pytest.mark.parametrize(("resume_s", "position"), [(60.0, "SET 41"), (0.0, "SET LATEST")])
def test_a_short_loss_is_made_good_and_a_long_one_is_not(lab, resume_s, position):
    server = Server((41, miniseed.encode([lab.packet(0)])), (42, b""))

    async def work():
        async with lab.server(server) as port:
            (source,) = connections(quick(port, resume_s=resume_s))
            async with lab.running(source) as inbox:
                await lab.take(inbox, 2)
        positions = [line for line in server.asked if line.startswith("POSITION")]
        assert positions[1] in (f"POSITION {position}", "POSITION SET 42")

    lab.run(work())


@pytest.mark.parametrize(
    ("ago", "position"), [(0.0, "AFTER 1700000000500000"), (100.0, "SET LATEST")]
)
def test_what_came_while_the_process_was_dead_is_asked_for(lab, ago, position):
    server = Server((41, miniseed.encode([lab.packet(0)])))

    async def work():
        async with lab.server(server) as port:
            (source,) = connections(quick(port))
            source.resume(Left(time.time() - ago, {"XX.A": 1.7e9 + 2.0, "XX.B": 1.7e9 + 0.5}))
            async with lab.running(source) as inbox:
                await lab.take(inbox, 1)
        assert server.asked[1] == f"POSITION {position}"

    lab.run(work())


async def quiet(reader, writer):
    await reader.read(-1)


async def junk(reader, writer):
    writer.write(b"220 mail.example.org\r\n")
    await reader.read(-1)


@pytest.mark.parametrize(
    ("conversation", "reason"),
    [
        (quiet, "no answer"),
        (junk, "Invalid preheader magic: b'22' Connection closed."),
        (Server(), "silent for 0.6 s"),
        (Server((1, b"")), "Connection closed"),
    ],
)
def test_a_faulty_server_is_disconnected_with_a_reason_in_one_line(lab, conversation, reason):
    async def work():
        async with lab.server(conversation) as port:
            sources = connections(quick(port))
            async with lab.running(*sources) as inbox:
                await lab.until(lambda: inbox.statuses()[0].state == "lost")
                assert inbox.statuses()[0].reason == reason

    lab.run(work())


def test_what_is_not_miniseed_is_counted(lab):
    good = miniseed.encode([lab.packet(1)])

    async def work():
        async with lab.server(Server((1, b"x" * 100), (2, good))) as port:
            sources = connections(quick(port))
            async with lab.running(*sources) as inbox:
                await lab.take(inbox, 1)
                assert inbox.statuses()[0].dropped == {"not miniSEED": 1}

    lab.run(work())


@pytest.mark.parametrize("server", ["", "here:port", ":16000", "here:0"])
def test_a_wrong_address_is_refused_in_one_line(server):
    with pytest.raises(ConfigError, match="host:port"):
        connections(DataLinkSettings(server))


def test_it_is_a_row_of_the_table():
    (source,) = SOURCES["datalink"].open(DataLinkSettings("ring.example"))
    assert source.name == "datalink ring.example"
    assert asyncio.iscoroutinefunction(source.run)
