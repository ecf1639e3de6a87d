"""docs/reference/message.md is complete: a client made from it alone reproduces all test vectors.

The client imports nothing of forewave. It reads the coefficients from the page itself. Ed25519 is
that of a library, as it would be in any language.
"""

import ast
import base64
import csv
import json
import math
import re
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HERE = Path(__file__).parent
PAGE = (HERE.parent / "docs" / "reference" / "message.md").read_text()
REFERENCE = HERE / "reference"
TABLE = json.loads((REFERENCE / "travel_times_iasp91.json").read_text())
SEQUENCE = json.loads((REFERENCE / "device_sequence.json").read_text())
MESSAGES = json.loads((REFERENCE / "device_messages.json").read_text())

# The client: numbers


def coefficients():
    rows = re.findall(r"^\| (e\d|mh|c\d?|h|vc|f\d) \| (\S+) \| (\S+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 13
    return tuple({name: float(row[i]) for name, *row in rows} for i in (0, 1))


PGA, PGV = coefficients()


def lines():
    found = re.findall(r"^\| (?:PGA|PGV) \| (.+) \|$", PAGE, re.MULTILINE)
    numbers = [[float(x) for x in re.findall(r"-?\d+\.\d+", row)] for row in found]
    return [[(n[1], n[2]), (n[5], n[6]), (n[8], n[9]), (n[0], n[7])] for n in numbers]


def distance(lat1, lon1, lat2, lon2):
    lat1, lon1, lat2, lon2 = (math.radians(x) for x in (lat1, lon1, lat2, lon2))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(min(1, h)))


def held(value, least, most):
    return min(most, max(least, value))


def rupture(message, place):
    if message["line"]:
        lat1, lon1, lat2, lon2, _ = message["line"]
        a, b = distance(*place, lat1, lon1), distance(*place, lat2, lon2)
        c = max(distance(lat1, lon1, lat2, lon2), 0.001)
        k = (a**2 - b**2 + c**2) / (2 * c)
        t = held(k, 0, c)
        return math.sqrt(max(0, a**2 + t * (t - 2 * k)))
    d = distance(message["lat"], message["lon"], *place)
    length = 10 ** (0.59 * held(message["m"], 3, 8.5) - 2.44)
    total = 0
    for degrees in (7.5, 22.5, 37.5, 52.5, 67.5, 82.5):
        cosine = math.cos(math.radians(degrees))
        for share in (1 / 8, 3 / 8, 5 / 8, 7 / 8):
            t = min(d * cosine, share * length)
            q = max(0, d**2 + t * (t - 2 * d * cosine))
            total += math.log(q + 4.5**2) / 2
    return math.sqrt(max(0, math.exp(2 * total / 24) - 4.5**2))


def joyner_boore(message, r):
    z = message["line"][4] if message["line"] else message["dep"]
    return math.hypot(r, max(0, z - 15))


def on_rock(k, m, r):
    e = k["e0"] + (
        k["e4"] * (m - k["mh"]) + k["e5"] * (m - k["mh"]) ** 2
        if m <= k["mh"]
        else k["e6"] * (m - k["mh"])
    )
    d = math.hypot(r, k["h"])
    return e + (k["c1"] + k["c2"] * (m - 4.5)) * math.log(d) + k["c3"] * (d - 1)


def motion(k, magnitude, r, v):
    m = held(magnitude, 3, 8.5)
    a = math.exp(on_rock(PGA, m, r))
    soft = math.exp(k["f5"] * (min(v, 760) - 360)) - math.exp(k["f5"] * 400)
    site = k["c"] * math.log(min(v, k["vc"]) / 760) + k["f4"] * soft * math.log(1 + a / 0.1)
    return math.exp(on_rock(k, m, r) + site)


def mmi_of(row, value):
    (i1, s1), (i2, s2), (i3, s3), (low, high) = row
    x = math.log10(value)
    found = i1 + s1 * x if x < low else i2 + s2 * x if x < high else i3 + s3 * x
    return held(found, 1, 10)


def cell(lat, lon):
    y = min(1023, math.floor((lat + 90) / 180 * 1024))
    x = min(1023, math.floor((lon + 180) / 360 * 1024))
    digits = "".join(a + b for a, b in zip(f"{x:010b}", f"{y:010b}", strict=True))
    letters = "0123456789bcdefghjkmnpqrstuvwxyz"
    return "".join(letters[int(digits[i : i + 5], 2)] for i in range(0, 20, 5))


def intensity(message, place, v):
    if message.get("kind") == "cancel" and message.get("why") != "smaller":
        return None
    r = joyner_boore(message, rupture(message, place))
    found = None
    if r <= 400:
        by_pga, by_pgv = lines()
        pga = motion(PGA, message["m"], r, v) * 980.665
        mean = (mmi_of(by_pga, pga) + mmi_of(by_pgv, motion(PGV, message["m"], r, v))) / 2
        found = held(mean + message.get("b", 0), 1, 10)
    seen = message["cells"].get(cell(*place))
    return seen if seen is not None and (found is None or seen > found) else found


