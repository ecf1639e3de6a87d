"""The alerts of tests/channels/sent.py."""

from tests.channels.sent import keys, notify, travel_times

__all__ = ["keys", "notify", "travel_times"]
