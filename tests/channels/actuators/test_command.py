import asyncio
import json
import stat

import pytest

from forewave.channels.actuators.command import VARIABLES
from forewave.channels.registry import make_all
from forewave.errors import ConfigError
from tests.channels.made import context, entries, seal_now, serving, until

pytestmark = pytest.mark.live

PROGRAM = """#!/bin/sh
out=$(dirname "$0")/$FOREWAVE_REASON
cat > "$out.part"
env | grep ^FOREWAVE_ > "$out.env"
mv "$out.part" "$out.json"
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "told"
    path.write_text(PROGRAM)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_it_runs_for_each_notification_with_json_and_variables(tmp_path, program):
    async def main():
        table = {"type": "command", "command": ["./told"], "place": [24.5, 121.5]}
        async with serving(tmp_path, table) as (chain, _):
            chain.publish(seal_now())
            await until((tmp_path / "first.json").exists)
            chain.publish(seal_now(version=2, kind="cancel", why="false"))
            await until((tmp_path / "cancel.json").exists)

    asyncio.run(main())
    told = json.loads((tmp_path / "first.json").read_text())
    assert (told["event"], told["version"], told["active"]) == ("e1", 1, True)
    assert told["title"].startswith("EARTHQUAKE")
    told = json.loads((tmp_path / "cancel.json").read_text())
    assert (told["cancelled"], told["active"], told["mmi"]) == (True, False, None)
    assert told["title"] == "Alert cancelled"
    lines = (tmp_path / "cancel.env").read_text().splitlines()
    assert {"FOREWAVE_ACTIVE=0", "FOREWAVE_REASON=cancel", "FOREWAVE_MMI="} <= set(lines)
    assert len([line for line in lines if line.startswith("FOREWAVE_")]) >= len(VARIABLES) - 1


def test_a_program_that_hangs_is_ended_and_counted(tmp_path):
    async def main():
        table = {"type": "command", "command": ["sleep", "1000"], "timeout": 0.5}
        async with serving(tmp_path, table) as (chain, _):
            chain.publish(seal_now())
            await until(lambda: chain.workers[0].counts["send failed: timeout"])

    asyncio.run(main())


@pytest.mark.parametrize("command", [[], [""], ["./none"], ["no-such-program-anywhere"]])
def test_a_program_that_is_not_there_is_an_error_at_the_start(tmp_path, command):
    read = entries({"type": "command", "command": command}, folder=tmp_path)
    with pytest.raises(ConfigError, match="channels: command: command: "):
        make_all(read, context(tmp_path))
