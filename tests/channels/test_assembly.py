import time

import pytest

from forewave.archive import travel_time
from forewave.channels.assembly import chain, entries_of
from forewave.errors import ConfigError
from forewave.settings import Settings
from tests.client.made import KEYS

TABLE = {"type": "webhook", "url": "https://example.org/", "name": "hook"}


def made(tmp_path, *tables):
    settings = Settings(channels=tables)
    return chain(
        settings, tmp_path, lambda: KEYS.trusted, time.time, travel_time.load(), record=tmp_path
    )


def test_the_chain_has_the_channels_of_the_settings(tmp_path):
    assert made(tmp_path).workers == []
    made_here = made(tmp_path, TABLE, TABLE | {"name": "other"})
    assert set(made_here.states()) == {"hook", "other"}
    assert set(made_here.tallies()) == {"channels", "channel hook", "channel other"}


def test_a_wrong_entry_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="channels 1: type"):
        entries_of(Settings(channels=({},)), tmp_path)
