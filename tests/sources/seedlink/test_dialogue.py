import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.errors import FormatError
from forewave.formats.protocols.seedlink import frame_3, frame_4, info_4
from forewave.formats.waveforms import miniseed
from forewave.sources.seedlink.dialogue import Dialogue, Wanted
from forewave.types import Packet, StreamId

HELLO_3 = b"SeedLink v3.1 (2020.122)\r\nSomewhere\r\n"
HELLO_4 = b"SeedLink v4.0 (x/1) :: SLPROTO:4.0 SLPROTO:3.1 CAP\r\nSomewhere\r\n"
PACKET = Packet(StreamId("XX", "ABC", "00", "HHZ"), 1.7e9, 100.0, np.arange(80, dtype=np.int32))
RECORD = miniseed.encode([PACKET], 2, 512)
TWO = [Wanted("XX_ABC", ("HH?",)), Wanted("YY_DEF")]


def tell(dialogue, *lines):
    """Lines of the server; what was answered, line by line."""
    sent = []
    for line in lines:
        frames = list(dialogue.receive(line))
        assert frames == []
        sent += dialogue.to_send.decode().split("\r\n")[:-1]
    return sent


def test_it_begins_with_a_greeting():
    assert Dialogue(TWO).to_send == b"HELLO\r\n"


def test_version_3_in_one_go():
    dialogue = Dialogue(TWO)
    asked = tell(dialogue, HELLO_3)
    assert asked == [
        "STATION ABC XX",
        "SELECT HH?",
        "DATA",
        "STATION DEF YY",
        "DATA",
        "END",
    ]
    assert not dialogue.streaming
    tell(dialogue, b"OK\r\n" * 5)
    assert dialogue.streaming
    assert dialogue.version == 3


def test_version_4_is_taken_where_it_is_offered():
    dialogue = Dialogue(TWO, auth="USERPASS me secret")
    assert tell(dialogue, HELLO_4) == [
        "SLPROTO 4.0",
        "USERAGENT forewave",
        "AUTH USERPASS me secret",
        "STATION XX_ABC",
        "SELECT *_H_H_?",
        "DATA",
        "STATION YY_DEF",
        "DATA",
        "END",
    ]
    tell(dialogue, b"OK\r\n" * 8)
    assert dialogue.version == 4


def test_version_3_can_be_insisted_on():
    dialogue = Dialogue(TWO, "3")
    assert tell(dialogue, HELLO_4)[0] == "STATION ABC XX"


def test_version_4_can_be_insisted_on():
    with pytest.raises(FormatError, match="does not support SeedLink 4"):
        tell(Dialogue(TWO, "4"), HELLO_3)


def test_one_by_one_for_servers_that_cannot_take_more():
    dialogue = Dialogue(TWO, at_once=False)
    assert tell(dialogue, HELLO_3) == ["STATION ABC XX"]
    assert tell(dialogue, b"OK\r\n") == ["SELECT HH?"]
    assert tell(dialogue, b"OK\r\n") == ["DATA"]
    assert tell(dialogue, b"OK\r\n") == ["STATION DEF YY"]
    assert tell(dialogue, b"OK\r\n") == ["DATA"]
    assert tell(dialogue, b"OK\r\n") == ["END"]
    assert dialogue.streaming


def test_what_was_missed_is_asked_for_by_number():
    three, four = Dialogue([Wanted("XX_ABC", (), 0xFFFFFF)]), Dialogue([Wanted("XX_ABC", (), 41)])
    assert "DATA 000000" in tell(three, HELLO_3)
    assert "DATA 42" in tell(four, HELLO_4)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_station_that_is_refused_costs_the_others_nothing(at_once):
    dialogue = Dialogue(TWO, at_once=at_once)
    tell(dialogue, HELLO_4, b"OK\r\nOK\r\n", b"ERROR ARGUMENTS no such station\r\n")
    while not dialogue.streaming:
        tell(dialogue, b"OK\r\n")
    assert dialogue.refused == {"XX_ABC": "STATION: ARGUMENTS no such station"}


