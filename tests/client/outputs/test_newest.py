import asyncio

from forewave.client.outputs.newest import Newest
from tests.client.made import place_alert


def taken(*alerts, most=100):
    async def whole():
        newest = Newest(most)
        for alert in alerts:
            newest.put(alert)
        return [await newest.get() for _ in range(len(newest))], newest.replaced

    return asyncio.run(whole())


def test_of_each_event_only_the_newest_version_waits():
    v1, v2 = place_alert(), place_alert(version=2)
    other = place_alert(event="e2")
    assert taken(v1, other, v2) == ([v2, other], 1)


def test_a_drill_never_takes_the_place_of_an_alert():
    actual, drill = place_alert(), place_alert(drill=True, version=9)
    assert taken(actual, drill) == ([actual, drill], 0)


def test_of_too_many_events_the_oldest_is_left_out():
    alerts = [place_alert(event=f"e{i}") for i in range(4)]
    assert taken(*alerts, most=3) == (alerts[1:], 1)


def test_who_waits_gets_it_when_it_comes():
    async def whole():
        newest = Newest()
        waiting = asyncio.create_task(newest.get())
        await asyncio.sleep(0)
        newest.put(place_alert())
        return await asyncio.wait_for(waiting, 10)

    assert asyncio.run(whole()) == place_alert()
