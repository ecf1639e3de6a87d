"""See also the table of responses in test_odd_data.py."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from forewave.formats.inventories.response import gain_of
from tests.formats.test_odd_data import DIGITIZER, PRODUCT, SENSOR, sensitivity, stage


def read(response):
    return gain_of(etree.fromstring(f"<Channel><Response>{response}</Response></Channel>"))


@pytest.mark.parametrize(
    ("response", "why"),
    [
        (SENSOR, "the output of the response is V, expected counts"),
        (sensitivity("1", ends="V"), "the output of the response is V, expected counts"),
        (stage(1, None, "M/S", "V") + DIGITIZER, "stage 1 has no gain"),
        (
            SENSOR + stage(2, 1, "COUNTS", "COUNTS"),
            "stage 2 has input COUNTS, the stage before has output",
        ),
        (stage(1, None, "M/S", "V", "Polynomial") + DIGITIZER, "stage 1 is a polynomial"),
        ("<InstrumentPolynomial/>", "the response is a polynomial"),
    ],
)
def test_the_reason_of_an_unknown_gain_is_stated(response, why):
    gain = read(response)
    assert gain.value is None
    assert gain.why.startswith(why)


def test_a_stated_gain_that_its_stages_contradict():
    assert read(sensitivity("427336.1") + SENSOR + DIGITIZER).by_stages == pytest.approx(PRODUCT)
    assert not read(sensitivity("427336.1") + SENSOR + DIGITIZER).contradicted
    assert not read(sensitivity("-427336.1") + SENSOR + DIGITIZER).contradicted
    assert not read(sensitivity("427336.1")).contradicted
    assert read(sensitivity("4273361") + SENSOR + DIGITIZER).contradicted


@given(st.permutations([SENSOR, DIGITIZER, stage(3, None, "COUNTS", "COUNTS")]))
def test_the_order_of_the_stages_in_the_file_does_not_matter(stages):
    assert read("".join(stages)).value == pytest.approx(PRODUCT)


@given(st.lists(st.sampled_from(["M/S", "V", "COUNTS", "", None]), min_size=2, max_size=6))
def test_whatever_the_units_without_a_gain_there_is_none_but_of_filters(names):
    stages = "".join(stage(n, None, a, b) for n, (a, b) in enumerate(pairwise(names), 1))
    value = read(stages).value
    assert value is None or set(names) == {"COUNTS"} or names[0] == "COUNTS"
