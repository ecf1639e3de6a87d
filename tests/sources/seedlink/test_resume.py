import time

import pytest

from forewave.formats.protocols.seedlink import frame_3
from forewave.sources.base import Left
from forewave.sources.seedlink.dialogue import Wanted
from forewave.sources.seedlink.resume import resumed
from tests.chaos.bad_server import BadServer
from tests.sources.made import HELLO, one, quick, record


def asked(wanted, last=(), ends=()):
    found = resumed(wanted, dict(last), dict(ends))
    return [(each.station, each.last, each.since) for each in found]


def test_a_pattern_asks_for_each_station_that_fits_it_from_its_own_last_packet():
    wanted = [Wanted("XX_*", ("HH?",))]
    found = resumed(wanted, {"XX_B": 9, "XX_A": 70, "YY_A": 3}, {})
    assert found == [
        Wanted("XX_*", ("HH?",)),
        Wanted("XX_A", ("HH?",), 70),
        Wanted("XX_B", ("HH?",), 9),
    ]


def test_what_is_named_is_asked_for_once_and_with_its_own_selectors():
    wanted = [Wanted("XX_A", ("HNZ",)), Wanted("XX_?", ("HH?",))]
    found = resumed(wanted, {"XX_A": 7, "XX_B": 8, "XX_LONG": 9}, {})
    assert found == [
        Wanted("XX_A", ("HNZ",), 7),
        Wanted("XX_?", ("HH?",)),
        Wanted("XX_B", ("HH?",), 8),
    ]


def test_a_station_that_was_left_by_an_earlier_process_is_asked_for_by_time():
    last, ends = {"XX_A": 7}, {"XX_A": 50.0, "XX_B": 60.0}
    assert asked([Wanted("*_*")], last, ends) == [
        ("*_*", None, None),
        ("XX_A", 7, 50.0),
        ("XX_B", None, 60.0),
    ]


def test_nothing_is_added_where_nothing_is_known():
    assert asked([Wanted("XX_*"), Wanted("XX_A")]) == [("XX_*", None, None), ("XX_A", None, None)]


def test_two_patterns_that_fit_the_same_station_ask_for_it_each_with_its_selectors():
    wanted = [Wanted("XX_*", ("HHZ",)), Wanted("*_A", ("HNZ",))]
    found = resumed(wanted, {"XX_A": 7}, {})
    assert [(each.station, each.selectors) for each in found] == [
        ("XX_*", ("HHZ",)),
        ("XX_A", ("HHZ",)),
        ("*_A", ("HNZ",)),
        ("XX_A", ("HNZ",)),
    ]


@pytest.mark.parametrize("protocol", ["3", "4"])
@pytest.mark.parametrize(("resume_s", "numbers"), [(60.0, [0, 1, 2, 3]), (0.0, [0, 3])])
def test_a_short_loss_is_made_good_and_a_long_one_is_not(lab, protocol, resume_s, numbers):
    async def work():
        async with lab.relay() as relay:
            server = BadServer(relay.port)
            await server.start()
            source = one(quick(server.port, protocol=protocol, resume_s=resume_s))
            async with lab.running(source) as inbox:
                await relay.first_client.wait()
                relay.push(lab.packet(0))
                got = await lab.take(inbox, 1)
                await server.becomes("dead")
                await lab.until(lambda: relay.connected == 0)
                relay.push(lab.packet(1))
                relay.push(lab.packet(2))
                relay.first_client.clear()
                await server.becomes("well")
                await relay.first_client.wait()
                relay.push(lab.packet(3))
                got += await lab.take(inbox, len(numbers) - 1)
                assert [d.packet.start - 1.7e9 for d in got] == numbers
            await server.stop()

    lab.run(work())


@pytest.mark.parametrize("protocol", ["3", "4"])
@pytest.mark.parametrize(
    ("asked", "ago", "numbers"),
    [
        ("XX.A??", 0.0, [1, 2, 3]),
        ("XX.ABC", 0.0, [1, 2, 3]),
        ("XX.A??", 100.0, [3]),
        ("XX.ABC", 100.0, [3]),
    ],
)
def test_what_came_while_the_process_was_dead_is_asked_for(lab, protocol, asked, ago, numbers):
    async def work():
        async with lab.relay() as relay:
            for number in (0, 1, 2):
                for station in ("ABC", "DEF"):
                    relay.push(lab.packet(number, station))
            source = one(quick(relay.port, asked, protocol=protocol))
            ends = {"XX.ABC": 1.7e9 + 1.0, "XX.DEF": 1.7e9, "YY.ABC": 0.0}
            source.resume(Left(time.time() - ago, ends))
            async with lab.running(source) as inbox:
                await relay.first_client.wait()
                relay.push(lab.packet(3))
                got = await lab.take(inbox, len(numbers))
                assert [d.packet.start - 1.7e9 for d in got] == numbers
                assert {d.packet.stream.station for d in got} == {"ABC"}

    lab.run(work())


