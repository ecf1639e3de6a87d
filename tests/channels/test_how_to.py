"""The how-to for channels, followed word for word."""

import re
import textwrap
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from forewave.channels.registry import read
from forewave.cli.main import main

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "send-alerts.md"


def blocks(language):
    fence = re.compile(rf"^ *```{language}\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for block in fence.findall(PAGE.read_text())]


@pytest.mark.parametrize("block", blocks("toml"))
def test_every_block_is_valid(block, tmp_path):
    tables = tomllib.loads(block)["channels"]
    assert len(read("", tables, tmp_path)) == len(tables)


def test_the_first_channel_works_with_the_commands_of_the_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("forewave.toml").write_text(blocks("toml")[0])
    lines = map(str.strip, PAGE.read_text().splitlines())
    check, listed, test = (line for line in lines if line.startswith("forewave "))
    found = CliRunner().invoke(main, check.split()[1:]).output
    assert "channels" not in found
    assert (
        "log: command, from MMI 4 at School" in CliRunner().invoke(main, listed.split()[1:]).output
    )
    assert CliRunner().invoke(main, test.split()[1:]).exit_code == 0
    first, cancel = Path("alerts.txt").read_text().splitlines()
    assert first.startswith("drill first: DRILL")
    assert cancel.startswith("drill cancel: DRILL")
