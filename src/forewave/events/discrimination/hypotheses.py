"""Discrimination: an earthquake, or something else that could have made the picks?

Four hypotheses are compared, each by how often it occurs and how well it explains the picks:

- an earthquake within the searched region: the likelihood of the search, averaged over all places;
- unrelated false picks. Their times are independent, and most are weak. They occur at each
  station's own rate or, rarely, as a storm of them over the network (a thunderstorm, a bad link),
  at the rate that the picks themselves show;
- one disturbance at all stations at the same time (the power returns): many picks within seconds
  at a part of the stations, wherever these are;
- the P of a distant earthquake: a plane wave, faster across the network than any local one, that
  passes all stations, about equally strong everywhere, weak and slow.

A detection by phones is one more observation, of bounded weight: `sighted`.

The result is the share of the first. So two strong picks at neighbouring stations may be enough,
and four weak ones that fit badly, or thirty in a storm, are not. All are compared from the
first pick on, and each must explain every pick, so that a pick that agrees with an event adds to
it.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.events.discrimination import knock, plane_wave
from forewave.events.discrimination.plane_wave import PlaneWave
from forewave.events.location.evidence import (
    MISSED,
    NOISE_DECAY,
    NOISE_SPAN,
    PICK_LEVEL,
    Evidence,
    counted,
    rarity,
)
from forewave.events.location.likelihood import PASSED, detection_probability
from forewave.events.location.normal import normal

Floats = NDArray[np.float64]

EVENT_RATE = 1.0 / 2000.0  # quakes of M 2 and more per second within the searched region
STORM = 0.01  # share of the time in which false picks come as a storm; more for each one seen
STORM_BEGINS = 1.0 / 302400.0  # of storms per second over the whole network: two a week
# As often a storm is over a part of the network, or begins there; and its picks per second and
# station: where they were more, stations would soon pick again.
LOCAL, DENSEST_LOCAL = 0.3, 1.0 / 60.0
# A knock at all stations at once (the power returns, a hub restarts), per second, and spans in s.
# Stations closer together (root mean square about their middle) than an earthquake beneath them is
# wide are passed by its P within such a span as well.
BURSTS, BURST_S, BURST_KM = 1.0 / 604800.0, (2.0, 4.0), 25.0
DENSEST_STORM = 1.0 / 30.0  # picks per second and station
STORM_AMPLITUDE, LIKE_STORMS = (
    0.4,
    0.1,
)  # log10: scatter of storms that have one strength; their share
STORM_SPAN = 60.0  # s over which picks are counted, for a storm that has gone on
STORM_BEGUN = 15.0  # s after which a storm has shown its rate
DISTANT_RATE = 1.0 / 604800.0  # P waves of distant quakes that trigger, per second
SLOWEST_DISTANT_S_KM = 0.09  # 11 km/s: P from 25 degrees on; beneath a quake it is no slower
DISTANT_SIGMA, DISTANT_AMPLITUDE, DISTANT_ODD = 0.5, 0.4, 0.05  # s, log10, share
CHECKED = 90.0  # sensor faults as strong, for each that also rises like a first motion: judgement
# What has come through the mantle is weak (log10 m/s^2; the sigma is that of sites) and slow
# (log10 of displacement over acceleration: 0.06 s^2 is 0.65 Hz).
DISTANT_STRONGEST, STRONGEST_SIGMA, DISTANT_COLOUR, COLOUR_SIGMA = -1.8, 0.3, -1.2, 0.5

# log of how much likelier it is that phones anywhere in the region detect an earthquake at this
# moment if there is one than if there is none, where their own probability is a half: in simulated
# nights (benchmarks/phones.py) no such detection was false, which allows one in 27 h, and felt ones
# were detected. It falls to nothing where the false ones are: of ten nights' one weighed more,
# e^1.4. The bound is for what was not simulated.
SIGHTED, MOST_SIGHTED = 6.0, 7.0
MOST_ALONE = 4.0  # log-odds that phones alone may reach: stations without a pick outweigh it


def sighted(probability: float) -> float:
    """Log-likelihood ratio of a sighting whose own probability (0..1) is this; 0 at least."""
    return float(np.clip(_log_odds(probability) + SIGHTED, 0.0, MOST_SIGHTED))


def phones_alone(probability: float, silence: float) -> float:
    """Probability that a sighting is real. silence: log-likelihood of stations not picking it."""
    odds = min(_log_odds(probability), MOST_ALONE) + silence
    return float(1.0 / (1.0 + np.exp(-odds)))


class Unassociated(Struct, frozen=True):
    """Stations with picks of the last minute that no event explains: where and when, in the plane
    and time of Evidence.
    """

    x_km: Floats
    y_km: Floats
    time: Floats


NONE = Unassociated(np.empty(0), np.empty(0), np.empty(0))


def likelihood(
    log_evidence: float, evidence: Evidence, stations: int, unassociated: Unassociated = NONE
) -> float:
    """Probability that the picks are an event within the region.

    log_evidence: of an event, averaged over the region (Location.log_evidence). stations: how many
    could have made false picks. unassociated: which of them did so: the more, the likelier it is
    that a storm of false picks goes on.
    """
    event = log_evidence + np.log(EVENT_RATE / evidence.tried)
    others = np.logaddexp(_log_false(evidence, stations, unassociated), _log_distant(evidence))
    return float(1.0 / (1.0 + np.exp(np.clip(others - event, -500.0, 500.0))))


def checked(likelihood: float) -> float:
    """The same, of one station whose motion has passed the checks of `single_station`."""
    real = CHECKED * likelihood
    return real / (real + 1.0 - likelihood)


def _log_odds(probability: float) -> float:
    sure = min(max(probability, 1e-9), 1.0 - 1e-9)
    return float(np.log(sure / (1.0 - sure)))


def _log_false(evidence: Evidence, stations: int, others: Unassociated) -> float:
    """Log-density of the picks as unrelated ones, in time and log10 amplitude."""
    rates, first, false = np.log(evidence.pick_rate), ~evidence.pick_follows, len(others.time)
    count, later = int(first.sum()), rates[~first]
    span = float(np.ptp(evidence.pick_time[first]))
    share = min(STORM * (1 + false), 0.5)
    usual = np.log1p(-share) + rates.sum()
    going_on = _log_storm(max(count, false), stations, max(span, _age(evidence, others)))
    lasting = np.log(share) + count * going_on + _of_later(later, going_on)
    begun = _log_begun(evidence, stations, count, span)
    ratio = knock.log_ratio(evidence)
    knocks = knock.log_odds(float(ratio.sum()), evidence.tried > 1.0)
    burst = _log_burst(evidence, stations, others, ratio)
    share = counted(evidence)
    weak, alike = share * float(_log_strength(evidence).sum()), share * _log_alike(evidence)
    in_storm = np.logaddexp(lasting, begun) + knocks
    storm = np.logaddexp(in_storm, burst) + max(weak, alike)
    return float(np.logaddexp(usual + weak, storm))


def _age(evidence: Evidence, others: Unassociated) -> float:
    """Seconds for which false picks are counted: of a recognised storm, those since it began.

    A storm that has just begun has fewer picks than one that has gone on at its rate.
    """
    if evidence.tried == 1.0 or len(others.time) == 0:
        return STORM_SPAN
    newest = max(evidence.pick_time.max(), others.time.max())
    return float(np.clip(newest - min(0.0, others.time.min()), STORM_BEGUN, STORM_SPAN))


def _log_begun(evidence: Evidence, stations: int, count: int, span: float) -> float:
    """Log-density of the picks as a storm's that begins with the first, everywhere or there."""
    later = np.log(evidence.pick_rate[evidence.pick_follows])
    wide = _log_storm(count, stations, span)
    nearby = min(_log_storm(count, _inside(evidence), span), float(np.log(DENSEST_LOCAL)))
    both = np.logaddexp(
        (count - 1) * wide + _of_later(later, wide),
        np.log(LOCAL) + (count - 1) * nearby + _of_later(later, nearby),
    )
    return float(np.log(STORM_BEGINS / stations) + both)


