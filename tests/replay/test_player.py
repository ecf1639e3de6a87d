import asyncio

from forewave.process.replay_clock import ReplayClock
from forewave.replay.json_lines import Tally, alert_line
from forewave.replay.player import play, replay
from forewave.types import Alert


def _lines(words, origin_time):
    tally = Tally()
    for _, word in words:
        tally.add(word)
    alerts = [alert_line(word, origin_time) for _, word in words if isinstance(word, Alert)]
    return [*alerts, tally.summary_line(origin_time, id="small")]


def test_twice_gives_the_same_bytes(words, new_pipeline, packets, recording):
    again = []
    replay(new_pipeline(), packets, lambda now, word: again.append((now, word)))
    first, second = (_lines(said, recording.info.origin_time) for said in (words, again))
    assert first == second
    assert len(first) > 1


def test_paced_gives_what_unpaced_gives(words, new_pipeline, packets):
    paced = []

    async def work():
        clock = ReplayClock(packets[0][0], speed=1e6)
        clock.go()
        await play(new_pipeline(), packets, clock, lambda now, word: paced.append((now, word)))

    asyncio.run(work())
    assert repr(paced) == repr(words)  # repr: nan is equal to itself
    assert any(isinstance(word, Alert) for _, word in paced)
