"""`python -m tests.fuzz.corpus` writes the good inputs that the fuzzer changes, a folder a target.

They are small, kept beside the code, and made by our own writers where there is one. The same are
written each time; `--only NAME` (repeated) writes those of some targets, and leaves the others.
"""

import argparse
import gzip
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import msgspec
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from obspy import UTCDateTime
from obspy.core.event import Catalog, Event, Magnitude, Origin, ResourceIdentifier

from forewave.channels.datagrams import compact
from forewave.delivery import key_list, signing
from forewave.formats.protocols import packet_message, shake
from forewave.formats.protocols.alert_message import to_message
from forewave.formats.protocols.seedlink import frame_3, frame_4, info_3, info_4
from forewave.formats.storage import codec, journal_blocks, log_blocks
from forewave.formats.waveforms import miniseed
from forewave.live.persistence import setup_journal
from forewave.operators import audit
from forewave.pipeline import PipelineSettings
from forewave.types import Packet, Pick, Place, StationState, StreamId
from tests.attacks.made import ALERT
from tests.certificate import certificate
from tests.fuzz.target import CORPUS, STATION, STREAM, T0

ODD = Path(__file__).parents[1] / "formats" / "odd"
NOISE = np.random.default_rng(1)
PACKETS = [
    Packet(STREAM, T0, 100.0, NOISE.integers(-1000, 1000, 200).astype(np.int32)),
    Packet(StreamId("XX", "ABC", "00", "HNN"), T0, 100.0, NOISE.normal(size=60).astype(np.float32)),
    Packet(StreamId("XX", "ABC", "00", "HNE"), T0, 100.0, NOISE.normal(size=40)),
    Packet(StreamId("XX", "DEF", "", "BHZ"), T0 + 3.3, 20.0, np.arange(50, dtype=np.int32) << 20),
]
PICK = Pick("id", STREAM, "P", T0, 0.1)
STATE = StationState("XX.ABC", T0, 0.1, "good", 1.0, 1.0, 1.0)


def _xml() -> bytes:
    gain = (
        "<Response><InstrumentSensitivity><Value>1000.0</Value><Frequency>1</Frequency><InputUnits>"
        "<Name>m/s**2</Name></InputUnits><OutputUnits><Name>counts</Name></OutputUnits>"
        '</InstrumentSensitivity><Stage number="1"><StageGain><Value>1000</Value>'
        "<Frequency>1</Frequency></StageGain></Stage></Response>"
    )
    place = "<Latitude>1.0</Latitude><Longitude>2.0</Longitude><Elevation>3</Elevation>"
    channels = "".join(
        f'<Channel code="{code}" locationCode="00" startDate="2010-01-01T00:00:00">{place}'
        f"<Depth>0</Depth><Azimuth>0</Azimuth><Dip>{dip}</Dip><SampleRate>100</SampleRate>{gain}"
        "</Channel>"
        for code, dip in (("HNZ", -90), ("HNN", 0))
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><FDSNStationXML schemaVersion="1.1" '
        'xmlns="http://www.fdsn.org/xml/station/1"><Source>x</Source><Created>2020-01-01T00:00:00'
        f'</Created><Network code="XX"><Station code="ABC">{place}<Site><Name>n</Name></Site>'
        f"{channels}</Station></Network></FDSNStationXML>"
    ).encode()


