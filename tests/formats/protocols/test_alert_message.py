import json
import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.alerts.issuer import Issuer
from forewave.errors import FormatError
from forewave.formats.protocols import alert_message
from forewave.types import Rupture

SIG = "A" * 86
GEOHASH = "0123456789bcdefghjkmnpqrstuvwxyz"


@pytest.fixture
def alert(shaking):
    (alert,) = Issuer().feed(shaking(), 1005.5)
    return alert


@pytest.fixture
def fields(alert):
    return {**alert_message.to_message(alert, "k1"), "sig": SIG}


def _cells(count: int) -> tuple[tuple[str, float], ...]:
    names = [f"wx{a}{b}" for a in GEOHASH for b in GEOHASH]
    return tuple((name, 3.0 + i % 60 / 10) for i, name in enumerate(names[:count]))


def test_all_that_an_alert_says_is_in_its_message(alert, fields):
    read, said = alert_message.read(alert_message.encode(fields))
    assert said == fields
    assert (read.id, read.n, read.mode, read.kind, read.why) == ("e1", 1, "actual", "new", None)
    assert (read.t0, read.iss, read.exp) == (1000000, 1005500, round(alert.expires * 1000))
    assert (read.lat, read.lon, read.dep, read.m, read.sm) == (24.0, 121.5, 15.0, 6.0, 0.3)
    assert (read.st, read.sxy, read.sdep, read.line, read.cells) == (0.3, 4.0, 5.0, None, {})
    assert (read.key, read.b, read.ns, read.near) == ("k1", 0.0, 5, None)


def test_a_magnitude_is_rounded_to_a_hundredth(shaking):
    (alert,) = Issuer().feed(shaking(magnitude=6.237), 1005.5)
    assert alert_message.to_message(alert, "k1")["m"] == 6.24


def test_a_single_station_alert_has_the_place_it_is_for(shaking):
    (alert,) = Issuer().feed(shaking(stations=1, site=6.0), 1005.5)
    fields = alert_message.to_message(alert, "k1")
    assert (fields["ns"], fields["near"]) == (1, [24.1, 121.5, 40])


@pytest.mark.parametrize(("bias", "said"), [(0.34, 0.3), (-0.26, -0.3), (-0.04, 0.0)])
def test_the_event_term_is_rounded_to_a_tenth(alert, bias, said):
    fields = alert_message.to_message(replace(alert, bias=bias), "k1")
    assert alert_message.encode(fields["b"]) == alert_message.encode(said)


@pytest.mark.parametrize("later", ["b", "ns", "near"])
def test_older_senders_do_not_say_it(fields, later):
    del fields[later]
    read, _ = alert_message.read(json.dumps(fields))
    assert getattr(read, later) == {"b": 0.0}.get(later)


def test_a_rupture_is_its_two_ends_and_its_top(alert):
    line = Rupture(24.00001, 121.5, 24.2, 121.61239, 3.04, 24.0, 20.0)
    assert alert_message.to_message(replace(alert, rupture=line), "k")["line"] == [
        24.0,
        121.5,
        24.2,
        121.6124,
        3.0,
    ]


def test_canonical_form():
    given_fields = {"sig": "x", "b": [1.0, -0.0, 0.25, None, True], "a": {"z": 1, "é": "ü\n"}}
    assert alert_message.canonical(given_fields) == (
        '{"a":{"z":1,"é":"ü\\n"},"b":[1,0,0.25,null,true]}'.encode()
    )


@pytest.mark.parametrize(
    ("value", "text"),
    # RFC 8785 appendix B, those that need no exponent
    [(0.0, "0"), (-0.0, "0"), (295147905179.35, "295147905179.35"), (4.5, "4.5"), (0.002, "0.002")],
)
def test_numbers_as_ecmascript_prints_them(value, text):
    assert alert_message.encode(value).decode() == text


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e-7, 1e22])
def test_numbers_that_messages_do_not_use_are_refused(value):
    with pytest.raises(ValueError, match=r"JSON|exponent"):
        alert_message.encode(value)


