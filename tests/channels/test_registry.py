from pathlib import Path

import pytest
from msgspec.structs import fields

from forewave.channels.card import ChannelSettings
from forewave.channels.registry import CHANNELS, exposures, make, name_of, names, read, read_all
from forewave.errors import ConfigError
from tests.channels.made import context

HOOK = {"type": "webhook", "url": "https://example.org/x"}


def fault(*tables):
    with pytest.raises(ConfigError) as caught:
        read("f.toml: ", list(tables), Path("/etc/forewave"))
    return str(caught.value)


def test_an_entry_is_read_with_its_defaults():
    (entry,) = read("", [HOOK], Path())
    assert (entry.min_mmi, entry.versions, entry.drills) == (4.0, "steps", False)
    assert name_of(entry) == "webhook"
    assert names([entry]) == "webhook"
    assert names([]) == "none"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "carrier pigeon"}, 'channels 1: type: expected one of "webhook"'),
        ({"type": None}, "type: expected one of"),
        ({"min_mi": 5}, "min_mi: webhook has no such key; did you mean min_mmi?"),
        ({"min_mmi": 13}, "min_mmi: expected a number 1..12 MMI, found 13"),
        ({"place": [91.0, 0.0]}, "place: expected a list of 2 numbers"),
        ({"place": "here"}, "place: expected a list of 2 numbers"),
        ({"versions": "some"}, 'versions: expected one of "steps", "all", found "some"'),
        ({"url": "example.org"}, "url: expected an address such as https://host/path"),
        ({"name": "a\nb"}, "name: expected text in one line"),
        ({"timeout": 0}, "timeout: expected a number above 0"),
    ],
)
def test_a_wrong_entry_is_one_line_that_names_the_key(change, said):
    line = fault(HOOK | change)
    assert line.startswith("f.toml: channels 1: ")
    assert said in line
    assert "\n" not in line


def test_a_key_that_is_missing_is_named():
    assert "url: expected text, found nothing" in fault({"type": "webhook"})


def test_all_wrong_entries_are_listed_and_the_others_read():
    found, faults = read_all("", [HOOK, {"type": "x"}, {"type": "y"}], Path())
    assert len(found) == 1
    assert len(faults) == 2


def test_two_entries_of_one_name_are_refused():
    assert "2 entries are called 'webhook': set name" in fault(HOOK, HOOK)
    assert len(read("", [HOOK, HOOK | {"name": "second"}], Path())) == 2


HOME = {"type": "home_assistant", "host": "broker"}
PUSH = {"type": "web_push", "contact": "mailto:a@example.org"}
CAP = {"type": "cap", "sender": "a@example.org"}


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        (HOME | {"name": "Hall 1"}, HOME | {"name": "hall-1"}, "the topics of 'hall_1'"),
        (PUSH | {"name": "a"}, PUSH | {"name": "b"}, "/push.json and the subscriptions"),
        (CAP | {"name": "a"}, CAP | {"name": "b"}, "/cap/feed.atom: set feed = false"),
    ],
)
def test_two_entries_that_would_overwrite_each_other_are_refused(one, two, said):
    line = fault(one, two)
    assert line.startswith(f"f.toml: channels: {one['name']!r} and {two['name']!r} would share ")
    assert said in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (HOME | {"name": "学校"}, HOME | {"name": "医院"}),
        (CAP, CAP | {"name": "b", "feed": False}),
        (CAP, PUSH),
    ],
)
def test_two_entries_that_do_not_overwrite_each_other_are_read(one, two):
    assert len(read("", [one, two], Path())) == 2


def test_paths_are_relative_to_the_settings():
    (entry,) = read("", [HOOK | {"tls_ca": "ca.pem"}], Path("/etc/forewave"))
    assert entry.tls_ca == "/etc/forewave/ca.pem"


def test_what_cannot_be_made_names_the_channel(tmp_path):
    (entry,) = read("", [HOOK | {"name": "door", "tls_ca": "none.pem"}], tmp_path)
    with pytest.raises(ConfigError, match="channels: door: tls_ca: "):
        make(entry, context(tmp_path))


def test_the_exposure_of_an_entry_is_that_of_its_card():
    (entry,) = read("", [HOOK | {"url": "http://example.org/"}], Path())
    assert {each.severity for each in exposures(entry)} == {"warning", "note"}


@pytest.mark.parametrize("kind", CHANNELS)
def test_every_card_has_the_common_keys_and_describes_its_own(kind):
    card = CHANNELS[kind]
    assert issubclass(card.settings, ChannelSettings)
    assert card.settings.__struct_config__.tag == kind
    assert card.settings.__doc__
    assert {"name", "place", "min_mmi"} <= {each.name for each in fields(card.settings)}