def bracket(nodes, value):
    if not nodes[0] <= value <= nodes[-1]:
        return None
    i = max(i for i in range(len(nodes) - 1) if nodes[i] <= value)
    return i, (value - nodes[i]) / (nodes[i + 1] - nodes[i])


def travel_time(wave, d, depth):
    at, down = bracket(TABLE["distance_km"], d), bracket(TABLE["depth_km"], max(0, depth))
    if at is None or down is None:
        return None
    (i, u), (k, w) = at, down
    near, far = (TABLE[wave][j][k] * (1 - w) + TABLE[wave][j][k + 1] * w for j in (i, i + 1))
    return near * (1 - u) + far * u


def duration(m, r, v):
    nodes = [(0, 0), (7, 2.4), (45, 8.4), (125, 10.9), (175, 17.4), (270, 34.2)]
    path = nodes[-1][1] + 0.156 * (r - 270)
    for (x1, y1), (x2, y2) in pairwise(nodes):
        if x1 <= r <= x2:
            path = y1 + (y2 - y1) * (r - x1) / (x2 - x1)
    first = 10 ** (0.59 * m - 2.44 + 0.16) / 2.5 + path
    n, q = held(m, 4.8, 7.9), math.hypot(min(r, 100), 2.5)
    ln = -2.2393 + 0.9368 * n + (1.5686 - 0.1953 * n) * math.log(q) - 0.3478 * math.log(v)
    return held(max(first, math.exp(ln + 0.4748)), 20, 600)


# The client: messages


class RefusedError(Exception):
    pass


def once(pairs):
    if len({name for name, _ in pairs}) < len(pairs):
        raise RefusedError("malformed")
    return dict(pairs)


