import pytest

from forewave.client.readiness import Readiness, server_state


def test_only_ready_is_ready():
    assert Readiness("ready").ready
    assert not Readiness("drills").ready


@pytest.mark.parametrize(
    ("control", "state", "missing"),
    [
        ({"state": "ready", "missing": []}, "ready", ()),
        ({"state": "drill"}, "drill", ()),
        ({"state": "test"}, "test", ()),
        ({"state": "not ready", "missing": ["a station", 5]}, "not ready", ("a station",)),
        ({"state": "of a later server"}, "not ready", ()),
        ({"state": "ready", "missing": "x"}, "ready", ()),
        ({}, None, ()),
        ({"state": 5}, None, ()),
    ],
)
def test_what_a_heartbeat_says(control, state, missing):
    assert server_state(control) == (state, missing)