@given(st.dictionaries(st.text("abcxyz", max_size=3), st.integers(-(10**6), 10**6) | st.text()))
def test_canonical_form_is_the_same_after_a_round_trip(value):
    once = alert_message.encode(value)
    assert alert_message.encode(json.loads(once)) == once


def test_the_longest_message_fits_and_keeps_the_strongest_cells(alert):
    rupture = Rupture(-24.12341, -121.51239, -24.22221, -121.61239, 13.4, 124.0, 20.0)
    cells = _cells(1000)
    long = replace(alert, field=cells, rupture=rupture, event="x" * 64)
    fields = {**alert_message.to_message(long, "k" * 8), "sig": SIG}
    size = len(alert_message.encode(fields))
    assert size <= 1000
    assert alert_message.MAX_BYTES - 14 < size <= alert_message.MAX_BYTES
    kept = fields["cells"]
    assert kept
    left_out = [intensity for name, intensity in cells if name not in kept]
    assert min(kept.values()) >= max(left_out)
    alert_message.read(alert_message.encode(fields))


def test_a_field_of_a_later_version_is_ignored(fields):
    read, said = alert_message.read(alert_message.encode({**fields, "new": [1]}))
    assert read.n == 1
    assert said["new"] == [1]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"v": 2}, r"`\$\.v`"),
        ({"mode": "real"}, r"`\$\.mode`"),
        ({"kind": "newer"}, r"`\$\.kind`"),
        ({"lat": 91.0}, r"`\$\.lat`"),
        ({"lon": "121"}, r"`\$\.lon`"),
        ({"n": 0}, r"`\$\.n`"),
        ({"n": 1.5}, r"`\$\.n`"),
        ({"t0": -1}, r"`\$\.t0`"),
        ({"t0": 10**12}, "t0 not after exp"),
        ({"m": None}, r"`\$\.m`"),
        ({"sm": -0.1}, r"`\$\.sm`"),
        ({"line": [1, 2, 3]}, r"`\$\.line`"),
        ({"cells": {"aaaa": 5}}, r"`key` in `\$\.cells`"),
        ({"b": 6.0}, r"`\$\.b`"),
        ({"ns": -1}, r"`\$\.ns`"),
        ({"near": [24, 121]}, r"`\$\.near`"),
        ({"sig": "short"}, r"`\$\.sig`"),
        ({"exp": 1000}, r"`\$\.exp`"),
        ({"exp": 1005500}, r"`\$\.exp`"),  # as it is issued
    ],
)
def test_a_wrong_field_is_named(fields, wrong, reason):
    with pytest.raises(FormatError, match=reason):
        alert_message.read(json.dumps({**fields, **wrong}))


REQUIRED = [f.name for f in msgspec.structs.fields(alert_message.Message) if f.required]


@pytest.mark.parametrize("missing", REQUIRED)
def test_a_missing_field_is_named(fields, missing):
    del fields[missing]
    with pytest.raises(FormatError, match=f"missing required field `{missing}`"):
        alert_message.read(json.dumps(fields))


@pytest.mark.parametrize("deep", [b"[", b'{"a":'])
def test_deep_nesting_is_refused(deep):
    with pytest.raises(FormatError, match="alert message: "):
        alert_message.read(b'{"cells":' + deep * 5000)


@given(st.binary(max_size=200) | st.text(st.characters(), max_size=200))
def test_anything_else_is_refused_with_one_line(data):
    with pytest.raises(FormatError, match=r"^alert message: ") as refused:
        alert_message.read(data)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("stations", "said"), [(0, "phones"), (1, None)])
def test_only_an_alert_from_phones_alone_has_the_field_by(shaking, stations, said):
    (alert,) = Issuer().feed(shaking(stations=stations, phones=True), 1005.5)
    fields = alert_message.to_message(alert, "k1")
    read, _ = alert_message.read(json.dumps({**fields, "sig": "A" * 86}))
    assert (read.by, "by" in fields) == (said, said is not None)
    assert fields["ns"] == stations + 1
    assert (fields["near"] is None) is (said is None)
