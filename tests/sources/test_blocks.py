"""Blocks of a list of settings, whatever the list."""

from typing import Annotated

import pytest
from msgspec import Struct

from forewave.errors import ConfigError
from forewave.field import about
from forewave.sources import blocks


class Siren(Struct, frozen=True, tag_field="type", tag="siren"):
    """A kind of block."""

    host: Annotated[str, about("A host")]
    path: Annotated[str, about("A file")] = ""
    loud: Annotated[int, about("Loudness")] = 3


def read(table, folder):
    faults = {"host": blocks.host_fault}
    return blocks.read("f: sirens 1", table, "type", {"siren": Siren}, folder, faults)


def test_a_block_becomes_the_settings_of_its_kind(tmp_path):
    table = {"type": "siren", "host": "roof", "path": "tone.wav"}
    assert read(table, tmp_path) == Siren("roof", str(tmp_path / "tone.wav"))
    assert read({"type": "siren", "host": "roof"}, tmp_path).path == ""


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ({}, 'type: expected one of "siren", found nothing'),
        ({"type": "horn"}, 'type: expected one of "siren", found "horn"'),
        ({"type": "siren"}, "host: expected text, found nothing"),
        (
            {"type": "siren", "host": "a", "lod": 1},
            "lod: siren has no such key; did you mean loud?",
        ),
        ({"type": "siren", "host": "a", "loud": "very"}, "loud: expected a whole number"),
        ({"type": "siren", "host": "a", "path": "b\n"}, "path: expected text in one line"),
        ({"type": "siren", "host": "a:1"}, "host: expected a host name or an IP address"),
    ],
)
def test_a_wrong_block_is_one_line_that_names_the_key(table, line, tmp_path):
    with pytest.raises(ConfigError) as error:
        read(table, tmp_path)
    assert str(error.value).startswith(f"f: sirens 1: {line}")
    assert "\n" not in str(error.value)


def test_one_wrong_block_does_not_hide_the_others(tmp_path):
    def one(where, table):
        if not table:
            raise ConfigError(where)
        return Siren(table["host"])

    good = {"host": "a"}
    assert blocks.read_all("f", [good, {}, good], one) == ([Siren("a")] * 2, ["f 2"])
    assert len(blocks.read_all("f", [{}] * 200, one)[1]) == blocks.MOST_FAULTS
