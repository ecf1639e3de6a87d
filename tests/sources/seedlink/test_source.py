import socket
import time
from functools import partial

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.formats.protocols.seedlink import frame_3, frame_4
from forewave.sources import SOURCES
from forewave.sources.base import Left
from forewave.sources.seedlink.source import SeedLinkSettings, connections
from tests.certificate import certificate
from tests.chaos.bad_server import BadServer
from tests.sources.made import HELLO, HELLO_4, one, quick, record

PLACES = ("ABC", "DEF", "GHI")


@pytest.mark.parametrize("protocol", ["3", "4"])
@pytest.mark.parametrize("dtype", [np.int32, np.float32, np.float64])
def test_packets_come_as_they_were_sent(lab, protocol, dtype):
    async def work():
        async with lab.relay() as relay:
            source = one(quick(relay.port, "XX.ABC", "XX.D?F", protocol=protocol))
            async with lab.running(source) as inbox:
                await relay.first_client.wait()
                sent = [lab.packet(n, station, dtype=dtype) for n in (0, 1) for station in PLACES]
                for packet in sent:
                    relay.push(packet)
                wanted = [packet for packet in sent if packet.stream.station != "GHI"]
                count = sum(len(packet.samples) for packet in wanted)
                got = []
                while sum(len(packet.samples) for packet in got) < count:
                    got += [received.packet for received in await inbox.take()]
                for code in ("ABC", "DEF"):
                    assert joined(got, code) == joined(wanted, code)
                assert inbox.statuses()[0].state == "live"

    lab.run(work())


def joined(packets, code):
    mine = [packet for packet in packets if packet.stream.station == code]
    return mine[0].start, mine[0].rate, [x for p in mine for x in p.samples.tolist()]


def test_only_what_is_selected_comes(lab):
    async def work():
        async with lab.relay() as relay:
            source = one(quick(relay.port, "XX.ABC:HNZ HNN", selectors=("HHZ",)))
            async with lab.running(source) as inbox:
                await relay.first_client.wait()
                for channel in ("HHZ", "HNE", "HNN", "HNZ"):
                    relay.push(lab.packet(0, channel=channel))
                got = await lab.take(inbox, 2)
                assert [d.packet.stream.channel for d in got] == ["HNN", "HNZ"]

    lab.run(work())


def test_a_server_that_limits_stations_gets_several_connections(lab):
    stations = tuple(f"XX.S{n}" for n in range(7))
    sources = connections(quick(18000, *stations, stations_per_connection=3))
    assert [source.name for source in sources] == [
        "seedlink 127.0.0.1:18000 XX.S0+2",
        "seedlink 127.0.0.1:18000 XX.S3+2",
        "seedlink 127.0.0.1:18000 XX.S6",
    ]

    async def work():
        async with lab.relay() as relay:
            limited = quick(relay.port, *stations, stations_per_connection=3)
            async with lab.running(*connections(limited)) as inbox:
                await lab.until(lambda: all(s.state == "idle" for s in inbox.statuses()))
                for n in range(7):
                    relay.push(lab.packet(0, f"S{n}"))
                got = await lab.take(inbox, 7)
                assert {d.packet.stream.code for d in got} == set(stations)

    lab.run(work())


def test_a_server_that_does_not_bear_the_question_is_asked_without(lab):
    asked = []

    async def touchy(reader, writer):
        while data := await reader.readline():
            line = data.decode().strip()
            asked.append(line.split()[0])
            if line.startswith("TIME"):
                return
            if line == "END":
                writer.write(frame_3(1, record(lab.packet(5))))
            elif not line.startswith("INFO"):
                writer.write(HELLO if line == "HELLO" else b"OK\r\n")

    async def work():
        async with lab.server(touchy) as port:
            source = one(quick(port))
            source.resume(Left(time.time(), {"XX.ABC": 1.7e9}))
            async with lab.running(source) as inbox:
                (got,) = await lab.take(inbox, 1)
                assert got.packet.start == 1.7e9 + 5
        words = [word for word in asked if word != "INFO"]
        assert words == ["HELLO", "STATION", "TIME", "HELLO", "STATION", "DATA", "END"]

    lab.run(work())


@pytest.mark.parametrize("how", ["error", "odd", "closed"])
@pytest.mark.parametrize("protocol", ["3", "4"])
def test_any_refusal_of_where_to_resume_falls_back_to_plain_data(lab, how, protocol):
    """The server loses the connection once, and its ring begins anew."""
    hello = HELLO if protocol == "3" else HELLO_4
    form = frame_3 if protocol == "3" else partial(frame_4, "XX_ABC")
    met, asked = [], []

    async def forgetful(reader, writer):
        met.append(1)
        while line := (await reader.readline()).decode().strip():
            asked.append(line)
            if line.startswith("DATA ") and how == "closed":
                return
            if line.startswith("DATA "):
                writer.write(b"ERROR\r\n" if how == "error" else b"what?\r\n")
            elif line == "END":
                writer.write(form(len(met), record(lab.packet(len(met)))))
                await writer.drain()
                if len(met) == 1:
                    return
            elif not line.startswith("INFO"):
                writer.write(hello if line == "HELLO" else b"OK\r\n")

    async def work():
        settings = {"protocol": protocol, "idle_s": 5.0}
        async with (
            lab.server(forgetful) as port,
            lab.running(one(quick(port, **settings))) as inbox,
        ):
            await lab.take(inbox, 2)
            assert len(met) == (3 if how == "closed" else 2)
            assert any(line.startswith("DATA ") for line in asked)

    lab.run(work())


