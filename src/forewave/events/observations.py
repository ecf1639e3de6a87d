"""Observations of one possible source, as arrays for the likelihood."""

from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forewave.earth.distance import LocalPlane
from forewave.events.discrimination import fronts, hypotheses
from forewave.events.discrimination.silence import silent
from forewave.events.event import Event
from forewave.events.location.evidence import (
    AGES,
    LATER_NOISE,
    NOISE_EVERY,
    NOISE_SHAPE,
    NOISE_SPAN,
    PER_SECOND,
    Evidence,
    Sighted,
)
from forewave.events.location.normal import normal
from forewave.events.memory.network import MEMORY, Network, log_level
from forewave.events.memory.phone_sightings import sigma_km
from forewave.events.other_events import OtherEvents
from forewave.types import Amplitude, Pick

BEFORE = 5.0  # s before an origin from which a station's picks keep it from counting as silent
MOST_PICKS, MOST_LATER = 24, 12  # the first are enough; more cost time
RISEN = np.log10(2.0)  # above what moved before a pick, from where on a peak is the pick's own
BEGINS = 15.0  # s in which a storm of false picks shows its rate
STORM_RATE = 1.0 / 120.0  # false picks per second and station from which on they are a storm
LOUD_SIGMA, UNUSUAL = 0.2, 0.1  # log10, of loudness in a storm; density of what it has not shown
# Fronts that are tried in a storm before another one is looked at: 1,000 places, 24 times and four
# kinds of picks, most of which are tried again at the next update. From half the rate of a storm on
# they begin to count.
TRIED = 1e5


def around(
    event: Event,
    network: Network,
    picks: Sequence[Pick],
    others: OtherEvents,
    most: int = MOST_PICKS,
) -> Evidence:
    """The evidence on an event as it is placed now. picks: those that place it, by time."""
    centre = (event.location.x_km, event.location.y_km)
    since = event.origin.time - BEFORE
    return evidence(network, event.plane, picks, event.members, centre, since, others, most)


def evidence(
    network: Network,
    plane: LocalPlane,
    picks: Sequence[Pick],
    own: Container[str],
    centre: tuple[float, float],
    since: float,
    others: OtherEvents,
    most: int = MOST_PICKS,
) -> Evidence:
    """Picks, amplitudes and silence, in the plane; seconds after the first pick.

    picks: by time; the first of each station counts in full, the later ones as what may be its
    S. own: the ids of all picks that are the source's. centre: km, the stations nearest to it
    count as silent if they have not picked, from `since` on. others: the other events
    under way. most: stations whose picks are used, the first.
    """
    reference = picks[0].time
    picks, follows = _in_order(picks, most)
    false_picks = _false_picks(network, since, others)
    usual = _usual_rate(network, since, false_picks, picks)
    usual = max(usual, _present_rate(network, own, others))
    storm = _loudness(network, false_picks) if usual > STORM_RATE else None
    motion = _motion(network, picks, follows, own, others)
    silence = silent(network, plane, centre, since, own, storm is not None)
    index = [network.watches[pick.station].index for pick in picks]
    x, y = plane.to_km(network.lat[index], network.lon[index])
    silent_x, silent_y = plane.to_km(network.lat[silence.index], network.lon[silence.index])
    each = list(zip(picks, follows, motion.log_a, strict=True))
    return Evidence(
        pick_x=x,
        pick_y=y,
        pick_time=np.array([pick.time for pick in picks]) - reference,
        pick_sigma=np.array([pick.sigma for pick in picks]),
        pick_log_a=motion.log_a,
        pick_growth=motion.growth,
        pick_until=motion.until - reference,
        pick_log_noise=motion.log_noise,
        pick_log_d=motion.log_d,
        pick_log_noise_d=motion.log_noise_d,
        pick_rate=np.array([_rate(network, p, f, since, others, usual) for p, f, _ in each]),
        pick_log_claimed=np.array([_log_claimed(p, a, others, storm) for p, _, a in each]),
        pick_follows=follows,
        silent_x=silent_x,
        silent_y=silent_y,
        silent_until=silence.until - reference,
        silent_log_noise=silence.log_level,
        sighted=_sighted(network, plane, picks[0], reference),
        tried=TRIED ** float(np.clip(2.0 * usual / STORM_RATE - 1.0, 0.0, 1.0)),
    )


