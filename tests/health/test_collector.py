import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.health.collector import MOST_REASONS, Health
from forewave.health.prometheus import text
from forewave.health.report import STAGES, ClockReport
from forewave.types import Dropped, Pick, StationState, StreamId
from tests.health.made import T0, solution, state, station, status

STREAM = StreamId("ST", "A", "", "HHZ")


def made(*codes):
    return Health([station(code) for code in codes or ("ST.A", "ST.B")], T0)


def row(health, code="ST.A", after=1.0):
    return next(s for s in health.report(T0 + after).stations if s.code == code)


def test_a_station_is_heard():
    health = made()
    health.receive(state(1), T0 + 1)
    health.receive(Pick("p", STREAM, "P", T0, 0.1), T0 + 1)
    assert (row(health).state, row(health).picks) == ("good", 1)
    assert row(health, "ST.B").state == "never"


def test_refusals_are_counted_by_reason_and_station():
    health = made()
    health.receive(Dropped("ST.A..HHZ", "wrong rate"), T0)
    health.receive(Dropped("ST.A", "absurd values"), T0)
    health.receive(Dropped("XX.YY..HHZ", "station not in the inventory"), T0)
    assert row(health).dropped == {"wrong rate": 1, "absurd values": 1}
    assert health.report(T0).dropped == {
        "wrong rate": 1,
        "absurd values": 1,
        "station not in the inventory": 1,
    }


def test_strangers_and_new_reasons_fill_no_memory():
    health = made()
    for number in range(3 * MOST_REASONS):
        health.receive(Dropped(f"X.{number}..HHZ", f"reason {number}"), T0)
    report = health.report(T0)
    assert len(report.stations) == 2
    assert len(report.dropped) == MOST_REASONS + 1
    assert sum(report.dropped.values()) == 3 * MOST_REASONS


def test_a_stranger_ends_nothing():
    health = made()
    health.receive(state(1, code="XX.WHO"), T0 + 1)
    health.receive(solution("e", 1.0, stations=("XX.WHO",)), T0 + 1)
    assert health.report(T0 + 1).dropped == {"station not in the inventory": 1}


@given(
    latest=st.floats(),
    latency=st.floats(),
    noise=st.floats(),
    told=st.sampled_from(["good", "late", "stuck"]),
    now=st.floats(),
)
def test_no_number_ends_it(latest, latency, noise, told, now):
    """Whatever a detector says, health goes on and its report can be written."""
    health = made()
    for moment in (T0, now, T0 + 1):
        health.receive(StationState("ST.A", latest, latency, told, noise, noise), moment)
    report = health.report(now)
    msgspec.json.encode(report)
    assert text(report)


def test_residuals_of_earthquakes_show_a_wrong_clock():
    health = made()
    health.receive(state(1), T0 + 1)
    for event in "abc":
        health.receive(solution(event, 2.6, 0.1, stations=("ST.A", "ST.B")), T0 + 1)
    assert row(health).state == "clock"
    assert row(health).residual == 2.6


def test_every_stage_is_in_the_report():
    health = made()
    for stage in STAGES:
        health.lag(stage, 0.3)
    assert [(s.stage, s.counts.count) for s in health.report(T0).stages] == [(s, 1) for s in STAGES]


def test_ready_when_tables_kernels_a_source_and_a_station_are_there():
    health = made()
    assert health.report(T0).missing == ("travel times", "kernels", "a live source")
    health.loaded("travel times")
    health.loaded("kernels")
    health.source(status(state="connecting"))
    assert not health.report(T0).ready
    health.source(status())
    assert health.report(T0).missing == ("a station",)
    health.receive(state(0, health="unusable"), T0)
    assert health.report(T0).missing == ("a station",)
    health.receive(state(1), T0 + 1)
    assert health.report(T0 + 1).ready
    assert health.report(T0 + 62).missing == ("a station",)


def test_a_source_says_how_it_is_now():
    health = made()
    health.source(status(state="lost"))
    health.source(status())
    assert [s.state for s in health.report(T0).sources] == ["live"]


def test_packets_that_wait_for_a_silent_pipeline_are_no_life():
    health = made()
    health.source(status(waiting=5))
    assert health.alive(T0 + 15)
    assert not health.alive(T0 + 16)
    health.receive(state(16), T0 + 16)
    assert health.alive(T0 + 17)