@pytest.mark.parametrize("protocol", ["3", "4"])
@pytest.mark.parametrize("asked", [("XX.*",), ("XX.S??", "XX.S01"), ("*.*",)])
def test_every_station_of_a_pattern_resumes_where_it_was(lab, protocol, asked):
    places = [f"S{n:02d}" for n in range(12)]

    async def work():
        async with lab.relay() as relay:
            server = BadServer(relay.port)
            await server.start()
            source = one(quick(server.port, *asked, protocol=protocol))
            async with lab.running(source) as inbox:
                await relay.first_client.wait()
                for n, place in enumerate(places):  # the stations' sequence numbers differ
                    for number in range(n % 3, 3):
                        relay.push(lab.packet(number, place))
                got = await lab.take(inbox, sum(3 - n % 3 for n in range(12)))
                await server.becomes("dead")
                await lab.until(lambda: relay.connected == 0)
                for number in (3, 4):
                    for place in places:
                        relay.push(lab.packet(number, place))
                relay.first_client.clear()
                await server.becomes("well")
                await relay.first_client.wait()
                for place in places:
                    relay.push(lab.packet(5, place))
                got += await lab.take(inbox, 3 * 12)
                for n, place in enumerate(places):
                    mine = [d.packet for d in got if d.packet.stream.station == place]
                    assert [p.start - 1.7e9 for p in mine] == [*range(n % 3, 6)]
            await server.stop()

    lab.run(work())


@pytest.mark.parametrize("protocol", ["3", "4"])
def test_a_station_that_is_new_after_the_loss_comes_by_the_pattern(lab, protocol):
    async def work():
        async with lab.relay() as relay:
            server = BadServer(relay.port)
            await server.start()
            async with lab.running(one(quick(server.port, "XX.*", protocol=protocol))) as inbox:
                await relay.first_client.wait()
                relay.push(lab.packet(0, "ABC"))
                await lab.take(inbox, 1)
                await server.becomes("dead")
                await lab.until(lambda: relay.connected == 0)
                relay.first_client.clear()
                await server.becomes("well")
                await relay.first_client.wait()
                relay.push(lab.packet(1, "NEW"))
                (got,) = await lab.take(inbox, 1)
                assert got.packet.stream.station == "NEW"
            await server.stop()

    lab.run(work())


@pytest.mark.parametrize("protocol", ["3", "4"])
def test_how_long_a_loss_was_is_no_matter_of_each_station(lab, protocol):
    """One that sends twice a minute, and had sent long before the loss, misses nothing either."""
    now = [1.7e9]

    async def work():
        async with lab.relay() as relay:
            server = BadServer(relay.port)
            await server.start()
            source = one(quick(server.port, "XX.ABC", "XX.DEF", protocol=protocol))
            async with lab.running(source, clock=lambda: now[0]) as inbox:
                await relay.first_client.wait()
                relay.push(lab.packet(0, "ABC"))
                await lab.take(inbox, 1)
                now[0] += 100.0
                relay.push(lab.packet(0, "DEF"))
                await lab.take(inbox, 1)
                await server.becomes("dead")
                await lab.until(lambda: relay.connected == 0)
                relay.push(lab.packet(1, "ABC"))
                await server.becomes("well")
                (got,) = await lab.take(inbox, 1)
                assert (got.packet.stream.station, got.packet.start) == ("ABC", 1.7e9 + 1)
            await server.stop()

    lab.run(work())


def test_a_server_that_cannot_bear_so_many_stations_is_asked_without_the_past(lab):
    """It takes the pattern and each station, and gives up at END, as ringserver's matcher may."""
    asked = []

    async def touchy(reader, writer):
        lines = []
        while data := await reader.readline():
            line = data.decode().strip()
            lines.append(line)
            if line == "END":
                break
            writer.write(HELLO if line == "HELLO" else b"OK\r\n")
        asked.append(sum(line.startswith("STATION") for line in lines))
        if asked[-1] > 1:
            writer.write(b"ERROR\r\n")
        else:
            writer.write(frame_3(len(asked), record(lab.packet(len(asked)))))
        await writer.drain()

    async def work():
        async with lab.server(touchy) as port:
            source = one(quick(port, "XX.*", ask=False))
            async with lab.running(source) as inbox:
                first, second = await lab.take(inbox, 2)
        assert asked[:3] == [1, 2, 1]
        assert (first.packet.start, second.packet.start) == (1.7e9 + 1, 1.7e9 + 3)

    lab.run(work())
