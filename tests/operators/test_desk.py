"""The desk, without HTTP: what happens between two steps of the same action."""

import asyncio

import pytest

from forewave.operators.proposals import RefusedError

DRILL = {"lat": 30.66, "lon": 104.06, "seconds": 20.0, "magnitude": 7.3}


def test_two_confirmations_at_once_do_it_once(house):
    async def work():
        made = await house.desk.propose("drill", DRILL, "anna")
        done = await asyncio.gather(
            *(house.desk.confirm(made.id, "bob") for _ in range(5)), return_exceptions=True
        )
        return [type(each) for each in done]

    kinds = asyncio.run(work())
    assert kinds.count(RefusedError) == 4
    assert house.lines("what").count(("confirm",)) == 1


def test_an_alert_that_begins_while_the_line_is_written_wins(house):
    async def work():
        made = await house.desk.propose("drill", DRILL, "anna")
        confirming = asyncio.create_task(house.desk.confirm(made.id, "bob"))
        await asyncio.sleep(0)
        house.warner.publish(house.warner.alert(left=60))
        with pytest.raises(RefusedError, match="is in force"):
            await confirming

        await house.writer.record("end")

    asyncio.run(work())
    assert house.drill.running is None
    assert house.lines("what")[-3:] == [("confirm",), ("not done",), ("end",)]


def test_a_name_without_an_account_has_no_session(house):
    token, _ = house.desk.sessions.begin("carol", 0.0)
    assert house.desk.name_of(token) is None
