import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.relay.session import Request, Session
from forewave.types import StreamId

HHZ = StreamId("XX", "ABC", "00", "HHZ")


def session():
    return Session("forewave/x", "Somewhere", lambda words, version: f"<{words}>".encode())


def answers(session, *lines):
    return b"".join(session.receive("".join(f"{line}\r\n" for line in lines).encode())).decode()


def test_the_greeting_names_both_versions():
    greeting = answers(session(), "HELLO").split("\r\n")
    assert greeting[0].startswith("SeedLink v4.0 (forewave/x) :: ")
    assert {"SLPROTO:4.0", "SLPROTO:3.1"} <= set(greeting[0].split())
    assert greeting[1] == "Somewhere"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_lines_end_in_any_way(end):
    assert list(session().receive(f"STATION ABC XX{end}DATA{end}".encode())) == [b"OK\r\n"] * 2


@given(st.lists(st.integers(0, 60), max_size=8))
def test_lines_may_be_cut_anywhere(cuts):
    wire = b"SLPROTO 4.0\r\nSTATION XX_ABC\rSELECT 00_H_H_?\nDATA 7\r\nEND\r\n"
    edges = [0, *sorted(cuts), len(wire)]
    made = session()
    said = [x for n in range(len(edges) - 1) for x in made.receive(wire[edges[n] : edges[n + 1]])]
    assert b"".join(said) == b"OK\r\n" * 4
    assert made.streaming
    assert made.requests == [Request("XX_ABC", ["00_H_H_?"], 7)]


def test_several_stations_of_version_3_begin_at_end():
    made = session()
    assert answers(made, "STATION ABC XX", "SELECT HH?", "SELECT !HHE", "DATA") == "OK\r\n" * 4
    assert answers(made, "STATION D?F", "DATA 00000A") == "OK\r\n" * 2
    assert not made.streaming
    assert answers(made, "END") == ""
    assert made.streaming
    assert made.request_for("XX_ABC", HHZ) == Request("XX_ABC", ["HH?", "!HHE"])
    assert made.request_for("YY_DEF", StreamId("YY", "DEF", "", "BHZ")).since == 10
    assert made.request_for("XX_GHI", StreamId("XX", "GHI", "", "BHZ")) is None


def test_without_station_version_3_begins_at_data():
    made = session()
    assert answers(made, "SELECT HHZ", "DATA") == "OK\r\n"
    assert made.streaming
    assert made.request_for("XX_ABC", HHZ) is not None


def test_whoever_asks_for_nothing_gets_everything():
    made = session()
    answers(made, "END")
    assert made.request_for("XX_ABC", HHZ) is not None


@pytest.mark.parametrize("head", [[], ["SLPROTO 4.0"]])
def test_a_station_that_is_named_twice_is_wanted_with_both_selections(head):
    made, name = session(), "XX_ABC" if head else "ABC XX"
    lines = [f"STATION {name}", "SELECT 00HHZ", "DATA 5"]
    lines += [f"STATION {name}", "SELECT 00HHN", "DATA 9", "END"]
    answers(made, *head, *lines)
    wanted = {}
    for channel in ("HHZ", "HHN", "HHE"):
        wanted[channel] = made.request_for("XX_ABC", StreamId("XX", "ABC", "00", channel))
    assert wanted["HHE"] is None
    assert (wanted["HHZ"].since, wanted["HHN"].since) == (5, 9)


@pytest.mark.parametrize(
    ("selectors", "form"),
    [([], ""), (["00_H_H_Z"], ""), (["*.3D"], "3"), (["00_H_H_?.2D"], "2"), (["*.2D", "*.3"], "2")],
)
def test_the_format_is_that_of_the_selection(selectors, form):
    made = session()
    lines = [f"SELECT {each}" for each in selectors]
    answers(made, "SLPROTO 4.0", "STATION XX_ABC", *lines, "DATA", "END")
    assert made.form_for("XX_ABC", HHZ) == form


def test_select_without_pattern_takes_all_again():
    made = session()
    answers(made, "STATION ABC XX", "SELECT BHZ", "SELECT", "DATA", "END")
    assert made.request_for("XX_ABC", HHZ) is not None


def test_batch_is_quiet():
    made = session()
    assert answers(made, "BATCH", "STATION ABC XX", "SELECT HHZ", "DATA") == "OK\r\n"
    assert answers(made, "NONSENSE") == "ERROR\r\n"


def test_errors_of_version_4_have_a_reason():
    made = session()
    answers(made, "SLPROTO 4.0")
    assert answers(made, "SELECT 00_H_H_Z") == "ERROR UNEXPECTED command before STATION\r\n"
    assert answers(made, "AUTH USERPASS me secret").startswith("ERROR AUTH ")
    assert answers(made, "NONSENSE").startswith("ERROR UNSUPPORTED ")
    assert answers(made, "STATION").startswith("ERROR ARGUMENTS ")
    answers(made, "STATION XX_ABC")
    assert answers(made, "SELECT !!").startswith("ERROR ARGUMENTS ")
    assert answers(made, "DATA seven").startswith("ERROR ARGUMENTS ")
    assert answers(made, "DATA ALL yesterday").startswith("ERROR ARGUMENTS ")
    assert not made.streaming


def test_a_version_that_does_not_exist():
    assert answers(session(), "SLPROTO 5.0") == "ERROR\r\n"


