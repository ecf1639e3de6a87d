"""The messages that are shown, with their latencies."""

import math

from msgspec.structs import replace

from forewave.console.messages import KEPT, Lags, Messages
from tests.console.console_items import NOW, alert


def test_a_message_has_its_times_from_the_origin_and_by_stage():
    messages, lags = Messages(), Lags(0.002, 0.001, 0.003)
    messages.add(alert(), 297, 12, NOW - 3.0, lags)
    [shown] = messages.changes()
    assert (shown.since_origin, shown.picked) == (5.0, 2.0)
    assert (shown.bytes, shown.devices, shown.lags) == (297, 12, lags)
    assert messages.changes() == []
    assert messages.all() == [shown]


def test_what_is_not_known_is_null():
    messages = Messages()
    messages.add(replace(alert(), max_intensity=math.nan), 297, 0, None, Lags())
    [shown] = messages.changes()
    assert (shown.picked, shown.intensity, shown.lags.sent) == (None, 0.0, None)


def test_memory_has_an_end():
    messages = Messages()
    for n in range(KEPT + 50):
        messages.add(alert(n + 1), 297, 0, None, Lags())
    assert [each.n for each in messages.all()] == list(range(51, KEPT + 51))
    assert len(messages.changes()) == KEPT