def plain(value):
    """Numbers as ECMAScript prints them."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def canonical(fields):
    signed = {name: value for name, value in fields.items() if name != "sig"}
    return json.dumps(
        plain(signed), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


WHOLE, NUMBER, TEXT = (int,), (int, float), (str,)
NEEDED = {"v": WHOLE, "id": TEXT, "n": WHOLE, "mode": TEXT, "kind": TEXT, "level": TEXT}
NEEDED |= {"t0": WHOLE, "iss": WHOLE, "exp": WHOLE, "key": TEXT, "sig": TEXT, "cells": (dict,)}
NEEDED |= dict.fromkeys(("st", "lat", "lon", "sxy", "dep", "sdep", "m", "sm"), NUMBER)


def opened(text, keys):
    """The fields of a message that a trusted key has signed."""
    if len(text.encode()) > 1000:
        raise RefusedError("too long")
    try:
        fields = json.loads(text, object_pairs_hook=once)
    except ValueError:
        raise RefusedError("malformed") from None
    if not isinstance(fields, dict) or not all(
        isinstance(fields.get(name), kinds) for name, kinds in NEEDED.items()
    ):
        raise RefusedError("malformed")
    if fields["key"] not in keys:
        raise RefusedError("unknown key")
    try:
        raw = base64.urlsafe_b64decode(keys[fields["key"]] + "=")
        signature = base64.urlsafe_b64decode(fields["sig"] + "==")
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, canonical(fields))
    except (ValueError, InvalidSignature):
        raise RefusedError("bad signature") from None
    return fields


class Device:
    """One place; everything that is remembered."""

    def __init__(self, place, keys):
        self.place, self.v = (place["lat"], place["lon"]), place["vs30_ms"]
        self.act_at, self.keys = place["act_at_mmi"], keys
        self.samples, self.last, self.taken, self.acting = [], {}, set(), {}

    @property
    def clock(self):
        return min(self.samples, key=lambda sample: sample[1])

    def told(self, frame, local):
        now = frame["now"] / 1000
        if frame["type"] == "pong":
            half = (local - frame["id"] / 1000) / 2
            self.samples = [*self.samples, (now + half - local, half)][-8:]
        elif not self.samples or abs(now - local - self.clock[0]) >= 2 + self.clock[1]:
            self.samples = [(now - local, 1.0)]

    def result(self, text, local, today):
        try:
            message = opened(text, self.keys)
        except RefusedError as refused:
            return str(refused), None
        if not self.samples:
            self.samples = [(message["iss"] / 1000 - local, math.inf)]
        now, event = local + self.clock[0], (message["mode"], message["id"])
        why = self.refusal(message, event, now, today)
        if why in ("", "elsewhere", "of nothing known"):
            self.last[event] = message["n"]
        if why:
            return why, None
        self.taken.add(event)
        return "taken", self.acts(message, event)

    def refusal(self, message, event, now, today):
        elsewhere = (
            message.get("ns") == 1
            and message.get("near") is not None
            and distance(*message["near"][:2], *self.place) > message["near"][2]
        )
        checks = {
            "repeated": message["n"] <= self.last.get(event, 0),
            "expired": message["exp"] / 1000 < now,
            "from the future": message["iss"] / 1000 > now + 10,
            "test": message["mode"] == "test",
            "drill": message["mode"] == "drill",
            "days off": abs(now - today) > 86400,
            "of nothing known": message["kind"] == "cancel" and event not in self.taken,
            "elsewhere": elsewhere and event not in self.taken,
        }
        return next((why for why, holds in checks.items() if holds), "")

    def acts(self, message, event):
        mmi = intensity(message, self.place, self.v)
        unsure = message.get("ns") == 1 and message["level"] == "aware"
        least = self.act_at - (0.3 if self.acting.get(event) else 0)
        self.acting[event] = mmi is not None and not unsure and mmi >= least
        return self.acting[event]


# The vectors


def test_the_client_imports_nothing_of_forewave():
    nodes = list(ast.walk(ast.parse(Path(__file__).read_text())))
    names = [a.name for n in nodes if isinstance(n, ast.Import) for a in n.names]
    names += [n.module for n in nodes if isinstance(n, ast.ImportFrom)]
    assert not [name for name in names if "forewave" in name or "numpy" in name]


def close(text, value, digits):
    """Whether a value agrees with a vector to so many digits behind the point; empty: none."""
    return value is None if text == "" else abs(float(text) - value) <= 0.51 * 10**-digits


def test_every_intermediate_value_is_that_of_the_vectors():
    rows = list(csv.DictReader((REFERENCE / "device_steps.csv").open()))
    assert len(rows) == 264
    for row in rows:
        message = {name: float(row[name]) for name in ("t0", "lat", "lon", "dep", "m", "b")}
        message |= {name: json.loads(row[name] or "{}") for name in ("line", "cells")}
        place, v = (float(row["place_lat"]), float(row["place_lon"])), float(row["vs30_ms"])
        d = distance(message["lat"], message["lon"], *place)
        assert close(row["distance_km"], d, 4)
        r = rupture(message, place)
        assert close(row["rupture_km"], r, 4)
        big_r = joyner_boore(message, r)
        assert close(row["joyner_boore_km"], big_r, 4)
        if big_r <= 400:
            pga, pgv = (motion(k, message["m"], big_r, v) for k in (PGA, PGV))
            assert pga == pytest.approx(float(row["pga_g"]), rel=2e-6)
            assert pgv == pytest.approx(float(row["pgv_cms"]), rel=2e-6)
            by_pga, by_pgv = lines()
            assert close(row["mmi_pga"], mmi_of(by_pga, pga * 980.665), 4)
            assert close(row["mmi_pgv"], mmi_of(by_pgv, pgv), 4)
        else:
            assert row["pga_g"] == ""
        assert row["cell"] == cell(*place)
        assert close(row["mmi"], intensity(message, place, v), 4)
        for wave in "ps":
            seconds = travel_time(wave, d, message["dep"])
            assert close(row[f"{wave}_s"], seconds, 3)
            at = None if seconds is None else message["t0"] + 1000 * seconds
            assert close(row[f"{wave}_ms"], at, 0)
        assert close(row["duration_s"], duration(message["m"], d, v), 3)


def test_the_vectors_reach_every_part_of_the_formulas():
    rows = list(csv.DictReader((REFERENCE / "device_steps.csv").open()))
    assert sum(row["line"] != "" for row in rows) == 40
    assert sum(row["cells"] != "" for row in rows) == 12
    assert sum(row["mmi"] == "" for row in rows) > 10
    assert sum(float(row["vs30_ms"]) != 400 for row in rows) > 20
    assert {float(row["m"]) > 8.5 for row in rows} == {True, False}
    assert {float(row["m"]) < 3 for row in rows} == {True, False}


def test_messages_are_taken_and_refused_as_the_vectors_say():
    for what, text in MESSAGES["accepted"].items():
        assert opened(text, MESSAGES["keys"])["v"] == 1, what
    reasons = {"not json": "malformed"}
    for why, text in MESSAGES["refused"].items():
        with pytest.raises(RefusedError, match=reasons.get(why, why)):
            opened(text, MESSAGES["keys"])


def test_a_sequence_of_frames_is_understood_as_the_vectors_say():
    device = Device(SEQUENCE["place"], SEQUENCE["keys"])
    for step in SEQUENCE["frames"]:
        if "result" in step:
            found = device.result(step["frame"], step["at"], SEQUENCE["today"])
            assert found == (step["result"], step.get("acts")), step
        else:
            device.told(json.loads(step["frame"]), step["at"])
            offset, error = device.clock
            assert offset == pytest.approx(step["offset_s"], abs=1e-5)
            assert error == pytest.approx(step["error_s"], abs=1e-5)


def test_the_sequence_has_every_result_of_the_page():
    listed = set(re.findall(r"^\| ([a-z ]+) \|", PAGE.partition("| result | condition |")[2], re.M))
    assert {step["result"] for step in SEQUENCE["frames"] if "result" in step} == listed