@pytest.mark.parametrize("line", ["TIME tomorrow", "TIME 2023,1,2", "DATA XYZ", "SELECT nonsense"])
def test_version_3_refuses_without_a_word(line):
    made = session()
    answers(made, "STATION ABC XX")
    assert answers(made, line) == "ERROR\r\n"


def test_info_is_answered_at_any_time_and_other_words_are_not_once_data_flow():
    made = session()
    answers(made, "SLPROTO 4.0", "STATION XX_ABC", "DATA", "END")
    assert answers(made, "info STATIONS XX_*") == "<['STATIONS', 'XX_*']>"
    assert answers(made, "STATION YY_DEF", "HELLO") == ""


def test_who_it_is_is_remembered():
    made = session()
    answers(made, "USERAGENT slinktool/5 x")
    assert made.agent == "slinktool/5 x"


def test_after_bye_nothing_is_obeyed():
    made = session()
    assert answers(made, "BYE", "HELLO") == ""
    assert made.closed


def test_a_line_without_an_end_is_malformed():
    made = session()
    list(made.receive(b"x" * 5000))
    assert made.malformed


def test_stations_are_bounded():
    made = session()
    said = answers(made, *["STATION ABC XX"] * 20_001)
    assert said.endswith("OK\r\nERROR\r\n")


@pytest.mark.parametrize(
    ("request_", "sequence", "version", "missed"),
    [
        (Request("*"), 5, 3, False),
        (Request("*", since=5), 4, 3, False),
        (Request("*", since=5), 5, 3, True),
        (Request("*", since=0xFFFFFE), (1 << 24) + 3, 3, True),
        (Request("*", since=3), 0xFFFFFE, 3, False),
        (Request("*", since=0xFFFFFE), (1 << 24) + 3, 4, True),
        (Request("*", since=(1 << 24) + 4), (1 << 24) + 3, 4, False),
        (Request("*", all=True), 1, 4, True),
        (Request("*", all=True, begin=11.0), 1, 4, False),
        (Request("*", all=True, begin=10.5), 1, 4, True),
        (Request("*", all=True, begin=0.0, end=10.0), 1, 4, False),
    ],
)
def test_which_of_the_past_is_asked_for(request_, sequence, version, missed):
    assert request_.missed(10.0, 11.0, sequence, version) is missed


@pytest.mark.parametrize(
    ("lines", "complete"),
    [
        (["STATION ABC XX", "DATA", "END"], False),
        (["STATION ABC XX", "FETCH", "END"], True),
        (["STATION ABC XX", "TIME 2020,1,1,0,0,0", "END"], False),
        (["STATION ABC XX", "TIME 2020,1,1,0,0,0 2020,1,1,0,0,9", "END"], True),
        (["SLPROTO 4.0", "STATION XX_ABC", "DATA", "ENDFETCH"], True),
    ],
)
def test_when_a_client_has_all_it_asked_for(lines, complete):
    made = session()
    answers(made, *lines)
    assert made.complete(1.7e9) is complete


@pytest.mark.parametrize(
    ("lines", "begin", "end"),
    [
        (["STATION ABC XX", "TIME 2023,11,14,22,13,20"], 1.7e9, None),
        (["STATION ABC XX", "TIME 2023,11,14,22,13,20 2023,11,14,22,13,30"], 1.7e9, 1.7e9 + 10),
        (["SLPROTO 4.0", "STATION XX_ABC", "DATA ALL 2023-11-14T22:13:20.5Z"], 1.7e9 + 0.5, None),
        (["SLPROTO 4.0", "STATION XX_ABC", "DATA ALL 2023-11-14T22:13:20Z"], 1.7e9, None),
        (
            ["SLPROTO 4.0", "STATION XX_ABC", "DATA ALL 2023-11-14T22:13:20.500000999Z"],
            1.7e9 + 0.5,
            None,
        ),
        (["STATION ABC XX", "TIME 2023,11,14,22,13,20.500000"], 1.7e9 + 0.5, None),
    ],
)
def test_the_past_is_asked_for_by_time(lines, begin, end):
    made = session()
    assert answers(made, *lines, "END") == "OK\r\n" * len(lines)
    request = made.request_for("XX_ABC", HHZ)
    assert (request.all, request.begin, request.end) == (True, begin, end)
    assert request.missed(begin - 1.0, begin + 0.1, 1, made.version)
    assert not request.missed(begin - 1.0, begin, 1, made.version)


@given(st.binary(max_size=400))
def test_nonsense_never_raises(data):
    list(session().receive(data + b"\r\n"))


@pytest.mark.parametrize(
    "time",
    [f"{'9' * 30},1,1,0,0,0", "2020,1,1,0,0,nan", "2020,1,1,0,0,1e400", "2020,1", "x", "99999-01"],
)
@pytest.mark.parametrize("version", ["3.1", "4.0"])
def test_a_time_that_is_none_is_answered_with_an_error(version, time):
    made = session()
    station = "STATION XX_ABC" if version == "4.0" else "STATION ABC XX"
    said = answers(made, f"SLPROTO {version}", station, f"TIME {time}", f"DATA 1 {time}")
    assert said.startswith("OK\r\nOK\r\nERROR")
    assert said.count("ERROR") == (2 if version == "4.0" else 1)  # DATA of 3.1 has no time
    assert not made.malformed
