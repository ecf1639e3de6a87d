"""The picker: short averages of band-passed energy against a long one, then a judgement.

A trigger is looked at every 0.05 s until it passes the checks of onset.py or patience ends; the
long average stands still meanwhile. After a pick the next one is held off, except for an arrival
that outgrows by far all that came since.
"""

from forewave.stations.compiled import inner
from forewave.stations.onset import goes_on, mean_square, split, strongest, turns

CODA_S = 60.0
GROWTH_S = 4.0  # a rupture's own growth is over, or slow, by then


@inner
def judge(l, conf, motion, vert, picks, made):  # type: ignore[no-untyped-def]
    """Look at a trigger; write the pick if it is one. Answers how many picks there are now."""
    mask, now, band = conf.ring - 1, l.head + 1, vert[1]
    whiteness = min(1.0, 2.0 * conf.band / conf.rate)
    onset, sigma, before, after = split(
        band, l.trigger - conf.look_back, l.trigger - conf.lag, now, mask, whiteness
    )
    noise = max(before, min(l.lta, 4.0 * before))
    recent = mean_square(band, now - max(4, (now - onset) // 3), now, mask)
    good = (
        now - onset >= conf.confirm
        and after > conf.snr * noise
        and recent > max(0.1 * after, 0.5 * conf.snr * noise)
        and strongest(motion[0], onset, now, mask) >= conf.least_pa
        and turns(band, onset, now, mask) >= 2
        and goes_on(motion[0], onset, now, mask, conf.rate)
    )
    if good and made < picks.shape[0]:
        coda = l.last_pick >= 0 and onset - l.last_pick < CODA_S * conf.rate
        picks[made, 0], picks[made, 1], picks[made, 2] = onset, l.head, sigma
        picks[made, 3], picks[made, 4] = after / noise, coda
        made += 1
        l.last_pick = onset
        l.grown = l.growing = max(l.sta_short, l.sta_long)
    if good or l.head - l.trigger >= conf.patience:
        l.trigger, l.refused = -1, l.head
    return made


@inner
def may_trigger(l, conf):  # type: ignore[no-untyped-def]
    """Whether a trigger may be: settled, and the last pick long ago or far outgrown."""
    if l.age < conf.settle or l.head - l.refused < conf.patience:
        return False
    since = l.head - l.last_pick
    if l.last_pick < 0 or since >= conf.hold_off:
        return True
    return since >= GROWTH_S * conf.rate and l.sta_short > conf.outgrow * l.grown


@inner
def average(l, conf, energy):  # type: ignore[no-untyped-def]
    """The short averages, and the largest of them since the pick, half a second late."""
    l.sta_short += (energy - l.sta_short) * conf.sta_short
    l.sta_long += (energy - l.sta_long) * conf.sta_long
    l.growing = max(l.growing, l.sta_short)
    if l.head % max(1, int(0.5 * conf.rate)) == 0:
        l.grown, l.growing = max(l.grown, l.growing), 0.0


@inner
def search(l, conf, motion, vert, count, picks, made):  # type: ignore[no-untyped-def]
    """Run the picker over the `count` samples that are new in the rings; moves the head."""
    mask = conf.ring - 1
    for _ in range(count):
        energy = vert[1, l.head & mask] ** 2
        average(l, conf, energy)
        if l.trigger >= 0:
            waited = l.head - l.trigger
            if waited > 0 and waited % conf.again == 0:
                made = judge(l, conf, motion, vert, picks, made)
        elif (
            l.sta_short > conf.ratio_short * l.lta or l.sta_long > conf.ratio_long * l.lta
        ) and may_trigger(l, conf):
            l.trigger = l.head
        else:
            l.lta += (energy - l.lta) * max(conf.lta, 1.0 / (l.age + 1))
        l.head += 1
        l.age += 1
    return made
