"""Sources of one stream that bring other samples are found, and one of them is used."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.sources.intake.agreement import ALIVE, DISAGREE, SETTLED, UNPROVEN, Agreement
from forewave.sources.intake.merge import Merge, end_of
from forewave.types import Packet, StreamId

STREAM = StreamId("XX", "ABC", "", "HHZ")
T0, RATE = 1_700_000_000.0, 100.0
GROUND = np.random.default_rng(1).normal(0.0, 200.0, 60_000).round().astype(np.int32)
RANK = ["a", "b", "c"].index


def piece(first, count=100, factor=1.0):
    samples = (GROUND[first : first + count] * factor).astype(np.int32)
    return Packet(STREAM, T0 + first / RATE, RATE, samples)


def both(factor, seconds, first="a", second="b"):
    """The refusals of two sources that bring the same seconds, one after the other."""
    agreement, found = Agreement(), []
    for second_no in range(seconds):
        packet = piece(100 * second_no)
        for source, times in ((first, 1.0), (second, factor)):
            changed = replace(packet, samples=(packet.samples * times).astype(np.int32))
            found.append((source, agreement.refusal(source, changed, end_of(packet), RANK)))
    return found


@pytest.mark.parametrize("factor", [1000.0, 10.0, 2.0, 0.5, 0.001, -1.0])
@pytest.mark.parametrize("sources", ["ab", "ba"])
def test_of_two_that_disagree_the_first_configured_is_used(factor, sources):
    found = both(factor, 5, *sources)
    assert {refusal for source, refusal in found if source == "a"} == {""}
    assert {refusal for source, refusal in found[4:] if source == "b"} == {DISAGREE}


@given(st.sampled_from([1.0, 1.02, 0.98]))
def test_the_same_samples_agree_and_so_do_their_roundings(factor):
    assert {refusal for _, refusal in both(factor, 5)} == {""}


@given(st.integers(20, 180), st.integers(-1, 1))
def test_packets_that_are_cut_otherwise_or_a_sample_off_agree(cut, late):
    agreement = Agreement()
    for first in range(0, 1000, 100):
        assert agreement.refusal("a", piece(first), T0 + first / RATE + 1.2, RANK) == ""
    for first in range(700, 900, cut):
        packet = piece(first, cut)
        shifted = replace(packet, start=packet.start + late / RATE)
        assert agreement.refusal("b", shifted, T0 + 9.5, RANK) != DISAGREE
    assert agreement.refused == set()


def test_a_clock_that_is_off_is_no_copy():
    agreement = Agreement()
    agreement.refusal("a", piece(0, 300), T0 + 3.0, RANK)
    late = replace(piece(100, 100), start=T0 + 1.5)
    assert agreement.refusal("b", late, T0 + 3.1, RANK) == DISAGREE


def test_who_comes_later_is_compared_before_it_is_used():
    agreement = Agreement()
    for second in range(15):
        agreement.refusal("a", piece(100 * second), T0 + second + 1.0, RANK)
    ahead = piece(1500, factor=1000.0)
    assert agreement.refusal("b", ahead, T0 + 16.0, RANK) == UNPROVEN
    assert agreement.refusal("a", piece(1500), T0 + 16.1, RANK) == ""
    assert agreement.refusal("b", piece(1600, factor=1000.0), T0 + 17.0, RANK) == DISAGREE


def test_a_copy_that_comes_later_is_used_from_its_second_packet_on():
    agreement = Agreement()
    for second in range(15):
        agreement.refusal("a", piece(100 * second), T0 + second + 1.0, RANK)
    assert agreement.refusal("b", piece(1500), T0 + 16.0, RANK) == UNPROVEN
    assert agreement.refusal("a", piece(1500), T0 + 16.1, RANK) == ""
    assert agreement.refusal("b", piece(1600), T0 + 17.0, RANK) == ""


def test_where_the_other_has_fallen_silent_who_comes_is_used_unseen():
    agreement = Agreement()
    agreement.refusal("a", piece(0), T0 + 1.0, RANK)
    later = T0 + 1.0 + max(ALIVE, SETTLED)
    assert agreement.refusal("b", piece(5000), later, RANK) == ""


def test_merge_names_the_station_and_gives_on_one_of_them():
    merge, given_on = Merge(order=lambda: ["a", "b"]), []
    for first in range(0, 1000, 100):
        packet = piece(first)
        given_on += merge.feed("b", piece(first, factor=1000.0), end_of(packet) + 0.1)
        given_on += merge.feed("a", packet, end_of(packet) + 0.2)
    assert merge.disagreeing == {"XX.ABC": "b"}
    assert merge.counts["sources disagree"] == 9
    known = np.concatenate([packet.samples for packet in given_on[1:]])
    assert (known == GROUND[100:1000]).all()


def test_a_refused_source_that_has_been_put_right_is_used_again():
    agreement, refusals = Agreement(), []
    for second in range(40):
        packet = piece(100 * second)
        agreement.refusal("a", packet, end_of(packet), RANK)
        gain = 1000.0 if second < 5 else 1.0
        refusals.append(
            agreement.refusal("b", piece(100 * second, factor=gain), end_of(packet), RANK)
        )
    assert set(refusals[:20]) == {DISAGREE}
    assert refusals[-1] == ""
