"""The picker: short averages of band-passed energy against a long one, then a judgement.

It works in two bands side by side: the wide one, and its upper part. A distant earthquake, a swell
or a sensor that settles moves the ground slowly; what is above it in the upper band alone is a
local P as well (filter banks are Allen's 1978 and Lomax, Satriano and Vassallo's 2012 answer).

A trigger is looked at every 0.05 s until it passes the checks of onset.py or patience ends; the
long average of its band stands still meanwhile. P of a distant earthquake has lost its upper band
on its way through the mantle, and is no pick; one that was decided on too soon to tell is looked at
once more two seconds after its onset, and taken back. After a pick the next one is held off, except
for an arrival that outgrows by far, in one of the bands, all that came since.

The long average forgets in 15 s. After an earthquake, or a transient, it would hide the next
earthquake for as long; so what counts is never more than `overhang` times the mean of the last
three seconds (whole blocks of half a second, not the running one).
"""

from forewave.stations.layout import BANDS, BLOCKS, inner
from forewave.stations.onset import (
    is_scattered,
    mean_square,
    split,
    strongest,
    turns,
    until_clipped,
)

BAND_ROWS = (1, 3)  # of the vertical's rings: the wide band, and its upper part
CODA_S = 60.0
DISTANT_S = 60.0  # after a pick of a distant earthquake was taken back
GROWTH_S = 4.0  # a rupture's own growth is over, or slow, by then


@inner
def is_near(vert, first, onset, now, mask, share):  # type: ignore[no-untyped-def]
    """Whether what the onset added has enough of its energy in the upper band."""
    rise = mean_square(vert[1], onset, now, mask) - mean_square(vert[1], first, onset, mask)
    upper = mean_square(vert[3], onset, now, mask) - mean_square(vert[3], first, onset, mask)
    return upper > share * rise


@inner
def share(lane, conf):  # type: ignore[no-untyped-def]
    """The least share of the upper band: more in the waves of a distant earthquake."""
    return (
        conf.later_share if lane.head - lane.distant < DISTANT_S * conf.rate else conf.upper_share
    )


@inner
def review(lane, conf, vert, clip, picks, made):  # type: ignore[no-untyped-def]
    """Look at the last pick once more: taken back if it has proved to be a distant earthquake."""
    mask, onset = conf.ring - 1, lane.last_pick
    now = until_clipped(clip, onset + conf.confirm, lane.head + 1, mask)
    lane.review = -1
    if made < picks.shape[0] and not is_near(
        vert, onset - conf.look_back, onset, now, mask, conf.later_share
    ):
        picks[made] = 0.0
        picks[made, 0], picks[made, 1] = onset, lane.head
        lane.last_pick, lane.distant = -1, lane.head
        made += 1
    return made


