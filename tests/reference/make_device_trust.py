"""Write which key lists and messages a device must believe and refuse (README.md beside).

Run from the repository's root after a deliberate change of the message or the key list:
    python tests/reference/make_device_trust.py
"""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from forewave.delivery import key_list
from forewave.delivery.signing import Keys, base64url
from forewave.formats.protocols.alert_message import canonical, encode
from forewave.types import Alert, Area, Magnitude, Origin

HERE = Path(__file__).parent
NOW = 1_700_000_006  # POSIX seconds
DAY = 86_400
YEAR = 365 * DAY


def keys(first: int) -> Keys:
    """A key pair that is the same in every run."""
    return Keys(Ed25519PrivateKey.from_private_bytes(bytes(range(first, first + 32))))


ROOT, SPARE, STRANGER = keys(0), keys(20), keys(40)
OLD, NEW, ENDED = keys(60), keys(80), keys(100)
ALERT = Alert(
    id="e1.1",
    event="e1",
    version=1,
    kind="new",
    mode="actual",
    level="action",
    area=Area(31.4, 104.06, 300.0),
    issued=NOW,
    expires=NOW + 174,
    origin=Origin(NOW - 6, 31.4, 104.06, 12.0, 0.3, 2.0, 3.0),
    magnitude=Magnitude(7.7, 0.3, "M", 8),
    rupture=None,
    field=(),
    max_intensity=8.0,
    stations=8,
    source="point",
)


def public(pair: Keys) -> str:
    """The public key as text."""
    return base64url(pair.trusted[pair.id])


def entry(pair: Keys, since: float = NOW - YEAR, until: float = NOW + YEAR) -> key_list.ListedKey:
    """A key that is valid for a year in both directions, unless said otherwise."""
    return key_list.listed(pair.trusted[pair.id], since, until)


def made(
    n: int,
    *listed: key_list.ListedKey,
    root: Keys = ROOT,
    until: float = NOW + YEAR,
    revoked: tuple[str, ...] = (),
    spare: tuple[str, ...] = (),
) -> Any:
    """A list as a device receives it."""
    more = {"made": NOW - 10, "until": until, "revoked": revoked, "spare_roots": spare}
    return json.loads(key_list.make(root, listed, n=n, **more))


OLD_AND_NEW = made(2, entry(OLD), entry(NEW))
ONLY_OLD = made(1, entry(OLD))
REVOKED = made(3, entry(OLD), entry(NEW), revoked=(OLD.id,))


def lists() -> list[dict[str, Any]]:
    """Lists received one after the other, what becomes of each, and who may sign then."""

    def case(name: str, *steps: Any, given: Any = None, trusted: Any, today: Any = NOW) -> Any:
        received = [
            {"list": found, "today": when * 1000 if when else when, "why": why}
            for found, when, why in steps
        ]
        day = today * 1000 if today else today
        ids = sorted(pair.id for pair in trusted)
        return {"name": name, "given": given, "received": received, "today": day, "trusted": ids}

    altered = {**OLD_AND_NEW, "until": OLD_AND_NEW["until"] + 1}
    extra = {**ONLY_OLD, "note": [1, "x"]}
    del extra["sig"]
    extra["sig"] = base64url(ROOT.sign(key_list.DOMAIN + canonical(extra)))
    undomained = {**ONLY_OLD, "sig": base64url(ROOT.sign(canonical(ONLY_OLD)))}
    dated = made(1, entry(ENDED, until=NOW - 1), entry(NEW, since=NOW + 1), entry(OLD))
    two_roots = made(1, entry(OLD), spare=(public(SPARE),))
    by_spare = made(2, entry(NEW), root=SPARE)
    wrong = [{**ONLY_OLD, "n": 0}, {**ONLY_OLD, "v": 2}, {**ONLY_OLD, "keys": {}}, 7, None]
    wrong += [{**ONLY_OLD, "roots": []}, {**ONLY_OLD, "until": "soon"}, {**ONLY_OLD, "sig": 1}]
    wrong += [{**ONLY_OLD, "keys": [{"id": OLD.id}]}, {**ONLY_OLD, "revoked": ["x"]}]
    forged = made(9, entry(STRANGER), root=STRANGER)
    return [
        case("first use", (ONLY_OLD, NOW, None), trusted=[OLD]),
        case("given root", (ONLY_OLD, NOW, None), given=[public(ROOT)], trusted=[OLD]),
        case("next key", (ONLY_OLD, NOW, None), (OLD_AND_NEW, NOW, None), trusted=[OLD, NEW]),
        case("revoked", (OLD_AND_NEW, NOW, None), (REVOKED, NOW, None), trusted=[NEW]),
        case("rollback", (REVOKED, NOW, None), (OLD_AND_NEW, NOW, "older"), trusted=[NEW]),
        case("again", (REVOKED, NOW, None), (REVOKED, NOW, None), trusted=[NEW]),
        case(
            "another of the same version",
            (OLD_AND_NEW, NOW, None),
            (made(2, entry(NEW)), NOW, "conflict"),
            trusted=[OLD, NEW],
        ),
        case("expired", (made(1, entry(OLD), until=NOW), NOW, "expired"), trusted=[]),
        case("expires later", (ONLY_OLD, NOW, None), trusted=[], today=NOW + YEAR),
        case("clock a year ahead", (ONLY_OLD, NOW + YEAR, "expired"), trusted=[], today=NOW + YEAR),
        case("clock two years behind", (ONLY_OLD, NOW - 2 * YEAR, None), trusted=[], today=1),
        case("clock not known", (ONLY_OLD, None, None), trusted=[OLD], today=None),
        case("forged", (ONLY_OLD, NOW, None), (forged, NOW, "unknown root"), trusted=[OLD]),
        case("forged at first", (forged, NOW, "unknown root"), given=[public(ROOT)], trusted=[]),
        case("altered", (altered, NOW, "bad signature"), trusted=[]),
        case(
            "altered later", (ONLY_OLD, NOW, None), (altered, NOW, "bad signature"), trusted=[OLD]
        ),
        case("signed without the domain", (undomained, NOW, "bad signature"), trusted=[]),
        case("fields of a later version", (extra, NOW, None), trusted=[OLD]),
        case("keys with dates", (dated, NOW, None), trusted=[OLD]),
        case("spare root", (two_roots, NOW, None), (by_spare, NOW, None), trusted=[NEW]),
        case(
            "no spare root", (ONLY_OLD, NOW, None), (by_spare, NOW, "unknown root"), trusted=[OLD]
        ),
        *(
            case(f"malformed {i}", (one, NOW, "malformed"), trusted=[])
            for i, one in enumerate(wrong)
        ),
    ]


