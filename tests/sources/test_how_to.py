"""The how-to for sources, followed word for word: its blocks make a kind of source that works."""

import re
import sys
import textwrap
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from forewave.formats import protocols
from forewave.sources import SOURCES, registry
from forewave.types import Dropped

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-source.md"
GOOD = b"XX.ABC.00.HNZ 1582315130.25 100 12 -7 3\n"


def blocks(language):
    fence = re.compile(rf"^ *```{language}\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for block in fence.findall(PAGE.read_text())]


def module(name, text):
    made = ModuleType(name)
    exec(compile(text, PAGE.name, "exec"), made.__dict__)
    return made


@pytest.fixture
def parser(monkeypatch):
    made = module("forewave.formats.protocols.sample_lines", blocks("python")[0])
    monkeypatch.setitem(sys.modules, made.__name__, made)
    monkeypatch.setattr(protocols, "sample_lines", made, raising=False)
    return made


@pytest.fixture
def entry(parser, monkeypatch, tmp_path):
    """Reads the page's entry, with other keys."""
    made = module("forewave.sources.line_tcp", "\n".join(blocks("python")[1:]))
    monkeypatch.setitem(sys.modules, made.__name__, made)
    monkeypatch.setitem(SOURCES, made.CARD.kind, made.CARD)
    (table,) = tomllib.loads("".join(blocks("toml")))["sources"]

    def read(**changes):
        return registry.read("forewave.toml", [table | changes], tmp_path)[0]

    return read


def test_a_good_line_is_a_packet_and_any_other_is_dropped(parser):
    packet = parser.packet(GOOD)
    assert (str(packet.stream), packet.start, packet.rate) == ("XX.ABC.00.HNZ", 1582315130.25, 100)
    assert packet.samples.tolist() == [12, -7, 3]
    bad = (b"", GOOD[:-8] + b"x\n", GOOD.replace(b" 100 ", b" 0 "), GOOD[:-1] + b" 1" * 40_000)
    for line in (*bad, GOOD.replace(b"HNZ", b"H\xff"), GOOD.replace(b"12", b"9999999999")):
        assert isinstance(parser.packet(line), Dropped)


def test_its_entry_is_read_checked_and_opened(entry):
    opened = entry()
    (source,) = registry.open_all([opened])
    assert (source.name, source.vouched) == ("line_tcp digitizer.example:4000", True)
    assert list(registry.exposures(opened)) == []
    assert [each.shared for each in registry.exposures(entry(stations=[]))] == [True]
    with pytest.raises(registry.ConfigError, match="server"):
        entry(server="digitizer.example:0")


def test_what_a_server_sends_arrives_and_a_lost_or_silent_one_is_asked_again(lab, entry):
    async def conversation(reader, writer):
        writer.write(GOOD + b"nonsense\n" + GOOD)
        await writer.drain()
        number = next(calls)
        if number == 1:
            writer.write(b"0" * 200_000)  # a line without end
        elif number > 1:
            await reader.read()  # until the client leaves

    calls = iter(range(100))

    async def work():
        async with lab.server(conversation) as port:
            (source,) = registry.open_all([entry(server=f"127.0.0.1:{port}", idle_s=0.2)])
            async with lab.running(source) as inbox:
                taken = await lab.take(inbox, 8)
                (status,) = inbox.statuses()
        assert {str(each.packet.stream) for each in taken} == {"XX.ABC.00.HNZ"}
        assert all(each.packet.vouched for each in taken)
        assert status.dropped["unreadable line"] >= 3
        assert status.connections >= 4

    lab.run(work())


def test_the_files_that_it_names_are_there():
    root = PAGE.parents[2]
    named = set(re.findall(r"`((?:src|tests|docs)/[\w./-]+\.\w+)`", PAGE.read_text()))
    made_up = {"sample_lines.py", "line_tcp.py", "test_sample_lines.py", "test_line_tcp.py"}
    assert {Path(name).name for name in named} > made_up
    assert [n for n in named if Path(n).name not in made_up and not (root / n).exists()] == []
