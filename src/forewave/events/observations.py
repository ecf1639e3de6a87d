"""What the network knows of one possible source, as arrays for the likelihood."""

from collections.abc import Container, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from forewave.earth.distance import LocalPlane
from forewave.earth.site import DEFAULT_VS30_MS
from forewave.events import discrimination, fronts
from forewave.events.associate import Member
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
from forewave.events.location.likelihood import S_COME
from forewave.events.location.normal import normal
from forewave.events.location.source_duration import half_duration
from forewave.events.magnitude.line_source import Felt
from forewave.events.memory.network import MEMORY, Network, log_level
from forewave.events.memory.phone_sightings import sigma_km
from forewave.events.other_events import Company
from forewave.events.relations.borcherdt_1994 import log_amplification
from forewave.events.silence import silent
from forewave.types import Amplitude, Pick

MOST_PICKS, MOST_LATER = 24, 12  # the first say it all; more cost time
RISEN = np.log10(2.0)  # above what moved before a pick, from where on a peak is the pick's own
BEGINS = 15.0  # s in which a storm of false picks shows its rate
STORM_RATE = 1.0 / 120.0  # false picks per second and station from which on they are a storm
LOUD_SIGMA, STRANGE = 0.2, 0.1  # log10, of loudness in a storm; density of what it has not shown
# Fronts that are tried in a storm before another one is looked at: 1,000 places, 24 times and four
# kinds of picks, most of which are tried again at the next look. From half the rate of a storm on
# they begin to count.
TRIED = 1e5


def evidence(
    network: Network,
    plane: LocalPlane,
    picks: Sequence[Pick],
    own: Container[str],
    centre: tuple[float, float],
    since: float,
    company: Company,
    most: int = MOST_PICKS,
) -> Evidence:
    """Picks, amplitudes and silence, in the plane; seconds after the first pick.

    picks: by time; the first of each station counts in full, the later ones as what may be its
    S. own: the ids of all picks that are the source's. centre: km, the stations nearest to it
    are asked for their silence, from `since` on. company: the other events under way. most:
    stations whose picks are used, the first.
    """
    reference = picks[0].time
    picks, follows = _in_order(picks, most)
    watches = [network.watches[pick.station] for pick in picks]
    index = np.array([watch.index for watch in watches])
    level = np.array([log_level(w, pick) for w, pick in zip(watches, picks, strict=True)])
    x, y = plane.to_km(network.lat[index], network.lon[index])
    known = [_whole(own_peaks(network, pick, own, company)) for pick in picks]
    log_a, log_d, until = _peaks(known, picks)
    log_a[follows] = log_d[follows] = np.nan
    drowned = (level[:, 0] > network.log_noise[index]) & ~(log_a > level[:, 0] + RISEN)
    log_a[drowned] = level[drowned, 0] = np.nan
    strays = _strays(network, since, company)
    usual = max(_usual_rate(network, since, strays, picks), _present_rate(network, own, company))
    storm = _loudness(network, strays) if usual > STORM_RATE else None
    silence = silent(network, plane, centre, since, own, storm is not None)
    silent_x, silent_y = plane.to_km(network.lat[silence.index], network.lon[silence.index])
    return Evidence(
        x,
        y,
        np.array([pick.time for pick in picks]) - reference,
        np.array([pick.sigma for pick in picks]),
        log_a,
        np.array([_growth(peaks) for peaks in known]),
        until - reference,
        np.where(follows, np.nan, level[:, 0]),
        log_d,
        np.where(follows, np.nan, level[:, 1]),
        np.array(
            [
                _rate(network, pick, f, since, company, usual)
                for pick, f in zip(picks, follows, strict=True)
            ]
        ),
        np.array([_log_claimed(*of, company, storm) for of in zip(picks, log_a, strict=True)]),
        follows,
        silent_x,
        silent_y,
        silence.until - reference,
        silence.log_level,
        _sighted(network, plane, picks[0], reference),
        TRIED ** float(np.clip(2.0 * usual / STORM_RATE - 1.0, 0.0, 1.0)),
    )


def _sighted(network: Network, plane: LocalPlane, first: Pick, reference: float) -> Sighted | None:
    """What phones saw that may be the source of a pick."""
    found = network.phones.near(network.watches[first.station].station, first.time)
    if found is None:
        return None
    x_km, y_km = plane.to_km(found.lat, found.lon)
    ratio = discrimination.sighted(found.probability)
    return Sighted(float(x_km), float(y_km), found.time - reference, sigma_km(found), ratio)


