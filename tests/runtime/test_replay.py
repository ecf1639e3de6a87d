import asyncio

from forewave.runtime.clock import ReplayClock
from forewave.runtime.json_lines import Tally, alert_line
from forewave.runtime.replay import play, replay
from forewave.types import Alert


def _lines(pipeline, packets, origin_time):
    lines, tally = [], Tally()

    def on_word(now, word):
        tally.add(word)
        if isinstance(word, Alert):
            lines.append(alert_line(word, origin_time))

    replay(pipeline, packets, on_word)
    return [*lines, tally.summary_line(origin_time, id="small")]


def test_twice_gives_the_same_bytes(new_pipeline, packets, recording):
    first, second = (_lines(new_pipeline(), packets, recording.info.origin_time) for _ in range(2))
    assert first == second
    assert len(first) > 1


def test_paced_gives_what_unpaced_gives(new_pipeline, packets):
    at_once, paced = [], []
    replay(new_pipeline(), packets, lambda now, word: at_once.append((now, word)))

    async def work():
        clock = ReplayClock(packets[0][0], speed=1e6)
        clock.go()
        await play(new_pipeline(), packets, clock, lambda now, word: paced.append((now, word)))

    asyncio.run(work())
    assert repr(paced) == repr(at_once)  # repr: nan is equal to itself
    assert any(isinstance(word, Alert) for _, word in paced)
