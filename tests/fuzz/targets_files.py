"""Parsers of files: inventories, recordings, catalogues, settings, what a live machine keeps."""

import contextlib
import gzip
import io
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from forewave import config
from forewave.archive import event_log, packet_journal
from forewave.channels.datagrams import compact
from forewave.check import secrets
from forewave.delivery import key_list, signing
from forewave.errors import FormatError
from forewave.fdsn import event
from forewave.formats.inventories import fdsn_channels, inventory, stationxml
from forewave.formats.protocols import alert_message
from forewave.formats.recordings import event_directory, event_info, fdsn_events, knet, receipts
from forewave.formats.storage import codec, journal_blocks, log_blocks
from forewave.formats.waveforms import miniseed, miniseed_file, miniseed_index
from forewave.live.persistence import setup_journal
from forewave.operators import audit
from forewave.settings import ServerSettings, Settings
from forewave.simulate import scenario
from forewave.sources.replay import arrivals
from tests.fuzz.target import T0, Take, Target, in_file, plausible, seeds

SETUP = "setup-0123456789abcdef.msgpack"


def _reader(name: str, read: Callable[[Path], object]) -> Target:
    return Target(lambda folder: in_file(folder, name, read))


def _miniseed_file(file: Path) -> None:
    for chunk in (512, 65_536):
        for _ in miniseed_file.read(file, chunk):
            pass
    places, _ = miniseed_index.scan([file])
    for there in places.values():
        for _ in miniseed_index.read([file], there, 8192):
            pass


def _inventory(file: Path) -> None:
    stationxml.components(file, T0)
    inventory.read(file, T0)


def _packed(read: Callable[[bytes], object]) -> Target:
    """What is behind a checksum or a compression that a mutation would only break."""
    return Target(lambda folder: read)


def _receipts(folder: Path) -> Take:
    take = in_file(folder, "packets.csv.gz", lambda file: receipts.read(file, ["XX.ABC", "XX.DEF"]))
    return lambda data: (take(data), take(gzip.compress(data, 1, mtime=0)))


def _tail(folder: Path) -> Take:
    def take(data: bytes) -> None:
        for head in (b"", _tail_head(data)):
            for pieces in journal_blocks.read(head + data, 0.0):
                for piece in pieces:
                    journal_blocks.end_of(piece)
                    with contextlib.suppress(ValueError):  # who reads the folder leaves it out
                        journal_blocks.packet(piece)

    return take


def _tail_head(data: bytes) -> bytes:
    """The right head of a block that is like this."""
    last = struct.pack("<d", T0)
    return struct.pack("<II", len(data), zlib.crc32(data, zlib.crc32(last))) + last


def _tail_folder(folder: Path) -> Take:
    file = folder / "0000000001.tail"
    return in_file(folder, file.name, lambda _: list(packet_journal.read(folder, 0.0)))


def _record(folder: Path) -> Take:
    """As it is, and as a block whose checksum and compression are right."""
    file = folder / "20261126T004923.659717.record"

    def take(data: bytes) -> None:
        deflate = zlib.compressobj(1)
        packed = deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH)
        whole = struct.pack("<II", len(packed), zlib.crc32(packed)) + packed
        faults = 0
        for each in (data, whole):
            file.write_bytes(each)
            for since in (float("-inf"), T0 + 5.0):
                try:
                    list(event_log.entries(folder, stateless=since))
                    list(log_blocks.read(io.BytesIO(each), since))
                except FormatError:
                    faults += 1

    return take


def _setup(folder: Path) -> Take:
    return in_file(folder, SETUP, lambda _: setup_journal.load(folder, SETUP))


def _knet(folder: Path) -> Take:
    return in_file(folder, "AAA0011412311200.UD", lambda _: knet.read_folder(folder))


def _directory(folder: Path) -> Take:
    """An event directory of which one file is wrong: the first byte says which."""
    names = ("event.json", "stations.csv", "packets.csv.gz", "waveforms.mseed")
    good = dict(zip(names, (part[1:] for part in seeds("directory")), strict=True))

    def take(data: bytes) -> None:
        which = names[data[0] % 4] if data else names[0]
        for name, content in good.items():
            (folder / name).write_bytes(data[1:] if name == which else content)
        event_directory.inspect(folder)
        arrivals(event_directory.read(folder), 1.0, 0.5)

    return take


def _key(folder: Path) -> Take:
    file = folder / "forewave.key"
    file.touch(0o600)
    return in_file(folder, file.name, signing.load)


def _certificate(folder: Path) -> Take:
    """Of server and check: a file of the operator, read again at SIGHUP."""
    toml = folder / "forewave.toml"
    settings = Settings(server=ServerSettings(tls_cert="cert.pem"))
    return in_file(folder, "cert.pem", lambda _: list(secrets.secrets(toml, settings)))


def _signed(folder: Path) -> Take:
    """What devices accept is what was signed, to the letter."""
    key = folder / "forewave.key"
    key.write_bytes(seeds("key")[0])
    key.chmod(0o600)
    keys = signing.load(key)
    good = [alert_message.read(data)[1] for data in seeds("signed")]

    def take(data: bytes) -> None:
        signing.unseal(data, keys.trusted)
        assert alert_message.read(data)[1] in good, "a forged message is accepted"

    return take


def _compact(data: bytes) -> None:
    """What is expanded is compact again in one way only."""
    assert compact.compact(compact.expanded(data), len(data)) == data


def _key_list(folder: Path) -> Take:
    """What devices believe is what the root signed, to the letter."""
    good = [alert_message.canonical(json.loads(data)) for data in seeds("key_list")]
    root = json.loads(seeds("key_list")[0])["root"]

    def take(data: bytes) -> None:
        key_list.Follower([root]).take(data, None)
        assert alert_message.canonical(json.loads(data)) in good, "a forged list is believed"

    return take


def _audit(folder: Path) -> Take:
    """Of `audit verify`; then a line is added, whatever the file holds."""

    def read(file: Path) -> None:
        audit.AuditLog(file, lambda: T0).add("start")
        audit.verify(file)

    return in_file(folder, "audit.jsonl", read)


def _packets(data: bytes) -> None:
    plausible(miniseed.packets(data)[0])
    list(miniseed.heads(data))


TARGETS: dict[str, Target] = {
    "miniseed": _packed(_packets),
    "miniseed_file": _reader("XX.ABC.00.HNZ.D.2026.333", _miniseed_file),
    "stationxml": _reader("stations.xml", _inventory),
    "stations_csv": _reader("stations.csv", lambda file: inventory.read(file, T0)),
    "fdsn_channels": _packed(
        lambda data: fdsn_channels.channels(data.decode("utf-8", "replace"), T0)
    ),
    "fdsn_events": _packed(lambda data: fdsn_events.events(data.decode("utf-8", "replace"))),
    "quakeml": _packed(lambda data: event.catalogue("xml", data)),
    "knet": Target(_knet),
    "event_json": _reader("event.json", event_info.read),
    "receipts": Target(_receipts),
    "directory": Target(_directory),
    "settings": _reader("forewave.toml", config.read),
    "scenario": _reader("s.toml", scenario.load_scenario),
    "codec": _packed(codec.decode),
    "tail": Target(_tail),
    "tail_folder": Target(_tail_folder),
    "record": Target(_record),
    "setup": Target(_setup),
    "key": Target(_key),
    "certificate": Target(_certificate),
    "signed": Target(_signed),
    "compact": Target(lambda folder: _compact),
    "key_list": Target(_key_list),
    "audit": Target(_audit),
}