class _Motion(NamedTuple):
    """The vertical motion at each of n picks, log10; nan where it tells nothing of the source.

    growth is (n, AGES); until: absolute time up to which the peaks are known.
    """

    log_a: NDArray[np.float64]
    log_d: NDArray[np.float64]
    growth: NDArray[np.float64]
    until: NDArray[np.float64]
    log_noise: NDArray[np.float64]
    log_noise_d: NDArray[np.float64]


def _motion(
    network: Network,
    picks: Sequence[Pick],
    follows: NDArray[np.bool_],
    own: Container[str],
    others: OtherEvents,
) -> _Motion:
    """Peaks since each pick and the noise that they rise above.

    The motion of a station's later picks is not used, nor that of a pick that has not risen above
    the motion before it.
    """
    watches = [network.watches[pick.station] for pick in picks]
    level = np.array([log_level(w, pick) for w, pick in zip(watches, picks, strict=True)])
    known = [_whole(own_peaks(network, pick, own, others)) for pick in picks]
    log_a, log_d, until = _peaks(known, picks)
    log_a[follows] = log_d[follows] = np.nan
    usual = network.log_noise[[watch.index for watch in watches]]
    masked = (level[:, 0] > usual) & ~(log_a > level[:, 0] + RISEN)
    log_a[masked] = level[masked, 0] = np.nan
    level[follows] = np.nan
    growth = np.array([_growth(peaks) for peaks in known])
    return _Motion(log_a, log_d, growth, until, level[:, 0], level[:, 1])


def _sighted(network: Network, plane: LocalPlane, first: Pick, reference: float) -> Sighted | None:
    """The phone detection that may have the same source as a pick."""
    found = network.phones.near(network.watches[first.station].station, first.time)
    if found is None:
        return None
    x_km, y_km = plane.to_km(found.lat, found.lon)
    ratio = hypotheses.sighted(found.probability)
    return Sighted(float(x_km), float(y_km), found.time - reference, sigma_km(found), ratio)


def _rate(
    network: Network, pick: Pick, follows: bool, since: float, others: OtherEvents, usual: float
) -> float:
    """Of picks per second that are not the source's, at this station at this time.

    usual: per second, of the network's stations before the source.
    """
    if (claim := others.claim(pick)) is not None:
        return max(claim.rate, usual) if usual > STORM_RATE else claim.rate
    if follows:
        return max(LATER_NOISE / NOISE_SPAN, usual)
    false_picks = len(network.unassociated(pick.station, since, others.explained))
    return (NOISE_SHAPE + false_picks) / (NOISE_SHAPE / usual + MEMORY)


def _usual_rate(
    network: Network, since: float, false_picks: Sequence[Pick], picks: Iterable[Pick]
) -> float:
    """False picks per second and station before a source: of the network, or of these picks'
    stations where that is more (a storm may be over a part of them).

    In a storm any source finds matching picks by chance: only what stands out above it counts.
    From the last minute, or from the last seconds, where a storm has just begun.
    false_picks: of that minute.
    """
    here = {pick.station for pick in picks}
    most = 0.0
    for span in (BEGINS, NOISE_SPAN):
        recent = [pick.station for pick in false_picks if pick.time >= since - span]
        prior = NOISE_SHAPE * NOISE_EVERY
        rate = (NOISE_SHAPE + len(recent)) / (prior + span * network.count)
        local = NOISE_SHAPE + sum(station in here for station in recent)
        most = max(most, rate, local / (NOISE_SHAPE / rate + span * len(here)))
    return most


def _present_rate(network: Network, own: Container[str], others: OtherEvents) -> float:
    """False picks per second and station beside a source's own, if these are a storm; else 0."""
    recent = _false_picks(network, np.inf, others, network.newest - BEGINS)
    beside = [pick for pick in recent if pick.id not in own]
    return len(beside) / (BEGINS * network.count) if fronts.is_storm(beside) else 0.0


