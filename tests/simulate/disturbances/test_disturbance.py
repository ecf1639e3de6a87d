import msgspec
import pytest

from forewave.simulate.disturbances.kinds import AnyDisturbance


def test_everywhere_unless_a_station_is_named():
    assert msgspec.convert({"kind": "step", "after": 1, "size": 2}, AnyDisturbance).station == "*"


@pytest.mark.parametrize("wrong", [{"after": -1}, {"after": 1, "colour": 2}, {}])
def test_a_mistake_is_refused(wrong):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"kind": "step", "size": 2} | wrong, AnyDisturbance)
