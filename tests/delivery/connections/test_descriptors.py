"""Connections leave descriptors for the rest."""

import subprocess
import sys

import pytest

from forewave.delivery.connections.descriptors import PAGES, RELAY, STREAM, most

ASK = """
from forewave.delivery.connections.descriptors import most
print(most(0.5, 20_000), most(0.25, 10))
"""


@pytest.mark.parametrize(
    ("limit", "found"),
    [("ulimit -n 64", "16 8"), ("ulimit -Sn 64; ulimit -Hn 1000", "484 10")],
)
def test_no_more_than_a_share_of_what_there_is(limit, found):
    command = f'{limit}; exec "{sys.executable}" -c "{ASK}"'
    said = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == found


def test_there_is_always_one():
    assert most(1e-9, 100) == 1


def test_the_shares_together_leave_a_fifth():
    assert PAGES + STREAM + RELAY < 0.8