def test_silence_without_waiting_packets_is_none_of_the_pipelines_fault():
    health = made()
    health.source(status(waiting=0))
    assert health.alive(T0 + 3600)


def test_problems_are_in_plain_words():
    health = made()
    health.source(status("seedlink a", state="lost", waiting=1))
    health.clock(ClockReport("jumped", "jumped by +3.0 s 5 s ago"))
    report = health.report(T0 + 60)
    assert report.problems == (
        "the pipeline has emitted nothing for 60 s; packets wait",
        "1 of 1 sources deliver nothing, such as seedlink a",
        "2 of 2 stations are not usable, such as ST.A",
        "system clock: jumped by +3.0 s 5 s ago",
    )


def test_a_channel_that_cannot_send_is_a_problem():
    health = made("ST.A")
    health.channels({"siren": "no connection: refused", "hook": ""})
    report = health.report(T0)
    assert report.problems[-1] == "channel siren cannot send: no connection: refused"
    assert not any("hook" in line for line in report.problems)
    assert 'forewave_channel_up{channel="siren"} 0.0' in text(report).decode()
    assert 'forewave_channel_up{channel="hook"} 1.0' in text(report).decode()


def test_what_waits_in_memory_for_a_database_is_a_problem_until_it_is_written():
    health = made()
    health.storage_losses("catalogue", {}, T0)
    health.storage_waits("catalogue", "connection refused")
    report = health.report(T0 + 1e4)
    assert report.keeping == {"catalogue": "connection refused"}
    assert "catalogue: not stored: connection refused" in report.problems
    health.storage_waits("catalogue", "")
    assert health.report(T0 + 1e4).keeping == {"catalogue": ""}


def test_what_cannot_be_kept_is_a_problem_while_it_lasts():
    health = made("ST.A")
    health.receive(state(1), T0 + 1)
    health.source(status())
    health.storage_losses("record", {}, T0)
    health.storage_losses("tail", {"disk full": 3}, T0)
    health.storage_losses("record", {"Read-only file system": 5}, T0 + 1)
    report = health.report(T0 + 2)
    assert report.problems == (
        "record: not stored: Read-only file system",
        "tail: not stored: disk full",
    )
    assert report.keeping == {"record": "Read-only file system", "tail": "disk full"}
    assert report.tallies["record"] == {"Read-only file system": 5}
    assert 'forewave_kept{where="record"} 0.0' in text(report).decode()
    for after in (2, 50):  # no more of the record is lost
        health.storage_losses("record", {"Read-only file system": 5}, T0 + after)
        health.storage_losses("tail", {"disk full": 3 + after}, T0 + after)
    health.receive(state(62), T0 + 62)
    report = health.report(T0 + 62)
    assert report.problems == ("tail: not stored: disk full",)
    assert 'forewave_kept{where="record"} 1.0' in text(report).decode()


def test_a_machine_whose_clock_is_behind_says_so_and_by_how_much():
    codes = [f"ST.{n}" for n in range(5)]
    health = made(*codes)
    health.source(status())
    for n, code in enumerate(codes):
        health.receive(state(1, code, latency=-3.0), T0 + 1)
        health.arrived(code, -3.0 + 0.1 * n, T0 + 1)
    report = health.report(T0 + 1)
    line = "it is behind by 2.8 s: samples of 5 of 5 stations arrive before their time, "
    line += "by about the same"
    assert (report.clock.state, report.clock.reason) == ("behind", line)
    assert f"system clock: {line}" in report.problems
    assert "forewave_clock_behind_seconds 2.8" in text(report).decode()
    assert "forewave_clock_good 0.0" in text(report).decode()


def test_sources_that_are_no_more_are_forgotten():
    health = made()
    health.sources([status("a"), status("b")])
    health.sources([status("b")])
    assert [source.source for source in health.report(T0).sources] == ["b"]


def test_no_problems_when_all_is_well():
    health = made("ST.A")
    health.receive(state(1), T0 + 1)
    health.source(status())
    assert health.report(T0 + 1).problems == ()


def test_asking_changes_nothing():
    health = made()
    health.receive(state(1), T0 + 1)
    first = health.report(T0 + 2)
    assert replace(first) == health.report(T0 + 2)


def test_a_source_that_brings_other_samples_is_named_with_its_station():
    health = made()
    health.disagree({"ST.A": "seedlink b"})
    (problem,) = [p for p in health.report(T0).problems if "different samples" in p]
    assert "ST.A" in problem
    assert "seedlink b" in problem
