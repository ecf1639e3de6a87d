"""The picker: short averages of band-passed energy against a long one, then a judgement.

A trigger is looked at every 0.05 s until it passes the checks of onset.py or patience ends; the
long average stands still meanwhile. After a pick the next one is held off, except for an arrival
that outgrows by far all that came since.

The long average forgets in 15 s. After an earthquake, or a transient, it would hide the next
earthquake for as long; so what counts is never more than `overhang` times the mean of the last
three seconds (whole blocks of half a second, not the running one).
"""

from forewave.stations.onset import is_scattered, mean_square, split, strongest, turns
from forewave.stations.state import BLOCKS, inner

CODA_S = 60.0
GROWTH_S = 4.0  # a rupture's own growth is over, or slow, by then


@inner
def judge(lane, conf, motion, vert, picks, made):  # type: ignore[no-untyped-def]
    """Look at a trigger; write the pick if it is one. Answers how many picks there are now."""
    mask, now, band = conf.ring - 1, lane.head + 1, vert[1]
    whiteness = min(1.0, 2.0 * conf.band / conf.rate)
    first, earliest = lane.trigger - conf.look_back, lane.trigger - conf.lag
    onset, sigma, before, after = split(band, first, earliest, now, mask, whiteness)
    noise = max(before, min(lane.lta, 4.0 * before))
    recent = mean_square(band, now - max(4, (now - onset) // 3), now, mask)
    good = (
        now - onset >= conf.confirm
        and after > conf.snr * noise
        and recent > max(0.1 * after, 0.5 * conf.snr * noise)
        and strongest(motion[0], onset, now, mask) >= conf.least_pa
        and turns(band, onset, now, mask) >= 1 + conf.velocity
        and is_scattered(motion[0], first, onset, now, mask)
    )
    if good and made < picks.shape[0]:
        coda = lane.last_pick >= 0 and onset - lane.last_pick < CODA_S * conf.rate
        picks[made, 0], picks[made, 1], picks[made, 2] = onset, lane.head, sigma
        picks[made, 3], picks[made, 4] = after / noise, coda
        picks[made, 5] = strongest(motion[0], first, onset - conf.guard, mask)
        made += 1
        lane.last_pick = onset
        lane.grown = lane.growing = max(lane.sta_short, lane.sta_long)
    if good or lane.head - lane.trigger >= conf.patience:
        lane.trigger, lane.refused = -1, lane.head
    return made


@inner
def may_trigger(lane, conf):  # type: ignore[no-untyped-def]
    """Whether a trigger may be: settled, and the last pick long ago or far outgrown."""
    if lane.age < conf.settle or 4 * (lane.head - lane.refused) < conf.patience:
        return False
    since = lane.head - lane.last_pick
    if lane.last_pick < 0 or since >= conf.hold_off:
        return True
    return since >= GROWTH_S * conf.rate and lane.sta_short > conf.outgrow * lane.grown


@inner
def average(lane, conf, energy):  # type: ignore[no-untyped-def]
    """The short averages, the largest of them since the pick, half a second late, and blocks."""
    lane.sta_short += (energy - lane.sta_short) * conf.sta_short
    lane.sta_long += (energy - lane.sta_long) * conf.sta_long
    lane.growing = max(lane.growing, lane.sta_short)
    lane.block += energy
    half_s = max(1, int(0.5 * conf.rate))
    if lane.head % half_s == 0:
        lane.grown, lane.growing = max(lane.grown, lane.growing), 0.0
        lane.blocks[(lane.head // half_s) % BLOCKS] = lane.block / half_s
        lane.block = 0.0


@inner
def background(lane, conf):  # type: ignore[no-untyped-def]
    """The energy that a trigger must stand above."""
    recent = 0.0
    for i in range(BLOCKS):
        recent += lane.blocks[i] / BLOCKS
    return min(lane.lta, conf.overhang * recent)


@inner
def stands_out(lane, conf):  # type: ignore[no-untyped-def]
    """Whether a short average is far above the background; seldom so, and looked at in turn."""
    if lane.sta_short > conf.ratio_short * lane.lta or lane.sta_long > conf.ratio_long * lane.lta:
        return True
    level = background(lane, conf)
    return lane.sta_short > conf.ratio_short * level or lane.sta_long > conf.ratio_long * level


@inner
def search(lane, conf, motion, vert, count, picks, made):  # type: ignore[no-untyped-def]
    """Run the picker over the `count` samples that are new in the rings; moves the head."""
    mask = conf.ring - 1
    for _ in range(count):
        energy = vert[1, lane.head & mask] ** 2
        average(lane, conf, energy)
        if lane.trigger >= 0:
            waited = lane.head - lane.trigger
            if waited > 0 and waited % conf.again == 0:
                made = judge(lane, conf, motion, vert, picks, made)
        elif stands_out(lane, conf) and may_trigger(lane, conf):
            lane.trigger = lane.head
        else:
            lane.lta += (energy - lane.lta) * max(conf.lta, 1.0 / (lane.age + 1))
        lane.head += 1
        lane.age += 1
    return made
