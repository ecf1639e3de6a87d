"""Real sources to servers on the loopback that have each fault that a server can have."""

import asyncio
import contextlib
import re
import socket
import threading
import time

import numpy as np
import pytest

from forewave.check.check import check_config
from forewave.check.finding import ORDER
from forewave.delivery import signing
from forewave.formats.inventories import stations_csv
from forewave.health import ntp
from forewave.relay.server import Relay
from forewave.types import Channel, Packet, Station, StreamId
from tests.chaos.bad_server import BadServer

pytestmark = pytest.mark.live  # sources are listened to for seconds of the clock

RATE = 100.0
LISTEN = 4.0
TOWN = 30.6, 104.0  # Chengdu


def station(code):
    channels = tuple(
        Channel(StreamId("XX", code, "", name), 1e5, "m/s^2", RATE)
        for name in ("HNZ", "HNN", "HNE")
    )
    east = 0.1 * int(code[2:]) if code.startswith("OK") else 0.0
    return Station(f"XX.{code}", TOWN[0], TOWN[1] + east, 500.0, channels)


class Network:
    """A relay that plays stations with faults, and bad servers before it, in a thread."""

    def __init__(self):
        self.sends = {}  # by station: seconds by which its samples are old, and their rate
        self.ports = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def start(self):
        self._run(self._start())

    def stop(self):
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work):
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self):
        self._relay, self._hung = Relay(), None
        await self._relay.start()
        self._hung = BadServer(self._relay.port)
        await self._hung.start()
        await self._hung.becomes("hung")
        self._web = await asyncio.start_server(_answer_as_web, "127.0.0.1", 0)
        self.ports["good"], self.ports["hung"] = self._relay.port, self._hung.port
        self.ports["web"] = self._web.sockets[0].getsockname()[1]
        self._pushing = asyncio.create_task(self._push())

    async def _stop(self):
        self._pushing.cancel()
        await asyncio.gather(self._pushing, return_exceptions=True)
        self._web.close()
        await self._hung.stop()
        await self._relay.stop()

    async def _push(self):
        """Half a second of every station each half second."""
        noise = np.random.default_rng(1)
        began = time.time()
        for n in range(10_000):
            for code, (old, rate, stuck) in self.sends.items():
                count = round(rate / 2)
                for name in ("HNZ", "HNN", "HNE"):
                    samples = noise.integers(-1000, 1000, count).astype(np.int32)
                    samples = samples * 0 + 7 if stuck and name == "HNZ" else samples
                    stream = StreamId("XX", code, "", name)
                    start = began + (n - 1) / 2 - old
                    self._relay.push(Packet(stream, start, rate, samples))
            await asyncio.sleep(max(0.0, began + n / 2 - time.time()))


async def _answer_as_web(reader, writer):
    with contextlib.suppress(OSError):
        await reader.readline()
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n" * 40)
        await writer.drain()
    writer.close()


@pytest.fixture
def network():
    network = Network()
    network.sends = {f"OK{n}": (0.1, RATE, False) for n in range(4)}
    network.start()
    yield network
    network.stop()


class Bench:
    """A forewave.toml beside its inventory and key."""

    def __init__(self, folder, codes):
        self.folder = folder
        self.lines = ["[server]", "port = 0", "stream_port = 0"]
        self.lines += ["[waveforms]", "gb = 0", "[record]", "gb = 0"]
        self.inventory = folder / "stations.csv"
        stations_csv.write(self.inventory, [station(code) for code in codes])
        signing.generate().save(folder / "forewave.key")

    def source(self, port, *codes, host="127.0.0.1", **more):
        names = ", ".join(f'"XX.{code}"' for code in codes)
        self.lines += ["[[sources]]", 'kind = "seedlink"', f'server = "{host}:{port}"']
        self.lines += [f"stations = [{names}]", *(f"{k} = {v}" for k, v in more.items())]

    def rewrite(self, old, new):
        text = self.inventory.read_text()
        assert old in text
        self.inventory.write_text(text.replace(old, new))

    def found(self):
        path = self.folder / "forewave.toml"
        path.write_text("\n".join(self.lines) + "\n")
        return check_config(path, seconds=LISTEN)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(ntp, "synchronised", lambda: True)


GOOD = [f"OK{n}" for n in range(4)]


def test_a_sound_network_has_no_findings(tmp_path, network):
    bench = Bench(tmp_path, GOOD)
    bench.source(network.ports["good"], *GOOD)
    assert bench.found() == []


@pytest.mark.parametrize(("behind", "severity"), [(3.0, "warning"), (60.0, "error")])
def test_when_all_stations_are_ahead_it_is_the_clock_of_this_computer(
    tmp_path, network, behind, severity
):
    network.sends = dict.fromkeys(GOOD, (0.1 - behind, RATE, False))
    bench = Bench(tmp_path, GOOD)
    bench.source(network.ports["good"], *GOOD)
    (found,) = bench.found()
    assert (found.severity, found.subject) == (severity, "clock")
    seconds = re.search(r"of this computer: it is behind by ([\d.]+) s", found.what)
    # Packets of half a second are pushed early here, or late by a machine that is busy.
    assert float(seconds[1]) == pytest.approx(behind, abs=1.0)
    assert "4 of 4 stations" in found.what
    assert "NTP" in found.remedy


@pytest.mark.parametrize("ahead", [25.0, 3600.0])
def test_when_all_stations_are_late_by_the_same_it_is_the_clock_of_this_computer(
    tmp_path, network, ahead
):
    network.sends = dict.fromkeys(GOOD, (0.1 + ahead, RATE, False))
    bench = Bench(tmp_path, GOOD)
    bench.source(network.ports["good"], *GOOD)
    (found,) = bench.found()
    assert (found.severity, found.subject) == ("error", "clock")
    assert re.search(rf"of this computer: {ahead:.0f} s ahead", found.what)