def test_a_selector_that_is_refused_leaves_the_station():
    dialogue = Dialogue(TWO)
    tell(dialogue, HELLO_3, b"OK\r\nERROR\r\nOK\r\nOK\r\nOK\r\n")
    assert dialogue.streaming
    assert dialogue.refused == {}


def test_an_error_is_raised_when_every_station_is_refused():
    with pytest.raises(FormatError, match=r"refused every station; XX_ABC: STATION: no reason"):
        tell(Dialogue(TWO), HELLO_3, b"ERROR\r\n" * 5)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([b"220 mail.example.org ESMTP\r\n", b"x\r\n"], "no SeedLink server, it sent '220 mail"),
        ([HELLO_4, b"OK\r\n" * 2 + b"WHAT\r\n" * 5], "STATION: answered 'WHAT'"),
        ([HELLO_4, b"ERROR UNSUPPORTED\r\n"], "refused SLPROTO: UNSUPPORTED"),
        ([HELLO_4, b"x" * 5000], "line that is too long"),
    ],
)
def test_protocol_errors_name_the_reason(lines, says):
    with pytest.raises(FormatError, match=says):
        tell(Dialogue(TWO), *lines)


def test_the_password_is_not_in_the_error():
    with pytest.raises(FormatError) as told:
        tell(Dialogue(TWO, auth="USERPASS me secret"), HELLO_4, b"OK\r\nOK\r\nERROR AUTH\r\n")
    assert "secret" not in str(told.value)


def test_bytes_may_be_cut_anywhere():
    dialogue = Dialogue(TWO)
    frames = []
    wire = HELLO_4 + b"OK\r\n" * 7 + frame_4("XX_ABC", 1, b"record") + info_4(b"{}")
    for n in range(len(wire)):
        frames += dialogue.receive(wire[n : n + 1])
    assert [frame.kind for frame in frames] == ["data", "info"]


def test_frames_that_come_with_the_answers_are_read():
    dialogue = Dialogue(TWO)
    tell(dialogue, HELLO_4)
    frames = list(dialogue.receive(b"OK\r\n" * 7 + frame_4("XX_ABC", 1, b"record")))
    assert [frame.payload for frame in frames] == [b"record"]


def test_whether_it_lives_is_asked_in_words_of_both_versions():
    assert Dialogue(TWO).ping() == b"INFO ID\r\n"


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [HELLO_3, HELLO_4, b"OK\r\n", b"ERROR\r\n", b"END", b"SE3D", b"SL000001"]
            ),
            st.binary(max_size=80),
        ),
        max_size=30,
    ),
    st.booleans(),
)
def test_whatever_a_server_sends_only_format_errors_are_raised(said, at_once):
    dialogue = Dialogue(TWO, at_once=at_once)
    with contextlib.suppress(FormatError):
        for data in said:
            list(dialogue.receive(data))


SINCE = [Wanted("XX_ABC", ("HH?",), since=1_700_000_000.75), Wanted("YY_DEF", last=7, since=1.0)]


def test_what_was_missed_is_asked_for_by_time_where_no_number_is_known():
    asked = tell(Dialogue(SINCE), HELLO_3)
    assert asked == [
        "STATION ABC XX",
        "SELECT HH?",
        "TIME 2023,11,14,22,13,20",
        "STATION DEF YY",
        "DATA 000008",
    ]
    asked = tell(Dialogue(SINCE), HELLO_4.replace(b" CAP", b" CAP TIME"))
    assert asked[4:] == ["DATA ALL 2023-11-14T22:13:20.750000Z", "STATION YY_DEF", "DATA 8"]


def test_a_server_of_version_4_that_knows_no_time_is_not_asked_for_it():
    assert tell(Dialogue(SINCE), HELLO_4)[4:] == ["DATA", "STATION YY_DEF", "DATA 8"]