def streams() -> list[dict[str, Any]]:
    """Frames at their times (server ms), with the list in force, and what each becomes."""

    def seal(pair: Keys = NEW, **change: Any) -> str:
        return pair.seal(replace(ALERT, **change)).decode()

    def case(name: str, *frames: tuple[str, str], at: float = 0, found: Any = REVOKED) -> Any:
        shown = [
            {"at": round((NOW + at + i) * 1000), "text": text, "is": what}
            for i, (text, what) in enumerate(frames)
        ]
        return {"name": name, "list": found, "frames": shown}

    def claims(pair: Keys, key: str) -> str:
        fields = json.loads(seal(pair)) | {"key": key}
        return encode(fields | {"sig": base64url(pair.sign(canonical(fields)))}).decode()

    drill = seal(mode="drill", event="d1", id="d1.1")
    as_actual = drill.replace('"mode":"drill"', '"mode":"actual"')
    return [
        case("believed", (seal(), "actual")),
        case("replayed", (seal(), "actual"), (seal(), "refused")),
        case("replayed after a later version", (seal(version=2), "actual"), (seal(), "refused")),
        case("replayed after its expiry", (seal(), "refused"), at=175),
        case("replayed a week later", (seal(), "refused"), at=7 * DAY),
        case("from the future", (seal(), "refused"), at=-11),
        case("a drill", (drill, "drill")),
        case("a drill sent as real", (as_actual, "refused")),
        case("a drill, then sent as real", (drill, "drill"), (as_actual, "refused")),
        case("a test", (seal(mode="test"), "refused")),
        case("a test sent as real", (seal(mode="test").replace("test", "actual"), "refused")),
        case("revoked key", (seal(OLD), "refused")),
        case("the same before it was revoked", (seal(OLD), "actual"), found=OLD_AND_NEW),
        case("revoked key under the name of another", (claims(OLD, NEW.id), "refused")),
        case("key that is not listed", (seal(STRANGER), "refused")),
        case("signed by the root", (seal(ROOT), "refused")),
        case(
            "key whose time is over",
            (seal(ENDED), "refused"),
            found=made(1, entry(ENDED, until=NOW), entry(NEW)),
        ),
        case(
            "key whose time has not come",
            (seal(NEW), "refused"),
            found=made(1, entry(OLD), entry(NEW, since=NOW + 60)),
        ),
    ]


def altered() -> list[str]:
    """Messages of which no byte may change."""
    line = replace(ALERT, field=(("wsp3", 6.5), ("wsp9", 5.0)), stations=1)
    return [
        NEW.seal(ALERT).decode(),
        NEW.seal(line).decode(),
        NEW.seal(replace(ALERT, event="演习-é", mode="drill")).decode(),
    ]


if __name__ == "__main__":
    vectors = {"lists": lists(), "streams": streams(), "list": REVOKED, "altered": altered()}
    text = json.dumps({"now": NOW * 1000, **vectors}, indent=1, ensure_ascii=False)
    (HERE / "device_trust.json").write_text(text + "\n", "utf-8")
