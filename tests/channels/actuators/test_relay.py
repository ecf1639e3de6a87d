import asyncio

import pytest

from forewave.channels.registry import make_all
from forewave.errors import ConfigError
from tests.channels.made import context, entries, seal_now, serving, until

pytestmark = pytest.mark.live


def table(folder, **more):
    """A relay that writes how it was switched into a file."""

    def write(word):
        return ["sh", "-c", f"echo {word}$FOREWAVE_DRILL >> {folder}/relay"]

    return {"type": "relay", "on": write("on"), "off": write("off"), **more}


def lines(folder):
    path = folder / "relay"
    return path.read_text().split() if path.exists() else []


def test_it_is_switched_on_by_the_alert_and_off_at_its_end_and_at_the_start(tmp_path):
    async def main():
        async with serving(tmp_path, table(tmp_path)) as (chain, _):
            await until(lambda: lines(tmp_path) == ["off0"])
            chain.publish(seal_now(lasts=1.0))
            await until(lambda: lines(tmp_path) == ["off0", "on0"])
            await until(lambda: chain.workers[0].counts["expired"])

    asyncio.run(main())
    assert lines(tmp_path) == ["off0", "on0", "off0"]


def test_it_is_switched_off_where_forewave_ends_in_the_middle_of_an_alert(tmp_path):
    async def main():
        async with serving(tmp_path, table(tmp_path)) as (chain, _):
            chain.publish(seal_now())
            await until(lambda: "on0" in lines(tmp_path))

    asyncio.run(main())
    assert lines(tmp_path)[-1] == "off0"


def test_a_siren_ends_although_the_alert_goes_on(tmp_path):
    async def main():
        async with serving(tmp_path, table(tmp_path, most_s=0.3)) as (chain, _):
            chain.publish(seal_now())
            await until(lambda: lines(tmp_path)[-2:] == ["on0", "off0"])

    asyncio.run(main())


def test_a_drill_has_a_program_of_its_own(tmp_path):
    drill = ["sh", "-c", f"echo gong >> {tmp_path}/relay"]

    async def main():
        wanted = table(tmp_path, drills=True, drill_on=drill)
        async with serving(tmp_path, wanted) as (chain, _):
            chain.publish(seal_now(mode="drill", lasts=1.0))
            await until(lambda: "gong" in lines(tmp_path))
            await until(lambda: lines(tmp_path)[-1] == "off0")

    asyncio.run(main())
    assert "on0" not in lines(tmp_path)
    with pytest.raises(ConfigError, match="drill_on"):
        make_all(entries(table(tmp_path, drills=True), folder=tmp_path), context(tmp_path))
