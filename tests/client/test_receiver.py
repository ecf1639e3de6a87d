"""What a listening program believes, hands out and says of itself: the rules of the pages."""

import json
from math import isnan
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.client.receiver import Receiver
from forewave.client.service import raw_keys
from forewave.delivery import signing
from forewave.types import Area, Place
from tests.client.made import ALERT, HERE, KEYS, NOW, sealed

REFERENCE = Path(__file__).parents[1] / "reference"
VECTORS = json.loads((REFERENCE / "device_messages.json").read_text("utf-8"))
AT = 50.0  # the clock here that never steps
NEW = {"version": 2, "id": "e1.2"}


@pytest.fixture(scope="module")
def coarse():
    return travel_time.load().coarse()


@pytest.fixture
def receiver(coarse):
    return connected(Receiver(HERE, coarse))


@pytest.fixture
def with_drills(coarse):
    return connected(Receiver(HERE, coarse, drills=True))


def heartbeat(now=NOW, **more):
    able = {"state": "ready", "missing": []}
    return json.dumps({"type": "heartbeat", "now": round(now * 1000), **able, **more}).encode()


def connected(receiver, now=NOW):
    receiver.trust(KEYS.trusted)
    receiver.opened()
    receiver.frame(heartbeat(now), AT, now)
    return receiver


def take(receiver, message, later=0.0, today=NOW):
    return receiver.frame(message, AT + later, today)


def test_a_signed_message_becomes_an_alert_at_the_place(receiver):
    alert = take(receiver, sealed())
    assert (alert.event, alert.version, alert.place, alert.drill) == ("e1", 1, "here", False)
    assert alert.seconds == pytest.approx(alert.s_arrival - NOW - 1.0)  # the clock's error is 1 s
    assert 5.0 < alert.mmi < 7.0


@pytest.mark.parametrize("cut", [0, 1, 10, 100, 500])
def test_what_is_changed_on_the_way_is_refused(receiver, cut):
    message = sealed()
    assert take(receiver, message[:cut] + b"1" + message[cut + 1 :]) is None
    assert take(receiver, message) is not None


def test_an_unknown_key_is_refused_and_asked_for(receiver):
    stranger = signing.generate()
    assert take(receiver, stranger.seal(ALERT)) is None
    assert receiver.wants_keys
    receiver.trust(stranger.trusted)
    assert not receiver.wants_keys
    assert take(receiver, stranger.seal(ALERT)) is not None
    assert take(receiver, sealed(event="e2")) is None  # the list was replaced


def test_a_repeat_and_an_older_version_are_not_given_again(receiver):
    assert take(receiver, sealed(**NEW)).version == 2
    assert take(receiver, sealed(**NEW)) is None
    assert take(receiver, sealed()) is None
    assert take(receiver, sealed(version=3)).version == 3


@pytest.mark.parametrize("later", [101.0, 1000.0])
def test_what_has_expired_is_not_given(receiver, later):
    take(receiver, heartbeat(NOW + later), later)
    assert take(receiver, sealed(), later) is None


def test_what_is_issued_in_the_future_is_not_given(receiver):
    assert take(receiver, sealed(issued=NOW + 12.0)) is None
    assert take(receiver, sealed(issued=NOW + 8.0)) is not None


def test_tests_are_never_given(with_drills):
    assert take(with_drills, sealed(mode="test")) is None


def test_drills_are_given_only_where_wanted(receiver, with_drills):
    drill = sealed(mode="drill")
    assert take(receiver, drill) is None
    assert take(with_drills, drill).drill


def test_a_drill_and_a_real_alert_of_one_name_are_two(with_drills):
    assert take(with_drills, sealed(mode="drill", version=5)).drill
    assert not take(with_drills, sealed()).drill


def test_no_drill_is_given_soon_after_a_real_alert(with_drills):
    real = take(with_drills, sealed())
    until = real.shaking_until - NOW
    for later, given_then in ((5.0, False), (until + 590.0, False), (until + 610.0, True)):
        when = NOW + later
        take(with_drills, heartbeat(when), later)
        drill = sealed(event=f"d{later}", mode="drill", issued=when, expires=when + 100.0)
        assert (take(with_drills, drill, later) is not None) is given_then


def test_a_drill_may_follow_a_real_alert_that_was_false(with_drills):
    take(with_drills, sealed())
    assert take(with_drills, sealed(kind="cancel", why="false", **NEW)).cancelled
    assert take(with_drills, sealed(event="d", mode="drill")) is not None