CSV = (
    b"net,sta,loc,cha,lat,lon,elev_m,gain,units,sample_rate\n"
    b"XX,ABC,00,HNZ,1.0,2.0,3,1000.0,counts per m/s^2,100\n"
    b"XX,ABC,00,HNN,1.0,2.0,3,1000.0,counts per m/s^2,100\n"
    b"XX,DEF,,BHZ,1.0,2.0,3,1e9,counts per m/s,20\n"
)
EVENT = json.dumps(
    {
        **{"id": "x", "origin_time": "2026-09-22T04:53:20Z", "lat": 1.0, "lon": 2.0},
        **{"depth_km": 10, "magnitude": 5.5, "magtype": "Mw", "region": "r", "source": "s"},
        "event_type": "earthquake",
        "other_catalogue_events_in_window": [
            {"origin_time": T0, "lat": 1, "lon": 2, "depth_km": 3, "magnitude": 4}
        ],
    }
).encode()
RECEIPTS = (
    b"sta,last_sample_time_unix,server_receive_time_unix,n_samples\n"
    b"ABC,1790000000.5,1790000001.2,100\nXX.ABC,1790000001.5,1790000002.2,100\n"
)
CHANNELS = (
    b"#Network | Station | Location | Channel | Latitude | Longitude | Elevation | Depth | "
    b"Azimuth | Dip | SensorDescription | Scale | ScaleFreq | ScaleUnits | SampleRate | "
    b"StartTime | EndTime\n"
    b"XX|ABC|00|HNZ|1.0|2.0|3.0|0|0|-90|x|1000|1|m/s**2|100|2010-01-01T00:00:00|\n"
    b"XX|ABC|00|HNN|1.0|2.0|3.0|0|0|0|x|1000|1|M/S|100|2010-01-01T00:00:00|2040-01-01T00:00:00\n"
)
EVENTS = (
    b"#EventID | Time | Latitude | Longitude | Depth/km | Author | Catalog | Contributor | "
    b"ContributorID | MagType | Magnitude | MagAuthor | EventLocationName\n"
    b"us1|2020-01-01T00:00:00.1|1.0|2.0|10.0|us|us|us|1|Mw|6.1|us|somewhere\n"
)
SETTINGS = b"""language = "en"
[network]
name = "x"
region = [1.0, 2.0, 3.0, 4.0]
[server]
host = "127.0.0.1"
names = "warn.example"
[alerts]
mode = "drill"
action_intensity = 5.5
[[sources]]
kind = "seedlink"
server = "h:18000"
stations = ["XX.ABC", "GE.WLF:HH? 10HN?"]
[[sources]]
kind = "mqtt"
host = "h"
topics = ["traces/#"]
[[sources]]
kind = "shake_udp"
stations = {"1.2.3.4" = "AM.R0000"}
[[sources]]
kind = "archive"
path = "x"
begin = 2020-01-01T00:00:00Z
[[sources]]
kind = "datalink"
server = "h"
"""
OPENEEW = [
    b'{"device_id":"000","country_code":"mx","x":[0.1,0.2,0.3],"y":[1,2,3],"z":[3,4,5],'
    b'"device_t":1790000000.5,"sr":31.25,"cloud_t":1790000001.0}',
    b'{"device_id":"abc","traces":[{"x":[0.1],"y":[1],"z":[3],"t":1790000000.5,"sr":31.25}]}',
    b'{"device_id":"abc","device_t":1790000000,"x":[0.1,2],"y":[1,2],"z":[3,4]}',
]
TRIGGER = b'{"t":1790000000.29,"peak":0.12,"cell":"wsj00"}'


def _quakeml() -> bytes:
    names = {name: ResourceIdentifier(f"smi:local/{name}") for name in ("all", "event", "m", "o")}
    origin = Origin(
        time=UTCDateTime(T0), latitude=1.0, longitude=2.0, depth=1e4, resource_id=names["o"]
    )
    size = Magnitude(mag=5.5, magnitude_type="Mw", resource_id=names["m"])
    event = Event(origins=[origin], magnitudes=[size], resource_id=names["event"])
    out = io.BytesIO()
    Catalog([event], resource_id=names["all"]).write(out, format="QUAKEML")
    return out.getvalue()


def _seedlink() -> tuple[bytes, bytes]:
    two, three = miniseed.encode(PACKETS[3:], 2), miniseed.encode(PACKETS[:1], 3)
    end_3 = info_3("<x/>" * 100) + frame_3(6, miniseed.encode(PACKETS[:1], 2)[:512]) + b"END"
    end_4 = info_4(b'{"a":1}') + frame_4("XX_DEF", 6, two, b"2D") + b"ERROR x\r\nEND"
    return frame_3(5, two) + end_3, frame_4("XX_ABC", 5, three) + end_4


def _frame(text: bytes, kind: int = 1) -> bytes:
    """A frame of a WebSocket client, whose mask is zeros."""
    return bytes([0x80 | kind, 0x80 | len(text)]) + bytes(4) + text


