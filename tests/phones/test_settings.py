import pytest

from forewave.phones.settings import PhoneSettings
from forewave.pipeline import Decider, PipelineSettings
from forewave.types import Solution
from tests.events import made
from tests.events.made import T0


def test_phones_neither_send_nor_begin_an_event_unless_asked():
    assert not PhoneSettings().on
    assert not PhoneSettings().alone


@pytest.mark.parametrize("alone", [True, False])
def test_phones_begin_an_event_where_they_may(travel_times, alone):
    settings = PipelineSettings(phones=PhoneSettings(alone=alone))
    decider = Decider([made.station("A", -60.0, 0.0)], [], travel_times, settings)
    decider.observe(made.sighting(3.0, -4.0, 31.0), T0 + 38.0)
    said = decider.tick(T0 + 39.0)
    assert [type(word) for word in said if isinstance(word, Solution)] == [Solution] * alone
