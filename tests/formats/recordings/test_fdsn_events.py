import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.formats.recordings.fdsn_events import events

EVENT = (
    "ci38457511|2019-07-06T03:19:53.040|35.7695|-117.5993|8|CI|CI|CI|38457511|mw|7.1|CI|"
    "Ridgecrest Earthquake Sequence"
)


def test_an_event():
    (event,) = events(f"#EventID|Time\n{EVENT}\nbroken\n")
    assert (event.id, event.magnitude, event.magtype) == ("ci38457511", 7.1, "mw")
    assert event.origin_time == pytest.approx(1562383193.04)
    assert (event.lat, event.lon, event.depth_km) == (35.7695, -117.5993, 8.0)
    assert event.region == "Ridgecrest Earthquake Sequence"


@given(st.text(max_size=200))
def test_garbage_never_raises(text):
    events(text)
