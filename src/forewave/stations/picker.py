"""The picker: STA/LTA triggers on band-passed energy, then checks of each trigger.

It runs in two bands: the whole band, and its upper part. Distant earthquakes, microseism and
settling sensors move the ground slowly, so a local P may stand out in the upper band only. (Filter
banks serve the same purpose in Allen 1978 and Lomax, Satriano and Vassallo 2012.)

A trigger is checked every 0.05 s until it passes the checks of onset.py or `patience` ends; the
long-term average of its band is frozen meanwhile. P of a distant earthquake has lost its upper band
in the mantle and is no pick. A pick is reviewed two seconds after its onset, and withdrawn if it
has proved to be such a P. After a pick no other follows for `hold_off`, except for an arrival whose
energy, in one of the bands, exceeds all since the pick by far.

The long-term average has a time constant of 15 s. After an earthquake or a transient it would mask
the next earthquake for as long; it is therefore limited to `overhang` times the mean energy of the
last three seconds (complete blocks of half a second).
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
DISTANT_S = 60.0  # after a pick of a distant earthquake was taken back
GROWTH_S = 4.0  # a rupture's own growth is over, or slow, by then


@inner
def is_near(vertical, first, onset, now, mask, share):  # type: ignore[no-untyped-def]
    """Whether enough of the energy added by the onset is in the upper band."""
    whole, upper = vertical[BAND_ROWS[0]], vertical[BAND_ROWS[1]]
    rise = mean_square(whole, onset, now, mask) - mean_square(whole, first, onset, mask)
    above = mean_square(upper, onset, now, mask) - mean_square(upper, first, onset, mask)
    return above > share * rise


@inner
def share(component, conf):  # type: ignore[no-untyped-def]
    """The least share of energy in the upper band; higher after a distant earthquake."""
    since = component.head - component.distant
    return conf.later_share if since < DISTANT_S * conf.rate else conf.upper_share


@inner
def review(component, conf, arrays, picked):  # type: ignore[no-untyped-def]
    """Review the last pick: withdraw it if it was of a distant earthquake."""
    picks, mask, onset = arrays.picks, conf.ring - 1, component.last_pick
    now = until_clipped(arrays.clip, onset + conf.confirm, component.head + 1, mask)
    component.review = -1
    if picked < picks.shape[0] and not is_near(
        arrays.vertical, onset - conf.look_back, onset, now, mask, conf.later_share
    ):
        picks[picked] = 0.0
        picks[picked, 0], picks[picked, 1] = onset, component.head
        component.last_pick, component.distant = -1, component.head
        picked += 1
    return picked


@inner
def judge(component, conf, arrays, which, picked):  # type: ignore[no-untyped-def]
    """Check a band's trigger and write the pick if it passes. Returns the number of picks."""
    acceleration, vertical, picks = arrays.motion[0], arrays.vertical, arrays.picks
    mask, now, band = conf.ring - 1, component.head + 1, vertical[BAND_ROWS[which]]
    whiteness = min(1.0, 2.0 * conf.band[which] / conf.rate)
    first, earliest = component.trigger[which] - conf.look_back, component.trigger[which] - conf.lag
    onset, sigma, before, after = split(band, first, earliest, now, mask, whiteness)
    noise = max(before, min(component.lta[which], 4.0 * before))
    recent = mean_square(band, now - max(4, (now - onset) // 3), now, mask)
    good = (
        now - onset >= conf.confirm
        and until_clipped(arrays.clip, first, onset, mask) == onset
        and after > conf.snr * noise
        and recent > max(0.1 * after, 0.5 * conf.snr * noise)
        and strongest(acceleration, onset, now, mask) >= conf.least_pa
        and turns(band, onset, now, mask) >= 1 + conf.velocity
        and is_near(vertical, first, onset, now, mask, share(component, conf))
        and is_scattered(acceleration, first, onset, now, mask)
    )
    if good and picked < picks.shape[0]:
        picks[picked, 0], picks[picked, 1], picks[picked, 2] = onset, component.head, sigma
        picks[picked, 3] = after / noise
        picks[picked, 4] = strongest(acceleration, first, onset - conf.guard, mask)
        picks[picked, 5] = strongest(vertical[2], first, onset - conf.guard, mask)
        picked += 1
        component.last_pick, component.review = onset, onset + conf.review
        for i in range(BANDS):
            energy = max(component.sta_short[i], component.sta_long[i])
            component.grown[i] = component.growing[i] = energy
            component.trigger[i], component.refused[i] = -1, component.head
    if good or component.head - component.trigger[which] >= conf.patience:
        component.trigger[which], component.refused[which] = -1, component.head
    return picked


@inner
def may_trigger(component, conf, which):  # type: ignore[no-untyped-def]
    """Whether a trigger is allowed: settled, and past the hold-off or far above the last pick."""
    refused = component.head - component.refused[which]
    if component.age < conf.settle or 4 * refused < conf.patience:
        return False
    since = component.head - component.last_pick
    if component.last_pick < 0 or since >= conf.hold_off:
        return True
    outgrown = component.sta_short[which] > conf.outgrow * component.grown[which]
    return since >= GROWTH_S * conf.rate and outgrown


@inner
def average(component, conf, which, energy, half_s):  # type: ignore[no-untyped-def]
    """Update the short averages, their maximum since the pick (0.5 s late) and the blocks."""
    component.sta_short[which] += (energy - component.sta_short[which]) * conf.sta_short
    component.sta_long[which] += (energy - component.sta_long[which]) * conf.sta_long
    component.growing[which] = max(component.growing[which], component.sta_short[which])
    component.block[which] += energy
    if component.head % half_s == 0:
        component.grown[which] = max(component.grown[which], component.growing[which])
        component.growing[which] = 0.0
        block = (component.head // half_s) % BLOCKS
        component.blocks[which, block] = component.block[which] / half_s
        component.block[which] = 0.0


@inner
def background(component, conf, which):  # type: ignore[no-untyped-def]
    """The background energy that a trigger is compared with."""
    recent = 0.0
    for i in range(BLOCKS):
        recent += component.blocks[which, i] / BLOCKS
    return min(component.lta[which], conf.overhang * recent)


@inner
def stands_out(component, conf, which):  # type: ignore[no-untyped-def]
    """Whether a short average exceeds the background by its ratio."""
    short, long, level = component.sta_short[which], component.sta_long[which], component.lta[which]
    if short > conf.ratio_short * level or long > conf.ratio_long * level:
        return True
    level = background(component, conf, which)
    return short > conf.ratio_short * level or long > conf.ratio_long * level


@inner
def search(component, conf, arrays, count, picked):  # type: ignore[no-untyped-def]
    """Run the picker over the `count` new samples in the rings; advances the head."""
    mask, half_s = conf.ring - 1, max(1, int(0.5 * conf.rate))
    vertical = arrays.vertical
    for _ in range(count):
        for which in range(BANDS):
            energy = vertical[BAND_ROWS[which], component.head & mask] ** 2
            average(component, conf, which, energy, half_s)
            if component.trigger[which] >= 0:
                waited = component.head - component.trigger[which]
                if waited > 0 and waited % conf.again == 0:
                    picked = judge(component, conf, arrays, which, picked)
            elif stands_out(component, conf, which) and may_trigger(component, conf, which):
                component.trigger[which] = component.head
            else:
                learn = max(conf.lta, 1.0 / (component.age + 1))
                component.lta[which] += (energy - component.lta[which]) * learn
        if component.head == component.review:
            picked = review(component, conf, arrays, picked)
        component.head += 1
        component.age += 1
    return picked
