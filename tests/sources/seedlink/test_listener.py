import asyncio

import pytest

from forewave.formats.protocols.seedlink import frame_3
from tests.sources.made import HELLO, INFO, one, quick, record


async def quiet(reader, writer):
    await reader.read(-1)


async def hangs_up(reader, writer):
    await reader.readline()


async def talks_mail(reader, writer):
    writer.write(b"220 mail.example.org\r\n250 hello\r\n")
    await reader.read(-1)


async def refuses(reader, writer):
    writer.write(HELLO + b"ERROR\r\n" * 2)
    await reader.read(-1)


async def goes_silent(reader, writer):
    writer.write(HELLO + b"OK\r\n" * 2)
    await reader.read(-1)


async def answers_once(reader, writer):
    """Shows that it can answer INFO, and then nothing more."""
    writer.write(HELLO + b"OK\r\n" * 2 + INFO)
    await reader.read(-1)


async def sends_junk(reader, writer):
    writer.write(HELLO + b"OK\r\n" * 2 + b"\x00\xff" * 40)
    await reader.read(-1)


async def sends_nothing_else(reader, writer):
    writer.write(HELLO + b"OK\r\n" * 2 + b"x" * 40_000)
    await reader.read(-1)


async def stops_in_the_middle(reader, writer):
    writer.write(HELLO + b"OK\r\n" * 2 + b"SL000001half a record")
    await reader.read(-1)


async def tells_of_an_error(reader, writer):
    writer.write(HELLO + b"OK\r\n" * 2 + b"ERROR LIMIT enough\r\n")
    await reader.read(-1)


async def ends(reader, writer):
    writer.write(HELLO + b"OK\r\n" * 2 + b"END")
    await reader.read(-1)


@pytest.mark.parametrize(
    ("conversation", "reason", "dropped"),
    [
        (quiet, "no answer for 0.4 s", {}),
        (hangs_up, "closed by the server", {}),
        (talks_mail, "no SeedLink server, it sent '220 mail.example.org'", {"not SeedLink": 1}),
        (refuses, "refused every station; XX_ABC: STATION: no reason given", {"not SeedLink": 1}),
        (goes_silent, "silent for 0.5 s", {}),
        (answers_once, "silent for 0.2 s, and does not answer", {}),
        (sends_junk, "silent for 0.5 s", {"not SeedLink": 1}),
        (sends_nothing_else, "expected SeedLink packets, found b'xxxxx'", {"not SeedLink": 2}),
        (stops_in_the_middle, "silent for 0.5 s", {}),
        (tells_of_an_error, "server sent an error: ERROR LIMIT enough", {}),
        (ends, "ended by the server", {}),
    ],
)
def test_a_faulty_server_is_disconnected_with_a_reason_in_one_line(
    lab, conversation, reason, dropped
):
    async def work():
        async with lab.server(conversation) as port, lab.running(one(quick(port))) as inbox:
            await lab.until(lambda: inbox.statuses()[0].state == "lost")
            status = inbox.statuses()[0]
            assert (status.reason, status.dropped) == (reason, dropped)

    lab.run(work())


def test_a_server_that_answers_but_sends_nothing_is_called_idle_and_left_after_a_while(lab):
    async def work():
        async with lab.relay() as relay:
            source = one(quick(relay.port, idle_s=0.2, dataless_s=0.6))
            async with lab.running(source) as inbox:
                reasons = []

                def told():
                    reasons.append(inbox.statuses()[0].reason)
                    return inbox.statuses()[0].state == "lost"

                await lab.until(told)
                assert "connected, no data yet" in reasons
                assert "answers, but sends no data" in reasons
                assert reasons[-1] == "answers, but sent no data for 0.6 s"

    lab.run(work())


def test_a_station_that_is_refused_is_named_while_the_others_are_live(lab):
    async def choosy(reader, writer):
        writer.write(HELLO + b"OK\r\nOK\r\nERROR\r\nERROR\r\n")
        writer.write(frame_3(1, record(lab.packet(0))))
        await reader.read(-1)

    async def work():
        async with lab.server(choosy) as port:
            source = one(quick(port, "XX.ABC", "XX.DEF"))
            async with lab.running(source) as inbox:
                await lab.take(inbox, 1)
                await lab.until(lambda: inbox.statuses()[0].reason)
                status = inbox.statuses()[0]
                assert status.state == "live"
                assert status.reason == "stations refused: 1, XX_DEF: STATION: no reason given"
                assert status.dropped == {"station refused": 1}

    lab.run(work())


def conversation(packets, *, data=b"OK\r\n", info=INFO, asked=None, met=None):
    """A server that answers DATA and INFO so, and sends these packets after END."""

    async def talk(reader, writer):
        if met is not None:
            met.append(1)
        while line := (await reader.readline()).decode().strip():
            if asked is not None:
                asked.append(line)
            word = line.split()[0]
            if word == "END":
                writer.write(b"".join(packets))
            else:
                writer.write({"HELLO": HELLO, "DATA": data, "INFO": info}.get(word, b"OK\r\n"))

    return talk


@pytest.mark.parametrize("info", [b"ERROR\r\n", b"ERROR UNSUPPORTED no such question\r\n", b""])
def test_a_server_that_does_not_answer_info_is_listened_to(lab, info):
    async def work():
        packets = [frame_3(n, record(lab.packet(n))) for n in range(3)]
        asked, met = [], []
        talk = conversation(packets, info=info, asked=asked, met=met)
        async with lab.server(talk) as port:
            source = one(quick(port, idle_s=5.0))
            async with lab.running(source) as inbox:
                assert len(await lab.take(inbox, 3)) == 3
                await lab.until(lambda: "INFO ID" in asked)
                await asyncio.sleep(0.5)
                assert inbox.statuses()[0].state == "live"
                assert met == [1]
                assert info == b"" or asked.count("INFO ID") == 1

    lab.run(work())