def test_a_cancel_of_what_was_never_given_is_not_given(receiver):
    assert take(receiver, sealed(kind="cancel", why="false")) is None
    assert take(receiver, sealed(kind="cancel", why="false", **NEW)) is None
    again = take(receiver, sealed(version=3))
    assert again is not None
    assert isnan(take(receiver, sealed(version=4, kind="cancel", why="false")).mmi)


def test_a_single_station_alert_is_given_near_it_only_and_without_seconds(receiver, coarse):
    alone = sealed(stations=1, area=Area(24.4, 121.5, 40.0))
    near = take(receiver, alone)
    assert near.single_station
    assert near.seconds is None
    far = connected(Receiver(Place("far", 25.5, 121.5), coarse))
    assert take(far, alone) is None
    assert take(far, sealed(stations=6, **NEW)) is not None  # confirmed


def test_no_seconds_where_the_epicentre_is_too_unsure(receiver):
    unsure = sealed(origin=replace(ALERT.origin, epicentre_sigma_km=30.0))
    assert take(receiver, unsure).seconds is None


def test_no_seconds_where_the_clock_is_only_guessed(coarse):
    receiver = Receiver(HERE, coarse)
    receiver.trust(KEYS.trusted)
    alert = receiver.frame(sealed(), AT, NOW)
    assert alert is not None
    assert alert.seconds is None


def test_a_real_alert_is_refused_where_the_servers_date_is_a_day_off(receiver):
    day = 90_000.0
    assert take(receiver, sealed(), today=NOW + day) is None
    assert take(receiver, sealed(), today=NOW) is not None


def test_a_clock_that_is_not_set_refuses_nothing(coarse):
    receiver = connected(Receiver(HERE, coarse, built=NOW - 1000.0))
    assert take(receiver, sealed(), today=0.0) is not None


def test_a_replay_that_begins_again_gives_its_drills_again_and_nothing_real(with_drills):
    take(with_drills, heartbeat(NOW + 60.0), 60.0)
    assert take(with_drills, sealed(event="d", mode="drill"), 60.0) is not None
    take(with_drills, heartbeat(NOW), 61.0)
    assert take(with_drills, sealed(event="d", mode="drill"), 61.0) is not None
    assert take(with_drills, sealed(), 61.0) is not None
    take(with_drills, heartbeat(NOW + 60.0), 62.0)
    take(with_drills, heartbeat(NOW), 63.0)
    assert take(with_drills, sealed(), 63.0) is None


def test_an_alert_in_force_has_the_seconds_that_are_left(receiver):
    alert = take(receiver, sealed())
    later = receiver.in_force(alert, AT + 4.0)
    assert later.seconds == pytest.approx(alert.seconds - 4.0)
    assert receiver.in_force(alert, AT + 101.0) is None
    take(receiver, sealed(**NEW))
    assert receiver.in_force(alert, AT + 4.0) is None


def state(receiver, later=0.0):
    return receiver.readiness(AT + later).state


def test_it_is_ready_only_with_a_server_that_is(receiver):
    assert state(receiver) == "ready"
    for said, found in (("not ready", "unable"), ("test", "test"), ("drill", "drills")):
        take(receiver, heartbeat(state=said, missing=["a station"]))
        assert state(receiver) == found
    take(receiver, heartbeat(state="not ready", missing=["a station"]))
    assert receiver.readiness(AT).missing == ("a station",)


def test_before_anything_came_it_is_connecting_then_lost(coarse):
    receiver = Receiver(HERE, coarse)
    assert state(receiver) == "connecting"
    receiver.closed("refused")
    assert receiver.readiness(AT + 5.0).detail == "refused"
    assert state(receiver, 11.0) == "lost"


def test_a_connection_that_ends_is_reconnecting_then_lost(receiver):
    receiver.closed("cut")
    assert (state(receiver), state(receiver, 9.9), state(receiver, 10.1)) == (
        "reconnecting",
        "reconnecting",
        "lost",
    )
    take(receiver, heartbeat(NOW + 11.0), 11.0)
    assert state(receiver, 11.0) == "ready"


def test_silence_is_lost_after_ten_seconds(receiver):
    assert state(receiver, 10.0) == "ready"
    assert state(receiver, 10.1) == "lost"


