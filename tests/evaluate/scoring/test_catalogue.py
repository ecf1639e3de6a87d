import math

from msgspec.structs import replace

from forewave.evaluate.scoring import catalogue
from forewave.formats.recordings.event_info import OtherEvent
from tests.evaluate.synthetic import INFO, T0


def test_other_events_of_the_window_are_known():
    info = replace(
        INFO,
        other_catalogue_events_in_window=(
            OtherEvent(T0 + 60.0, 1.0, 2.0, None, 4.4),
            OtherEvent(T0 + 70.0, 1.0, 2.0),
        ),
    )
    first, second = catalogue.others(info)
    assert (first.time, first.lat, first.magnitude) == (T0 + 60.0, 1.0, 4.4)
    assert math.isnan(second.magnitude)


def test_what_is_no_earthquake_has_no_origin():
    assert catalogue.catalogue_quake(INFO) is not None
    assert catalogue.catalogue_quake(replace(INFO, event_type="noise")) is None