def _loudness(network: Network, picks: Iterable[Pick]) -> NDArray[np.float64]:
    """log10 of the early peaks of picks, as far as they are known."""
    loud = np.array([network.early_peak(pick) for pick in picks])
    return np.asarray(loud[np.isfinite(loud)])


def _false_picks(
    network: Network, before: float, others: OtherEvents, since: float | None = None
) -> list[Pick]:
    """The picks of the minute before a time that are no event's P or S: what a storm goes on
    making, in an event's coda too.
    """
    recent = network.recent_picks(before - NOISE_SPAN if since is None else since)
    waves = {i for i, by in others.explained.items() if any(m.role != "coda" for _, m in by)}
    return [p for p in recent if p.time < before and p.id not in waves]


def _log_claimed(
    pick: Pick, log_a: float, others: OtherEvents, storm: NDArray[np.float64] | None
) -> float:
    """Of the motion as another event's, or the storm's; nan if neither explains the pick.

    storm: log10 of the peaks of its picks; none of them is known to be as loud as this one.
    """
    claim = others.claim(pick)
    claimed = np.nan if claim is None else claim.log_motion
    if storm is None or np.isnan(log_a):
        return claimed
    alike = normal(log_a - storm, LOUD_SIGMA)
    known = float(np.log((alike.sum() + UNUSUAL) / (len(storm) + 1.0)))
    return float(np.fmax(claimed, known))


def _in_order(picks: Sequence[Pick], most: int) -> tuple[list[Pick], NDArray[np.bool_]]:
    """The first pick of each station, then the later ones; and which are later ones."""
    first: dict[str, Pick] = {}
    for pick in picks:
        first.setdefault(pick.station, pick)
    chosen = list(first.values())[:most]
    known = {pick.station for pick in chosen}
    later = [p for p in picks if p is not first[p.station] and p.station in known]
    ordered = [*chosen, *later[:MOST_LATER]]
    return ordered, np.arange(len(ordered)) >= len(chosen)


def own_peaks(
    network: Network, pick: Pick, own: Container[str], others: OtherEvents
) -> list[Amplitude]:
    """Peaks since a pick, until waves of another event may have made them.

    own: ids of the picks of the same event.
    """
    peaks = network.peaks(pick, own)
    if not peaks or not others.events or not peaks[-1].pa_ms2 > 0:
        return peaks
    index = network.watches[pick.station].index
    until = others.until(index, pick.time, float(np.log10(peaks[-1].pa_ms2)))
    return [a for a in peaks if a.time <= until]


def _whole(peaks: Sequence[Amplitude]) -> list[Amplitude]:
    """None once the sensor has clipped: the true motion is only known to be larger."""
    return [] if peaks and peaks[-1].clipped else list(peaks)


def _growth(peaks: Sequence[Amplitude]) -> NDArray[np.float64]:
    """(AGES,) log10 of the largest vertical acceleration by each half second since the pick."""
    grown = np.full(AGES, np.nan)
    for a in peaks:
        if a.pa_ms2 > 0 and a.since_pick is not None:
            grown[min(round(a.since_pick * PER_SECOND), AGES) - 1 :] = np.log10(a.pa_ms2)
    grown[np.isnan(grown)] = grown[np.isfinite(grown)].min(initial=np.inf)
    return grown


def _peaks(
    known: Sequence[Sequence[Amplitude]], picks: Sequence[Pick]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """log10 of each pick's vertical acceleration and displacement peaks (nan if unknown), and up
    to when.
    """
    newest = [peaks[-1] if peaks else None for peaks in known]
    log_a = [np.log10(a.pa_ms2) if a and a.pa_ms2 > 0 else np.nan for a in newest]
    log_d = [np.log10(a.pd3_m) if a and a.pd3_m > 0 else np.nan for a in newest]
    until = [a.time if a else pick.time for a, pick in zip(newest, picks, strict=True)]
    return np.array(log_a), np.array(log_d), np.array(until)
