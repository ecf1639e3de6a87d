import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.channels.datagrams.compact import GEOHASH, MOST_BYTES, compact, expanded
from forewave.delivery.signing import UnknownKeyError, generate, unseal
from forewave.errors import FormatError
from forewave.types import Alert, Area, Magnitude, Origin, Rupture
from tests.client.made import ALERT, KEYS, sealed

SIGMA = st.floats(0.0, 99.0)
DEGREES = st.floats(-89.0, 89.0)
RUPTURES = st.builds(
    Rupture, DEGREES, DEGREES, DEGREES, DEGREES, st.floats(0.0, 30.0), st.just(1.0), st.just(0.0)
)
CELLS = st.lists(
    st.tuples(st.text(GEOHASH, min_size=4, max_size=4), st.floats(1.0, 10.0)),
    max_size=6,
    unique_by=lambda cell: cell[0],
)
ALERTS = st.builds(
    Alert,
    id=st.just("x"),
    event=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=20),
    version=st.integers(1, 500),
    kind=st.sampled_from(["new", "update", "cancel", "follow_up"]),
    mode=st.sampled_from(["actual", "drill", "test"]),
    level=st.sampled_from(["aware", "action"]),
    area=st.builds(Area, DEGREES, DEGREES, st.floats(1.0, 999.0)),
    issued=st.floats(1.0e9, 2.0e9),
    expires=st.floats(2.0e9 + 1.0, 2.1e9),
    origin=st.builds(Origin, st.floats(1.0e9, 2.0e9), DEGREES, DEGREES, SIGMA, SIGMA, SIGMA, SIGMA),
    magnitude=st.builds(Magnitude, st.floats(0.0, 9.5), SIGMA, st.just("M"), st.just(3)),
    rupture=st.none() | RUPTURES,
    field=CELLS.map(tuple),
    max_intensity=st.just(5.0),
    stations=st.integers(0, 300),
    source=st.just("point"),
    why=st.sampled_from([None, "false", "smaller"]),
    bias=st.floats(-5.0, 5.0),
    only_phones=st.booleans(),
)


@given(ALERTS)
@example(ALERT)
def test_the_message_comes_back_byte_for_byte_and_verifies(alert):
    message = KEYS.seal(alert)
    data = compact(message, 1000)
    assert expanded(data) == message
    assert unseal(expanded(data), KEYS.trusted) == unseal(message, KEYS.trusted)


def test_an_alert_with_a_rupture_and_cells_fits_into_a_packet():
    rupture = Rupture(24.0, 121.5, 24.3, 121.7, 5.0, 40.0, 30.0)
    field = tuple((cell, 7.3) for cell in ("wsqq", "wsqr", "wsqw", "wsqx", "wsqz", "wsqy"))
    event = "20260101T010101-12345"
    plain = compact(sealed(event=event))
    full = compact(sealed(event=event, rupture=rupture, field=field, bias=0.4))
    assert len(plain) <= 160
    assert len(full) <= MOST_BYTES
    assert len(sealed(event=event, rupture=rupture, field=field, bias=0.4)) > 450


def test_one_that_does_not_fit_is_refused():
    field = tuple((f"wsq{letter}", 7.0) for letter in GEOHASH)
    message = sealed(field=field)
    with pytest.raises(FormatError, match="at most 233"):
        compact(message)
    assert expanded(compact(message, 1000)) == message


def test_one_that_was_altered_in_any_bit_is_refused():
    original = sealed()
    data = compact(original)
    for bit in range(len(data) * 8):
        altered = bytearray(data)
        altered[bit // 8] ^= 1 << bit % 8
        try:
            message = expanded(bytes(altered))
        except FormatError:
            continue
        with pytest.raises(FormatError):
            unseal(message, KEYS.trusted)


@given(st.binary(max_size=300))
def test_any_other_bytes_are_refused(data):
    with pytest.raises(FormatError):
        unseal(expanded(data), KEYS.trusted)


def test_a_foreign_key_is_not_believed():
    message = expanded(compact(generate().seal(ALERT)))
    with pytest.raises(UnknownKeyError):
        unseal(message, KEYS.trusted)


def test_fields_that_are_newer_than_this_program_are_kept():
    fields = json.loads(sealed())
    signed = {**fields, "env": "live", "st": 0.123456}
    message = json.dumps(signed, sort_keys=True, separators=(",", ":")).encode()
    assert expanded(compact(message)) == message


def test_what_cannot_be_encoded_without_loss_is_refused():
    fields = json.loads(sealed(field=(("wsqq", 7.0),)))
    fields["cells"]["wsqq"] = 7.12
    message = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(FormatError, match="cannot be encoded"):
        compact(message)
    assert replace(ALERT, version=2) != ALERT
