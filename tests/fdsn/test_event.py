import io

import obspy
import pytest

from forewave.errors import ForewaveError
from forewave.fdsn import event as fdsn_event
from forewave.fdsn.client import FdsnError


class Centre:
    """Answers one thing."""

    name = "centre"

    def __init__(self, *answer):
        self.answer = answer

    def event(self, event):
        if not self.answer:
            raise FdsnError("bad request")
        if isinstance(self.answer[0], Exception):
            raise self.answer[0]
        return self.answer


LINE = b"a1|2020-01-01T00:00:00|10|20||x|x|x|x|||x|somewhere\n"


def test_a_line_without_depth_and_magnitude():
    info = fdsn_event.event_info(Centre("text", LINE), "a1")
    assert (info.id, info.depth_km, info.magnitude, info.region) == ("a1", None, None, "somewhere")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((), "centre: event a1: bad request"),
        (
            (FdsnError("'a1' could not be converted to type 'int'."),),
            "centre: event a1: 'a1' could not be converted to type 'int'.; "
            "event ids of this data centre are numbers",
        ),
        (("text", b""), "centre: has no event a1"),
        (
            ("text", LINE.replace(b"a1", b"b1") + LINE.replace(b"a1", b"c1")),
            "centre: answered with 2 events when asked for a1; "
            "choose another data centre with --events",
        ),
        (("xml", b"<broken"), "QuakeML that cannot be read: .*"),
        (("text", b"broken\n"), "centre: has no event a1"),
        (("text", LINE.replace(b"2020-01-01T00:00:00", b"")), "centre: event a1 has no origin"),
    ],
)
def test_what_is_no_event_is_one_line(answer, why):
    with pytest.raises(ForewaveError, match=f"^{why}$"):
        fdsn_event.event_info(Centre(*answer), "a1")


def test_of_many_events_the_one_of_that_name_is_taken():
    many = LINE.replace(b"a1", b"b1").replace(b"|10|", b"|-10|") + LINE
    assert fdsn_event.event_info(Centre("text", many), "a1").lat == 10.0


def test_what_a_centre_sends_as_xml_is_read_as_quakeml_and_as_nothing_else():
    """ObsPy reads a dozen formats; it must not be the centre that chooses one."""
    zmap = b"1.0\t2.0\t2020\t1\t1\t5.0\t10.0\t0\t0\t0\n"
    assert obspy.read_events(io.BytesIO(zmap))
    with pytest.raises(ForewaveError, match="QuakeML that cannot be read"):
        fdsn_event.event_info(Centre("xml", zmap), "a1")