def _of_later(log_rates: Floats, storm: float) -> float:
    """Log-density of later picks of stations in a storm, which goes on at them at its rate."""
    return float(np.maximum(log_rates, storm).sum())


def _inside(evidence: Evidence) -> int:
    """How many stations there are where the picks are: within a circle about their middle."""
    first = ~evidence.pick_follows
    x, y = evidence.pick_x[first], evidence.pick_y[first]
    middle_x, middle_y = x.mean(), y.mean()
    radius_km = np.hypot(x - middle_x, y - middle_y).max()
    silent_km = np.hypot(evidence.silent_x - middle_x, evidence.silent_y - middle_y)
    return int(first.sum() + (silent_km <= radius_km).sum())


def _log_storm(count: int, stations: int, span: float) -> float:
    """Log of the rate per station that so many picks in such a span show, not known before."""
    rate = count / (np.e * stations * max(span, 1.0))
    return float(np.log(min(rate, DENSEST_STORM)))


def _log_burst(evidence: Evidence, stations: int, others: Unassociated, ratio: Floats) -> float:
    """Log-density of the picks of which those within a span come at any time of it, one each
    at a share of all stations, and the rest at their own rates.

    others: they took part, too, if theirs are within the span. ratio: knock.log_ratio.
    """
    of_spans = (_log_within(span, evidence, stations, others, ratio) for span in BURST_S)
    return float(np.log(BURSTS) + max(of_spans))