def _http() -> list[bytes]:
    ends = b" HTTP/1.1\r\nHost: 127.0.0.1:8460\r\n"
    post = b"POST /triggers" + ends + b"Content-Length: %d\r\n\r\n" % len(TRIGGER) + TRIGGER
    return [
        b"GET /config.json" + ends + b"Accept-Encoding: gzip\r\n\r\nGET /healthz" + ends + b"\r\n",
        post,
        post.replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: 10.1.2.3, 2001:db8::1\r\n\r\n"),
        b"GET /status.json?token=x" + ends + b"Authorization: Bearer tttttttttttttttt\r\n\r\n",
        b"GET /assets/..%2f..%2fconfig.py" + ends + b"Range: bytes=0-5,7-\r\n\r\n",
        b"POST /triggers" + ends + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"t":\r\n0\r\n\r\n',
        b"GET /tv" + ends + b'Connection: close\r\nIf-None-Match: "x"\r\n\r\n',
    ]


def _record() -> list[bytes]:
    """A file of two blocks, and what is in a block before it is compressed."""
    began, moment = (
        log_blocks.Began(T0, "abc", None),
        log_blocks.Step(T0 + 1, (PICK, STATE, PACKETS[2])),
    )
    blocks = log_blocks.Blocks()
    whole = blocks.encode([began, moment])
    whole += blocks.encode([log_blocks.Goes(T0 + 2, "abc"), log_blocks.Lost(T0 + 3, 4)])
    return [whole, msgspec.msgpack.encode([log_blocks._coded(entry) for entry in (began, moment)])]