def test_no_data_at_all_is_an_error(tmp_path, network):
    bench = Bench(tmp_path, GOOD)
    bench.source(network.ports["hung"], *GOOD)
    findings = bench.found()
    assert (findings[0].severity, findings[0].what) == ("error", "no data from any station")


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as made:
        return made.getsockname()[1]


@pytest.mark.timeout(120)
def test_twelve_planted_faults_and_more_are_all_named(tmp_path, network, monkeypatch):
    """Each with the words that a person would look for, and with what to do."""
    network.sends |= {
        "LATE": (20.0, RATE, False),
        "FAST": (-2.0, RATE, False),
        "AHEAD": (-3600.0, RATE, False),
        "SLOW": (0.1, 50.0, False),
        "STUCK": (0.1, RATE, True),
        "ALIEN": (0.1, RATE, False),
        "TWICE": (0.1, RATE, False),
    }
    broken = ["NOGAIN", "NOPLACE", "NOUNIT", "RATE10", "TWICE"]
    sick = ["LATE", "FAST", "AHEAD", "SLOW", "STUCK", "NOBODY", "GONE"]
    away = ["DNS", "PORT", "HUNG", "WEB", "TLS"]
    bench = Bench(tmp_path, [*GOOD, *broken, *sick, *away])
    place = ",30.6,104.0,500.0,"
    bench.rewrite(f"NOGAIN,,HNZ{place}100000.0", f"NOGAIN,,HNZ{place}")
    bench.rewrite(f"NOPLACE,,HNZ{place}", "NOPLACE,,HNZ,,,500.0,")
    unit = f"NOUNIT,,HNZ{place}100000.0,counts"
    bench.rewrite(f"{unit} per m/s^2", f"{unit} per volt")
    rate = f"RATE10,,HNZ{place}100000.0,counts per m/s^2"
    bench.rewrite(f"{rate},100.0", f"{rate},10.0")
    line = next(text for text in bench.inventory.read_text().splitlines() if "TWICE,,HNZ" in text)
    bench.rewrite(line, f"{line}\n{line}")
    (tmp_path / "forewave.key").write_text("no key\n")
    (tmp_path / "waves").write_text("a file")
    bench.lines[4:4] = ['folder = "waves"']
    taken = socket.create_server(("127.0.0.1", 0))
    bench.lines[1] = f"port = {taken.getsockname()[1]}"
    monkeypatch.setattr(ntp, "synchronised", lambda: False)
    ports = network.ports
    bench.source(ports["good"], *GOOD, *(c for c in sick if c != "GONE"), "TWICE", "ALIEN")
    bench.source(18000, "DNS", host="nowhere.invalid")
    bench.source(closed_port(), "PORT")
    bench.source(ports["hung"], "HUNG", connect_s=1)
    bench.source(ports["web"], "WEB")
    bench.source(ports["good"], "TLS", tls="true")
    bench.source(ports["good"], "GONE", stationz="[]")
    bench.source(ports["good"], "OK0 OK1")
    bench.lines += ["[alerts]", "aware_intensity = 40", "acton_intensity = 5"]
    with taken:
        told = [f"{f.severity} {f.subject}: {f.what}; {f.remedy}" for f in bench.found()]
    planted = {
        "no gain": ("warning XX.NOGAIN HNZ", "gain missing"),
        "no coordinates": ("warning XX.NOPLACE HNZ", "coordinates missing"),
        "wrong unit": ("warning XX.NOUNIT HNZ", "units name no ground motion"),
        "unsupported rate": ("warning XX.RATE10 HNZ", "sample rate out of range"),
        "duplicate code": ("warning XX.TWICE HNZ", "listed twice"),
        "late": ("warning XX.LATE", "data arrive ", "s late"),
        "fast clock": ("warning XX.FAST", "its clock is", "fast"),
        "clock an hour ahead": ("warning XX.AHEAD", "clock ahead"),
        "rate contradicts": ("warning XX.SLOW", "wrong rate"),
        "stuck": ("warning XX.STUCK HNZ", "same value"),
        "unknown at server": ("no data from", "XX.NOBODY"),
        "in no source": ("no data from", "XX.GONE"),
        "not in inventory": ("note sources", "not in the inventory: XX.ALIEN"),
        "name": ("nowhere.invalid:18000 XX.DNS", "name service"),
        "port closed": ("XX.PORT", "no server listens there"),
        "hung": ("XX.HUNG", "no answer", "firewall"),
        "another program": ("XX.WEB", "no SeedLink server", "another program"),
        "TLS": ("XX.TLS", "no TLS at this port"),
        "key": ("error keys.file", "forewave.key"),
        "port in use": ("error server.port", "cannot be opened"),
        "archive": ("warning waveforms.folder", "cannot be written"),
        "clock of the machine": ("warning clock", "NTP"),
        "value out of range": ("error forewave.toml", "alerts.aware_intensity: expected"),
        "unknown key": ("error forewave.toml", "did you mean alerts.action_intensity?"),
        "unknown key of a source": ("error forewave.toml", "stationz", "did you mean stations?"),
        "no station's name": ("error sources", 'expected a station as "NET.STA"'),
    }
    missed = {
        fault: told
        for fault, words in planted.items()
        if not any(all(word in line for word in words) for line in told)
    }
    assert missed == {}
    assert len(planted) >= 12
    ranks = [ORDER[line.split()[0]] for line in told]
    assert ranks == sorted(ranks), "errors first"
    assert not [line for line in told if "XX.OK" in line and "no data from" in line]