def test_a_server_that_signs_with_a_key_that_is_not_trusted_is_untrusted(receiver):
    take(receiver, heartbeat(key="stranger"))
    assert receiver.wants_keys
    assert state(receiver) == "ready"  # until the keys were asked for again
    receiver.trust(KEYS.trusted)
    assert state(receiver) == "untrusted"
    receiver.trust(KEYS.trusted)
    assert state(receiver) == "untrusted"
    take(receiver, heartbeat(key=KEYS.id))
    assert state(receiver) == "ready"


def test_without_keys_it_is_untrusted(coarse):
    receiver = Receiver(HERE, coarse)
    receiver.trust({})
    take(receiver, heartbeat())
    assert state(receiver) == "untrusted"


def test_a_message_that_cannot_be_verified_counts_for_five_minutes(receiver):
    message = sealed().replace(b'"m":6.5', b'"m":8.5')
    assert take(receiver, message) is None
    assert state(receiver) == "untrusted"
    for later in (100.0, 301.0):
        take(receiver, heartbeat(NOW + later), later)
    assert state(receiver, 301.0) == "ready"
    take(receiver, message, 302.0)
    take(receiver, sealed(issued=NOW + 302.0, expires=NOW + 400.0), 302.0)
    assert state(receiver, 302.0) == "ready"


def test_a_server_of_another_day_has_drills_only(receiver):
    take(receiver, heartbeat(), today=NOW + 90_000.0)
    assert state(receiver) == "drills"


def test_pongs_make_the_clock_right(receiver):
    pong = {"type": "pong", "id": round((AT + 1.0) * 1000), "now": round((NOW + 1.1) * 1000)}
    take(receiver, json.dumps(pong).encode(), 1.2)
    assert receiver.clock.error == pytest.approx(0.1)
    assert receiver.clock.now(AT + 1.2) == pytest.approx(NOW + 1.2)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_frame_does_harm(coarse, data):
    receiver = connected(Receiver(HERE, coarse))
    assert take(receiver, data) is None
    assert take(receiver, sealed()) is not None


@pytest.mark.parametrize(
    "frame",
    [
        b'{"type":"heartbeat"}',
        b'{"type":"heartbeat","now":NaN}',
        b'{"type":"heartbeat","now":1e400}',
        b'{"type":"heartbeat","now":true}',
        b'{"type":"pong","id":"x","now":1}',
        b'{"type":["heartbeat"]}',
        b'{"type":"later","now":"soon"}',
        b"[" * 100_000,
        b"[]",
    ],
)
def test_no_control_does_harm(receiver, frame):
    assert take(receiver, frame) is None
    assert receiver.clock.now(AT) is not None
    take(receiver, heartbeat())
    assert take(receiver, sealed()) is not None


@pytest.mark.parametrize("what", [*VECTORS["accepted"], *VECTORS["refused"]])
def test_the_messages_of_the_pages_are_taken_and_refused(coarse, what):
    issued = 1_524_005_000.25
    receiver = Receiver(Place("here", 24.1, -121.6), coarse, drills=True)
    receiver.trust(raw_keys(VECTORS["keys"].values()))
    take(receiver, heartbeat(issued), today=issued)
    message = (VECTORS["accepted"] | VECTORS["refused"])[what].encode()
    alert = take(receiver, message, today=issued)
    refused = receiver.wants_keys or state(receiver) == "untrusted"
    assert refused == (what in VECTORS["refused"])
    assert (alert is not None) == (not refused and what != "cancelled")


def test_it_makes_of_a_sequence_of_frames_what_the_vectors_say(coarse):
    """The same vectors as a client made from docs/reference/message.md alone."""
    sequence = json.loads((REFERENCE / "device_sequence.json").read_text())
    where = sequence["place"]
    place = Place("here", where["lat"], where["lon"], vs30_ms=where["vs30_ms"])
    receiver = Receiver(place, coarse)
    receiver.trust(raw_keys(sequence["keys"].values()))
    acting = {}
    for step in sequence["frames"]:
        alert = receiver.frame(step["frame"].encode(), step["at"], sequence["today"])
        assert (alert is not None) == (step.get("result") == "taken"), step
        if alert is not None:
            least = where["act_at_mmi"] - (0.3 if acting.get(alert.event) else 0.0)
            acting[alert.event] = alert.calls_for_action(least)
            assert acting[alert.event] == step["acts"], step
            assert alert.message == step["frame"].encode()
        if "offset_s" in step:
            assert receiver.clock.now(0.0) == pytest.approx(step["offset_s"], abs=1e-5)
            assert receiver.clock.error == pytest.approx(step["error_s"], abs=1e-5)