def _keys(folder: Path) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Key files, messages signed with the first, and certificates with their keys.

    No secrets: the private keys are the numbers 1 and 2.
    """
    for number, name in ((1, "one"), (2, "two")):
        private = Ed25519PrivateKey.from_private_bytes(number.to_bytes(32, "big"))
        signing.Keys(private).save(folder / name)
    one, two = (folder / "one").read_bytes(), (folder / "two").read_bytes()
    keys = signing.load(folder / "one")
    assert to_message(ALERT, keys.id)
    certificate(folder, number=1, now=datetime.fromtimestamp(T0, UTC))
    pem = (folder / "cert.pem").read_bytes() + (folder / "key.pem").read_bytes()
    return [one, one + two], [keys.seal(ALERT)], [pem]


def _key_list() -> bytes:
    """Of the roots and keys with the numbers 1 to 4."""
    root, spare, one, two = (
        signing.Keys(Ed25519PrivateKey.from_private_bytes(number.to_bytes(32, "big")))
        for number in (1, 2, 3, 4)
    )
    entries = [key_list.listed(key.trusted[key.id], T0, T0 + 1e6) for key in (one, two)]
    public = signing.base64url(spare.trusted[spare.id])
    more = {"revoked": [spare.id], "spare_roots": [public]}
    return key_list.make(root, entries, n=3, made=T0, until=T0 + 1e6, **more)


def _audit(folder: Path) -> bytes:
    log = audit.AuditLog(folder / "audit.jsonl", lambda: T0)
    for what in ("start", "login", "stop"):
        log.add(what, who="anna")
    return log.path.read_bytes()


# The public key is the base point of P-256, which is on the curve.
PUSH = (
    b'{"endpoint":"https://fcm.push.example.net/send/x",'
    b'"p256dh":"BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",'
    b'"auth":"AAAAAAAAAAAAAAAAAAAAAA","cell":"wm6n"}'
)


def inputs(folder: Path) -> dict[str, Sequence[bytes]]:
    """By target. folder: for what is made with files."""
    records = [miniseed.encode([packet], version) for packet in PACKETS for version in (2, 3)]
    records += [miniseed.encode(PACKETS, 2), miniseed.encode(PACKETS, 3)]
    frames_3, frames_4 = _seedlink()
    ok = b"Org\r\n" + b"OK\r\n" * 20
    hello_4 = b"SeedLink v4.0 (x) :: SLPROTO:4.0 SLPROTO:3.1 CAP TIME\r\n" + ok
    hello_3 = b"SeedLink v3.1 (x) :: SLPROTO:3.1\r\n" + ok
    journal = journal_blocks.encode([(T0 + n, packet) for n, packet in enumerate(PACKETS)])
    block = journal_blocks.encode([(T0, PACKETS[0])])[16:]
    setup = setup_journal.setup_of(PipelineSettings(), (STATION,), (Place("x", 1.0, 2.0),))
    key, signed, certificates = _keys(folder)
    directory = [EVENT, CSV, gzip.compress(RECEIPTS, mtime=0), records[-2]]
    messages = [packet_message.encode(PACKETS[0], T0), packet_message.encode(PACKETS[2])]
    commands = [
        b"HELLO\r\nSLPROTO 4.0\r\nUSERAGENT x\r\nSTATION XX_ABC\r\nSELECT 00_H_N_Z\r\n"
        b"DATA ALL 2020-01-01T00:00:00Z\r\nSTATION * \r\nDATA 5\r\nINFO ID\r\nEND\r\nBYE\r\n",
        b"HELLO\r\nSTATION ABC XX\r\nSELECT 00HNZ.D\r\nTIME 2020,1,1,0,0,0\r\nSTATION A? X?\r\n"
        b"FETCH 00000A\r\nEND\r\nINFO ALL\r\n",
        b"SLPROTO 4.0\r\nINFO STREAMS X*\r\nINFO CONNECTIONS\r\nAUTH USERPASS a b\r\n",
        b"INFO STREAMS\r\nINFO STATIONS\r\nBATCH\r\nCAT\r\nDATA 000001\r\nEND\r\n",
    ]
    scenarios = files("forewave.simulate") / "scenarios"
    return {
        "miniseed": records,
        "miniseed_file": records[-2:],
        "stationxml": [_xml()],
        "stations_csv": [CSV],
        "fdsn_channels": [CHANNELS],
        "fdsn_events": [EVENTS],
        "quakeml": [_quakeml()],
        "knet": [file.read_bytes() for file in sorted((ODD / "KN1").iterdir())[:2]],
        "event_json": [EVENT],
        "receipts": [gzip.compress(RECEIPTS, mtime=0), RECEIPTS],
        "directory": [bytes([number]) + part for number, part in enumerate(directory)],
        "settings": [SETTINGS],
        "scenario": [(scenarios / name).read_bytes() for name in ("small.toml", "quiet.toml")],
        "codec": [codec.encode(word) for word in (PICK, STATE, PACKETS[0], PACKETS[2], ALERT)],
        "tail": [journal, block],
        "tail_folder": [journal],
        "record": _record(),
        "setup": [msgspec.msgpack.encode(setup)],
        "key": key,
        "certificate": certificates,
        "signed": signed,
        "compact": [compact.compact(message, 1000) for message in signed],
        "key_list": [_key_list()],
        "audit": [_audit(folder)],
        "seedlink_dialogue": [hello_4 + frames_4, hello_3 + frames_3],
        "seedlink_frames_3": [frames_3],
        "seedlink_frames_4": [frames_4],
        "relay_session": commands,
        "relay_client": commands,
        "openeew": OPENEEW,
        "packet_message": [*messages, records[0]],
        "mqtt": [*OPENEEW, *messages, records[0]],
        "shake": [shake.encode(PACKETS[0]), b"{'EHZ', 1790000000.292, 14168, 14927, 16112}"],
        "triggers": [TRIGGER],
        "stomp": [
            b"CONNECTED\nversion:1.2\nheart-beat:0,10000\nserver:a\\cb\n\n\0\n"
            b"RECEIPT\nreceipt-id:1\n\n\0MESSAGE\ndestination:/topic/a\ncontent-length:3\n\n<a>\0",
            b"\r\nERROR\r\nmessage:wrong\\npassword\r\n\r\nno entry\0",
        ],
        "push_subscription": [PUSH],
        "http": _http(),
        "websocket": [
            _frame(b'{"type":"ping","id":77}') + _frame(b'{"type":"hello"}') + _frame(b"", 9),
            _frame(b'{"type":"ping","id":1}') + _frame(b"\x03\xe8", 8),
            b"GET /x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        ],
    }


def main(corpus: Path, folder: Path, only: Sequence[str] = ()) -> None:
    """Write those of some targets, or all."""
    for name, found in inputs(folder).items():
        if only and name not in only:
            continue
        (corpus / name).mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(found):
            (corpus / name / f"{number:02}").write_bytes(data)


if __name__ == "__main__":
    import tempfile

    from tests.fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.corpus", description=__doc__)
    parser.add_argument("--only", action="append", default=[], choices=sorted(TARGETS))
    asked = parser.parse_args().only
    with tempfile.TemporaryDirectory() as scratch:
        main(CORPUS, Path(scratch), asked)