def test_a_server_that_offers_version_4_and_refuses_it_is_asked_in_version_3(lab):
    async def boasts(reader, writer):
        while line := (await reader.readline()).decode().strip():
            if line.startswith("SLPROTO"):
                writer.write(b"ERROR UNSUPPORTED\r\n")
            elif line == "END":
                writer.write(frame_3(1, record(lab.packet(1))))
            elif not line.startswith("INFO"):
                writer.write(HELLO_4 if line == "HELLO" else b"OK\r\n")

    async def work():
        async with lab.server(boasts) as port, lab.running(one(quick(port))) as inbox:
            (got,) = await lab.take(inbox, 1)
            assert got.packet.start == 1.7e9 + 1

    lab.run(work())


async def hangs_up(reader, writer):
    await reader.readline()


def test_a_port_without_a_server(lab):
    async def work():
        async with lab.server(hangs_up) as port:
            pass
        async with lab.running(one(quick(port))) as inbox:
            await lab.until(lambda: inbox.statuses()[0].state == "lost")
            assert "refused" in inbox.statuses()[0].reason.lower()

    lab.run(work())


def test_a_server_that_takes_one_command_at_a_time_is_asked_one_by_one(lab):
    met = []

    async def slow_witted(reader, writer):
        met.append(writer)
        while data := await reader.read(4096):
            if data.count(b"\n") > 1:
                return
            if data.startswith(b"END"):
                break
            writer.write(HELLO if data.startswith(b"HELLO") else b"OK\r\n")
        await reader.read(-1)

    async def work():
        async with lab.server(slow_witted) as port:
            source = one(quick(port, "XX.ABC", "XX.DEF", ask=False))
            async with lab.running(source) as inbox:
                await lab.until(lambda: inbox.statuses()[0].state == "idle")
                assert len(met) == 2

    lab.run(work())


def test_a_server_that_took_all_at_once_is_not_asked_one_by_one_for_one_bad_answer(lab):
    asked = []

    async def sometimes_bad(reader, writer):
        await reader.readline()
        writer.write(HELLO)
        asked.append((await reader.read(4096)).count(b"\n"))
        if len(asked) == 1:
            writer.write(b"OK\r\n" * 4)  # data would follow
        if len(asked) == 3:
            await reader.read(-1)

    async def work():
        async with lab.server(sometimes_bad) as port:
            source = one(quick(port, "XX.ABC", "XX.DEF", ask=False))
            async with lab.running(source):
                await lab.until(lambda: len(asked) == 3)
                assert asked == [5, 5, 5]

    lab.run(work())


async def goes_silent(reader, writer):
    writer.write(HELLO + b"OK\r\n" * 2)
    await reader.read(-1)


def test_tls_is_trusted_by_the_file_that_is_named_and_by_nothing_else(lab, tmp_path):
    context, ca = certificate(tmp_path)

    async def work():
        async with lab.server(goes_silent, ssl=context) as port:
            trusting = one(quick(port, tls=True, tls_ca=str(ca)))
            async with lab.running(trusting) as inbox:
                await lab.until(lambda: inbox.statuses()[0].state == "idle")
            async with lab.running(one(quick(port, tls=True))) as inbox:
                await lab.until(lambda: inbox.statuses()[0].state == "lost")
                assert "certificate" in inbox.statuses()[0].reason.lower()

    lab.run(work())


def test_a_server_is_found_again_while_the_name_service_is_gone(lab, monkeypatch):
    async def work():
        async with lab.relay() as relay:
            server = BadServer(relay.port)
            await server.start()
            named = quick(server.port)
            named = replace(named, server=f"localhost:{server.port}")
            async with lab.running(one(named)) as inbox:
                await lab.until(lambda: inbox.statuses()[0].state == "idle")
                monkeypatch.setattr(socket, "getaddrinfo", without_names)
                await server.becomes("dead")
                await lab.until(lambda: inbox.statuses()[0].state == "lost")
                await server.becomes("well")
                await lab.until(lambda: inbox.statuses()[0].connections == 2)
            await server.stop()

    def without_names(host, *rest, **more):
        raise socket.gaierror(socket.EAI_AGAIN, f"no name service for {host}")

    lab.run(work())


def test_it_is_a_row_of_the_table():
    card = SOURCES["seedlink"]
    assert card.settings is SeedLinkSettings
    (source,) = card.open(SeedLinkSettings("geofon.example", ("GE.WLF",)))
    assert source.name == "seedlink geofon.example GE.WLF"