def _log_within(
    span: float, evidence: Evidence, stations: int, others: Unassociated, ratio: Floats
) -> float:
    """The same of the span with most picks; -inf where these are too close together to tell."""
    time = evidence.pick_time
    first = np.sort(time[~evidence.pick_follows])
    ends = np.searchsorted(first, first + span, side="right")
    begin = first[int(np.argmax(ends - np.arange(len(first))))]
    in_it = ~evidence.pick_follows & (time >= begin) & (time <= begin + span)
    besides = (others.time >= begin) & (others.time <= begin + span)
    x = np.concatenate([evidence.pick_x[in_it], others.x_km[besides]])
    y = np.concatenate([evidence.pick_y[in_it], others.y_km[besides]])
    if np.hypot(x.std(), y.std()) < BURST_KM:
        return -np.inf
    share = min(len(x) / stations, 1.0)
    silent = (stations - len(x)) * np.log1p(-share) if share < 1.0 else 0.0
    rest = float(np.log(evidence.pick_rate[~in_it]).sum())
    knocks = knock.log_odds(float(ratio[in_it].sum()), evidence.tried > 1.0)
    return float(in_it.sum() * np.log(share / span) + silent + rest + knocks)


def _log_strength(evidence: Evidence) -> Floats:
    """Log-density of each pick's log10 amplitude, weak ones being the usual ones; 0 if unknown."""
    above = evidence.pick_log_a - evidence.pick_log_noise
    per_decade = NOISE_DECAY * np.log(10.0) * rarity(above)
    usual = np.log(np.where(np.isnan(above), 1.0, per_decade))
    return np.where(np.isnan(evidence.pick_log_claimed), usual, evidence.pick_log_claimed)


