"""Write signed messages, good and bad, that devices must take or refuse (see README.md beside).

Run from the repository's root after a deliberate change of the message:
    python tests/reference/make_device_messages.py
"""

import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from forewave.delivery.signing import Keys, base64url
from forewave.formats.protocols.alert_message import canonical
from forewave.types import Alert, Area, Magnitude, Origin, Rupture

HERE = Path(__file__).parent
KEYS = Keys(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
STRANGER = Keys(Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64))))
ALERT = Alert(
    id="tw2018.3",
    event="tw2018",
    version=3,
    kind="update",
    mode="actual",
    level="action",
    area=Area(24.1, 121.7, 200.0),
    issued=1524005000.25,
    expires=1524005180.25,
    origin=Origin(1524004990.5, 24.1344, -121.6871, 11.0, 0.31, 4.2, 3.0),
    magnitude=Magnitude(6.1, 0.25, "M", 9),
    rupture=None,
    field=(),
    max_intensity=7.1,
    stations=9,
    source="point",
)


NOTICE = replace(ALERT, stations=1, level="aware", area=Area(24.0104, -121.5231, 40.0))


def good() -> dict[str, str]:
    """What a device must take, by what is special about it."""
    line = Rupture(24.0, 121.6, 24.3, 121.8, 2.5, 40.0, 30.0)
    alerts = {
        "plain": ALERT,
        "with a line": replace(ALERT, rupture=line, source="line"),
        "with observed cells": replace(ALERT, field=(("wsp3", 6.5), ("wsp9", 5.0)), source="plum"),
        "cancelled": replace(ALERT, version=4, kind="cancel", why="false"),
        "a notice from one station": NOTICE,
        "a notice from phones": replace(NOTICE, only_phones=True),
        "with the event term": replace(ALERT, bias=-0.42),
        "drill with a name in Chinese": replace(ALERT, event="演习-é", mode="drill"),
    }
    return {what: KEYS.seal(alert).decode() for what, alert in alerts.items()}


def later_version() -> str:
    """A field that today's devices do not know is signed too, and ignored."""
    fields = json.loads(KEYS.seal(ALERT)) | {"zone": {"b": [1, 2.5, None, True], "a": "\n\u20ac"}}
    fields["sig"] = base64url(KEYS.sign(canonical(fields)))
    return json.dumps(fields, indent=1)  # other bytes, the same canonical ones


def earlier_version() -> str:
    """What came later is missing in what older servers send."""
    later = ("b", "ns", "near", "sig")
    fields = {k: value for k, value in json.loads(KEYS.seal(ALERT)).items() if k not in later}
    return json.dumps(fields | {"sig": base64url(KEYS.sign(canonical(fields)))})


def bad() -> dict[str, str]:
    """What a device must refuse, by the reason that it must give."""
    text = KEYS.seal(ALERT).decode()
    unsigned = {name: value for name, value in json.loads(text).items() if name != "sig"}
    wrong = unsigned | {"iss": "soon"}
    return {
        "bad signature": text.replace('"m":6.1', '"m":7.1'),
        "unknown key": STRANGER.seal(ALERT).decode(),
        "not json": text[:-1],
        "malformed": json.dumps(wrong | {"sig": base64url(KEYS.sign(canonical(wrong)))}),
    }


if __name__ == "__main__":
    keys = {name: base64url(raw) for name, raw in KEYS.trusted.items()}
    versions = {
        "of a later version": later_version(),
        "of an earlier version": earlier_version(),
    }
    accepted = good() | versions
    vectors = {"keys": keys, "accepted": accepted, "refused": bad()}
    text = json.dumps(vectors, indent=1, ensure_ascii=False)
    (HERE / "device_messages.json").write_text(text + "\n")