def test_a_server_that_ends_the_connection_when_asked_whether_it_lives_is_not_asked(lab):
    asked = []

    async def touchy(reader, writer):
        while line := (await reader.readline()).decode().strip():
            asked.append(line)
            if line.startswith("INFO"):
                return
            if line == "END":
                await asyncio.sleep(0.2)
                if "INFO ID" not in asked[-2:] and asked.count("INFO ID") == 1:
                    writer.write(frame_3(1, record(lab.packet(1))))
            else:
                writer.write(HELLO if line == "HELLO" else b"OK\r\n")

    async def work():
        async with lab.server(touchy) as port, lab.running(one(quick(port))) as inbox:
            (got,) = await lab.take(inbox, 1)
            assert got.packet.start == 1.7e9 + 1
            assert asked.count("INFO ID") == 1

    lab.run(work())


@pytest.mark.parametrize("silent_first", [False, True])
def test_a_server_that_does_not_answer_data_is_listened_to(lab, silent_first):
    """Its packets come after END, at once or after a while."""

    async def work():
        async def talk(reader, writer):
            while line := (await reader.readline()).decode().strip():
                if line == "END":
                    await asyncio.sleep(0.3 if silent_first else 0.0)
                    writer.write(frame_3(1, record(lab.packet(1))))
                elif not line.startswith(("DATA", "INFO")):
                    writer.write(HELLO if line == "HELLO" else b"OK\r\n")

        async with lab.server(talk) as port:
            source = one(quick(port, "XX.ABC", "XX.DEF"))
            async with lab.running(source) as inbox:
                (got,) = await lab.take(inbox, 1)
                assert got.packet.start == 1.7e9 + 1
                assert inbox.statuses()[0].connections == 1

    lab.run(work())


def test_a_packet_of_zeros_is_counted_and_the_next_is_read(lab):
    async def work():
        good = [frame_3(n, record(lab.packet(n))) for n in (1, 2)]
        packets = [frame_3(0, bytes(512)), good[0], b"\xff" * 9, good[1]]
        async with (
            lab.server(conversation(packets)) as port,
            lab.running(one(quick(port))) as inbox,
        ):
            got = await lab.take(inbox, 2)
            assert [each.packet.start for each in got] == [1.7e9 + 1, 1.7e9 + 2]
            status = inbox.statuses()[0]
            assert status.dropped == {"not miniSEED": 1, "not SeedLink": 1}
            assert status.connections == 1

    lab.run(work())


def test_a_station_that_was_called_refused_and_comes_is_not_called_so_any_more(lab):
    async def choosy(reader, writer):
        writer.write(HELLO + b"ERROR\r\nOK\r\nOK\r\nOK\r\n")
        writer.write(frame_3(1, record(lab.packet(0))))
        await reader.read(-1)

    async def work():
        async with lab.server(choosy) as port:
            source = one(quick(port, "XX.ABC", "XX.DEF"))
            async with lab.running(source) as inbox:
                await lab.take(inbox, 1)
                assert inbox.statuses()[0].reason == ""

    lab.run(work())


def test_a_damaged_record_is_counted_and_the_next_is_read(lab):
    async def damaged(reader, writer):
        bad = bytearray(record(lab.packet(0)))
        bad[80:200] = b"\xa5" * 120
        good = record(lab.packet(1))
        writer.write(HELLO + b"OK\r\n" * 2 + frame_3(1, bytes(bad)) + frame_3(2, good))
        await reader.read(-1)

    async def work():
        async with lab.server(damaged) as port, lab.running(one(quick(port))) as inbox:
            (received,) = await lab.take(inbox, 1)
            assert received.packet.start == 1.7e9 + 1
            assert inbox.statuses()[0].dropped == {"damaged record": 1}

    lab.run(work())


def test_a_consumer_that_pauses_loses_nothing_and_no_connection(lab):
    async def work():
        async with lab.relay() as relay:
            source = one(quick(relay.port, dataless_s=0.3))
            async with lab.running(source) as inbox:
                await relay.first_client.wait()
                inbox.queues[source.name]._limit = 3
                for n in range(20):
                    relay.push(lab.packet(n))
                await lab.until(lambda: inbox.statuses()[0].waiting == 3)
                await asyncio.sleep(0.5)
                got = await lab.take(inbox, 20)
                assert [d.packet.start - 1.7e9 for d in got] == list(range(20))
                assert inbox.statuses()[0].connections == 1

    lab.run(work())


async def sends_when_asked(reader, writer):
    """Looks for new packets only when a request comes, as a server that sleeps between."""
    while line := await reader.readline():
        if line.startswith(b"INFO"):
            packet = sends_when_asked.packet(sends_when_asked.count)
            writer.write(INFO + frame_3(sends_when_asked.count, record(packet)))
            sends_when_asked.count += 1
        elif not line.startswith(b"END"):
            writer.write(HELLO if line.startswith(b"HELLO") else b"OK\r\n")


@pytest.mark.parametrize(("poll_s", "least", "most"), [(0.01, 20, 10**6), (None, 1, 1)])
def test_a_polling_server_is_woken_only_where_the_settings_say_so(lab, poll_s, least, most):
    sends_when_asked.count, sends_when_asked.packet = 0, lab.packet

    async def work():
        async with lab.server(sends_when_asked) as port:
            source = one(quick(port, answer_s=60.0, idle_s=600.0, poll_s=poll_s))
            async with lab.running(source) as inbox:
                await lab.take(inbox, least)
                await asyncio.sleep(0.2)  # twenty more requests, where there are any
                assert least <= sends_when_asked.count <= most

    lab.run(work())