def _log_distant(evidence: Evidence) -> float:
    """Log-density of the first picks as the P of a distant earthquake, of later ones as noise."""
    first = ~evidence.pick_follows
    x, y, time = (v[first] for v in (evidence.pick_x, evidence.pick_y, evidence.pick_time))
    wave = plane_wave.fit(x, y, time, DISTANT_SIGMA, SLOWEST_DISTANT_S_KM)
    usual = (1.0 - DISTANT_ODD) * normal(wave.residual, DISTANT_SIGMA)
    timing = np.log(usual + DISTANT_ODD / NOISE_SPAN).sum()
    begin_s = DISTANT_SIGMA / np.sqrt(len(time))
    sure = min(2.0 * (begin_s / wave.aperture_km) ** 2 / SLOWEST_DISTANT_S_KM**2, 1.0)
    sure *= min(np.sqrt(2.0 * np.pi) * begin_s, 1.0)
    later = np.log(evidence.pick_rate[~first]).sum()
    even = counted(evidence) * _log_even(evidence, first)
    silent = _log_passed_unseen(evidence, first, wave)
    return float(np.log(DISTANT_RATE) + timing + np.log(sure) + later + even + silent)


def _log_passed_unseen(evidence: Evidence, first: NDArray[np.bool_], wave: PlaneWave) -> float:
    """Log-likelihood of the stations that the plane wave has passed and that have not picked."""
    log_a = evidence.pick_log_a[first]
    if not np.isfinite(log_a).any():
        return 0.0
    level = float(np.nanmedian(log_a))
    came = wave.arrival(evidence.silent_x, evidence.silent_y) + PASSED + 2.0 * DISTANT_SIGMA
    above = level - evidence.silent_log_noise[evidence.silent_until >= came]
    return float(np.log(1.0 - (1.0 - MISSED) * detection_probability(above)).sum())


def _log_alike(evidence: Evidence) -> float:
    """Log-density of the picks' log10 amplitudes about one level, as rare as noise so strong is.

    Non-seismic triggers (hail, gusts, a bad link) have similar amplitudes across the network.
    """
    known = np.isfinite(evidence.pick_log_a)
    if not known.any():
        return 0.0
    log_a, noise = evidence.pick_log_a[known], evidence.pick_log_noise[known]
    level = float(np.median(log_a))
    scatter = np.log(normal(log_a - level, STORM_AMPLITUDE) + DISTANT_ODD).sum()
    width = min(np.sqrt(2.0 * np.pi / len(log_a)) * STORM_AMPLITUDE, 1.0)
    usual = _median_noise(noise)
    above = PICK_LEVEL if np.isnan(usual) else level - usual
    rare = np.log(NOISE_DECAY * np.log(10.0) * rarity(np.array(above)))
    return float(np.log(LIKE_STORMS) + scatter + np.log(width) + rare)


def _log_even(evidence: Evidence, first: NDArray[np.bool_]) -> float:
    """Log-density of amplitudes that scatter about one low level, and of their slow motion.

    The level is as rare as earthquakes so strong are: by Gutenberg and Richter with b = 1, a
    tenth for each decade above what is just picked.
    """
    log_a = evidence.pick_log_a[first]
    known = np.isfinite(log_a)
    if not known.any():
        return 0.0
    level = float(np.median(log_a[known]))
    scatter = np.log(normal(log_a[known] - level, DISTANT_AMPLITUDE) + DISTANT_ODD).sum()
    colour = evidence.pick_log_d[first][known] - log_a[known] - DISTANT_COLOUR
    colour = colour[np.isfinite(colour)]
    slow = np.log(normal(colour, COLOUR_SIGMA) + DISTANT_ODD).sum()
    strong = np.maximum(0.0, log_a[known] - DISTANT_STRONGEST) / STRONGEST_SIGMA
    usual = _median_noise(evidence.pick_log_noise[first])
    faintest = level if np.isnan(usual) else usual + PICK_LEVEL
    rare = np.log(np.log(10.0)) - np.log(10.0) * max(level - faintest, 0.0)
    return float(scatter + slow + rare - 0.5 * (strong**2).sum())


def _median_noise(log_noise: Floats) -> float:
    """The median of the known noise levels, log10 m/s^2; nan if none is known."""
    known = log_noise[np.isfinite(log_noise)]
    return float(np.median(known)) if len(known) else np.nan