@inner
def judge(lane, conf, motion, vert, clip, which, picks, made):  # type: ignore[no-untyped-def]
    """Look at a band's trigger; write the pick if it is one. Answers how many picks there are."""
    mask, now, band = conf.ring - 1, lane.head + 1, vert[BAND_ROWS[which]]
    whiteness = min(1.0, 2.0 * conf.band[which] / conf.rate)
    first, earliest = lane.trigger[which] - conf.look_back, lane.trigger[which] - conf.lag
    onset, sigma, before, after = split(band, first, earliest, now, mask, whiteness)
    noise = max(before, min(lane.lta[which], 4.0 * before))
    recent = mean_square(band, now - max(4, (now - onset) // 3), now, mask)
    good = (
        now - onset >= conf.confirm
        and until_clipped(clip, first, onset, mask) == onset
        and after > conf.snr * noise
        and recent > max(0.1 * after, 0.5 * conf.snr * noise)
        and strongest(motion[0], onset, now, mask) >= conf.least_pa
        and turns(band, onset, now, mask) >= 1 + conf.velocity
        and is_near(vert, first, onset, now, mask, share(lane, conf))
        and is_scattered(motion[0], first, onset, now, mask)
    )
    if good and made < picks.shape[0]:
        coda = lane.last_pick >= 0 and onset - lane.last_pick < CODA_S * conf.rate
        picks[made, 0], picks[made, 1], picks[made, 2] = onset, lane.head, sigma
        picks[made, 3], picks[made, 4] = after / noise, coda
        picks[made, 5] = strongest(motion[0], first, onset - conf.guard, mask)
        picks[made, 6] = strongest(vert[2], first, onset - conf.guard, mask)
        made += 1
        lane.last_pick, lane.review = onset, onset + conf.review
        for i in range(BANDS):
            lane.grown[i] = lane.growing[i] = max(lane.sta_short[i], lane.sta_long[i])
            lane.trigger[i], lane.refused[i] = -1, lane.head
    if good or lane.head - lane.trigger[which] >= conf.patience:
        lane.trigger[which], lane.refused[which] = -1, lane.head
    return made


@inner
def may_trigger(lane, conf, which):  # type: ignore[no-untyped-def]
    """Whether a trigger may be: settled, and the last pick long ago or far outgrown."""
    if lane.age < conf.settle or 4 * (lane.head - lane.refused[which]) < conf.patience:
        return False
    since = lane.head - lane.last_pick
    if lane.last_pick < 0 or since >= conf.hold_off:
        return True
    outgrown = lane.sta_short[which] > conf.outgrow * lane.grown[which]
    return since >= GROWTH_S * conf.rate and outgrown


@inner
def average(lane, conf, which, energy, half_s):  # type: ignore[no-untyped-def]
    """The short averages, the largest of them since the pick, half a second late, and blocks."""
    lane.sta_short[which] += (energy - lane.sta_short[which]) * conf.sta_short
    lane.sta_long[which] += (energy - lane.sta_long[which]) * conf.sta_long
    lane.growing[which] = max(lane.growing[which], lane.sta_short[which])
    lane.block[which] += energy
    if lane.head % half_s == 0:
        lane.grown[which] = max(lane.grown[which], lane.growing[which])
        lane.growing[which] = 0.0
        lane.blocks[which, (lane.head // half_s) % BLOCKS] = lane.block[which] / half_s
        lane.block[which] = 0.0


@inner
def background(lane, conf, which):  # type: ignore[no-untyped-def]
    """The energy that a trigger must stand above."""
    recent = 0.0
    for i in range(BLOCKS):
        recent += lane.blocks[which, i] / BLOCKS
    return min(lane.lta[which], conf.overhang * recent)


@inner
def stands_out(lane, conf, which):  # type: ignore[no-untyped-def]
    """Whether a short average is far above the background; seldom so, and looked at in turn."""
    short, long, level = lane.sta_short[which], lane.sta_long[which], lane.lta[which]
    if short > conf.ratio_short * level or long > conf.ratio_long * level:
        return True
    level = background(lane, conf, which)
    return short > conf.ratio_short * level or long > conf.ratio_long * level


@inner
def search(lane, conf, motion, vert, clip, count, picks, made):  # type: ignore[no-untyped-def]
    """Run the picker over the `count` samples that are new in the rings; moves the head."""
    mask, half_s = conf.ring - 1, max(1, int(0.5 * conf.rate))
    for _ in range(count):
        for which in range(BANDS):
            energy = vert[BAND_ROWS[which], lane.head & mask] ** 2
            average(lane, conf, which, energy, half_s)
            if lane.trigger[which] >= 0:
                waited = lane.head - lane.trigger[which]
                if waited > 0 and waited % conf.again == 0:
                    made = judge(lane, conf, motion, vert, clip, which, picks, made)
            elif stands_out(lane, conf, which) and may_trigger(lane, conf, which):
                lane.trigger[which] = lane.head
            else:
                learn = max(conf.lta, 1.0 / (lane.age + 1))
                lane.lta[which] += (energy - lane.lta[which]) * learn
        if lane.head == lane.review:
            made = review(lane, conf, vert, clip, picks, made)
        lane.head += 1
        lane.age += 1
    return made