def _rate(
    network: Network, pick: Pick, follows: bool, since: float, company: Company, usual: float
) -> float:
    """Of picks per second that are not the source's, at this station at this time.

    usual: per second, of the network's stations before the source.
    """
    if (claim := company.claim(pick)) is not None:
        return max(claim.rate, usual) if usual > STORM_RATE else claim.rate
    if follows:
        return max(LATER_NOISE / NOISE_SPAN, usual)
    strays = len(network.strays(pick.station, since, company.explained))
    return (NOISE_SHAPE + strays) / (NOISE_SHAPE / usual + MEMORY)


def _usual_rate(
    network: Network, since: float, strays: Sequence[Pick], picks: Iterable[Pick]
) -> float:
    """False picks per second and station before a source: of the network, or of these picks'
    stations where that is more (a storm may be over a part of them).

    In a storm of them any source finds partners by chance: only what stands out above it counts.
    The last minute tells, or the last seconds, where a storm has just begun. strays: the false
    picks of that minute.
    """
    here = {pick.station for pick in picks}
    most = 0.0
    for span in (BEGINS, NOISE_SPAN):
        recent = [pick.station for pick in strays if pick.time >= since - span]
        prior = NOISE_SHAPE * NOISE_EVERY
        rate = (NOISE_SHAPE + len(recent)) / (prior + span * network.count)
        local = NOISE_SHAPE + sum(station in here for station in recent)
        most = max(most, rate, local / (NOISE_SHAPE / rate + span * len(here)))
    return most


def _present_rate(network: Network, own: Container[str], company: Company) -> float:
    """False picks per second and station beside a source's own, if these are a storm; else 0."""
    recent = _strays(network, np.inf, company, network.newest - BEGINS)
    others = [pick for pick in recent if pick.id not in own]
    return len(others) / (BEGINS * network.count) if fronts.is_storm(others) else 0.0


def _loudness(network: Network, picks: Iterable[Pick]) -> NDArray[np.float64]:
    """log10 of the early peaks of picks, as far as they are known."""
    loud = np.array([network.early_peak(pick) for pick in picks])
    return np.asarray(loud[np.isfinite(loud)])


def _strays(
    network: Network, before: float, company: Company, since: float | None = None
) -> list[Pick]:
    """The picks of the minute before a time that are no event's P or S: what a storm goes on
    making, in an event's coda too.
    """
    recent = network.recent_picks(before - NOISE_SPAN if since is None else since)
    waves = {i for i, by in company.explained.items() if any(m.role != "coda" for _, m in by)}
    return [p for p in recent if p.time < before and p.id not in waves]


def _log_claimed(
    pick: Pick, log_a: float, company: Company, storm: NDArray[np.float64] | None
) -> float:
    """Of the motion as another event's, or the storm's; nan if neither explains the pick.

    storm: log10 of the peaks of its picks; none of them is known to be as loud as this one.
    """
    claim = company.claim(pick)
    claimed = np.nan if claim is None else claim.log_motion
    if storm is None or np.isnan(log_a):
        return claimed
    alike = normal(log_a - storm, LOUD_SIGMA)
    known = float(np.log((alike.sum() + STRANGE) / (len(storm) + 1.0)))
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
    network: Network, pick: Pick, own: Container[str], company: Company
) -> list[Amplitude]:
    """Peaks since a pick, as far as they are its event's and not another's."""
    peaks = network.peaks(pick, own)
    if not peaks or not company.events or not peaks[-1].pa_ms2 > 0:
        return peaks
    index = network.watches[pick.station].index
    until = company.until(index, pick.time, float(np.log10(peaks[-1].pa_ms2)))
    return [a for a in peaks if a.time <= until]


def _whole(peaks: Sequence[Amplitude]) -> list[Amplitude]:
    """None once the sensor has clipped: what it felt is only known to be more."""
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


def felt(
    network: Network,
    event: Event,
    members: Sequence[Member],
    peaks: Sequence[Sequence[Amplitude]],
) -> Felt:
    """The peaks of S so far at the members' stations, as the search for a rupture wants them."""
    lasts = 2.0 * half_duration(event.magnitude.value)
    rows = []
    for member, history in zip(members, peaks, strict=True):
        watch = network.watches[member.pick.station]
        newest = history[-1] if history else None
        if newest is None or newest.clipped or not newest.pga_ms2 > 0:
            continue
        after_s = newest.time - event.arrivals.s[watch.index]
        if after_s > S_COME:
            vs30_ms = watch.station.vs30_ms or DEFAULT_VS30_MS
            soil = log_amplification("acceleration", vs30_ms, newest.pa_ms2)
            rows.append((watch.index, np.log10(newest.pga_ms2) - soil, after_s > lasts))
    index = np.array([row[0] for row in rows], int)
    x, y = event.plane.to_km(network.lat[index], network.lon[index])
    return Felt(x, y, np.array([row[1] for row in rows]), np.array([row[2] for row in rows], bool))