@pytest.mark.parametrize("hello", [HELLO_3, HELLO_4])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_sequence_number_that_is_refused_is_done_without(hello, at_once):
    dialogue = Dialogue([Wanted("XX_ABC", ("HH?",), last=41), Wanted("YY_DEF")], at_once=at_once)
    asked, lines = [], tell(dialogue, hello)
    while lines:
        asked += lines
        refuse = [b"ERROR\r\n" if line.startswith("DATA ") else b"OK\r\n" for line in lines]
        lines = tell(dialogue, *refuse[: len([x for x in lines if x != "END"])])
    assert asked[-2:] == ["DATA", "END"]
    assert asked.count("DATA") == 2
    assert dialogue.streaming
    assert dialogue.refused == {}


def test_an_odd_answer_costs_only_its_station():
    dialogue = Dialogue(list(reversed(TWO)))
    tell(dialogue, HELLO_3, b"OK\r\nOK\r\n", b"hm?\r\n\r\nOK\r\nok\r\n")
    assert dialogue.streaming
    assert dialogue.refused == {"XX_ABC": "STATION: answered 'hm?'"}


def test_a_greeting_of_more_lines_is_no_answer():
    dialogue = Dialogue(TWO)
    tell(dialogue, HELLO_3 + b"Welcome, be gentle\r\n", b"OK\r\n" * 5)
    assert dialogue.streaming
    assert dialogue.refused == {}


@pytest.mark.parametrize("hello", [HELLO_3, HELLO_4])
def test_packets_that_come_before_all_is_answered_are_read(hello):
    dialogue = Dialogue(TWO)
    three = hello is HELLO_3
    tell(dialogue, hello, b"OK\r\n" * (2 if three else 4))
    packet = frame_3(1, RECORD) if three else frame_4("XX_ABC", 1, b"record")
    (frame,) = dialogue.receive(packet)
    assert (frame.kind, frame.sequence) == ("data", 1)
    assert dialogue.streaming


@pytest.mark.parametrize("at_once", [True, False])
def test_a_server_that_does_not_answer_data_is_gone_on_with(at_once):
    dialogue = Dialogue([Wanted("XX_ABC", last=41)], at_once=at_once)
    lines = tell(dialogue, HELLO_3, b"OK\r\n")
    assert "END" not in lines
    dialogue.go_on_without()
    assert dialogue.to_send == b"END\r\n"
    assert dialogue.streaming


def test_a_server_that_has_answered_nothing_is_not_gone_on_with():
    dialogue = Dialogue(TWO)
    tell(dialogue, HELLO_3)
    dialogue.go_on_without()
    assert not dialogue.streaming


def test_a_server_that_offers_version_4_and_refuses_it_is_remembered():
    dialogue = Dialogue(TWO)
    with pytest.raises(FormatError):
        tell(dialogue, HELLO_4, b"ERROR UNSUPPORTED\r\n")
    assert dialogue.declined


def answer(dialogue, lines):
    """As a server that knows no TIME answers; all that it was asked."""
    asked = []
    while lines:
        asked += lines
        lines = tell(
            dialogue,
            *[
                b"ERROR\r\n" if line.startswith("TIME") else b"OK\r\n"
                for line in lines
                if line != "END"
            ],
        )
    return asked


@pytest.mark.parametrize("at_once", [True, False])
def test_a_time_that_is_refused_is_done_without(at_once):
    dialogue = Dialogue(SINCE, at_once=at_once)
    asked = answer(dialogue, tell(dialogue, HELLO_3))
    assert asked[-4:] == ["STATION ABC XX", "SELECT HH?", "DATA", "END"]
    assert asked.count("END") == 1
    assert dialogue.streaming
    assert dialogue.refused == {}


@pytest.mark.parametrize("at_once", [True, False])
def test_a_time_that_is_granted_is_followed_by_the_end(at_once):
    dialogue = Dialogue(SINCE, at_once=at_once)
    lines = tell(dialogue, HELLO_3)
    asked = []
    while lines:
        asked += lines
        lines = tell(dialogue, *[b"OK\r\n" for line in lines if line != "END"])
    assert asked[-1] == "END"
    assert asked.count("END") == 1
    assert dialogue.streaming
