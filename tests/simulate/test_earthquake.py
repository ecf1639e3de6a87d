import msgspec
import pytest

from forewave.simulate.earthquake import Earthquake

PLACE = {"lat": 30, "lon": 103, "depth_km": 10, "magnitude": 6}


def test_place_and_magnitude_are_enough():
    quake = msgspec.convert(PLACE, Earthquake)
    assert (quake.after, quake.dip, quake.stress_drop_mpa) == (0.0, 90.0, None)


@pytest.mark.parametrize(
    "wrong",
    [{"magnitude": 11}, {"lat": 95}, {"depth_km": -3}, {"dip": 0}, {"along": 1.5}, {"depth": 3}],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(PLACE | wrong, Earthquake)
