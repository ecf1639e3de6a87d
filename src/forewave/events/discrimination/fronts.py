"""Fronts in a storm of false picks: those of one source, among many that hang together by chance.

Where stations trigger over and over (hail, gusts, a bad link), all picks of the last minute hang
together and each station's first one is hardly ever a wave's. Then sources are tried on a grid, and
the picks counted that come when the source's P should, at stations near enough for it: in how many
of them by chance, is known from the rate of picks. Kulldorff's (1997) scan statistic, with hits
that are Bernoulli. Among louder picks only, or those whose motion has grown, chance is rarer: that
is tried too.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from forewave.earth.distance import LocalPlane
from forewave.earth.travel_time import TravelTimes
from forewave.events.discrimination import knock
from forewave.events.memory.network import Network
from forewave.types import Pick

Floats = NDArray[np.float64]

FEWEST, REPEATS = 12, 1.5  # picks, and picks per station, from which on a group is a storm
STEP_KM, MARGIN_KM, DEPTH_KM = 10.0, 30.0, 12.0  # of the sources that are tried
LASTS, WIDE = 24.0, 2.0  # s back to which origin times are tried, and within which picks agree
LONG = 10.0  # s
AGAIN = 1.25  # picks per station from which on a long group may be a storm
BURST, PAUSE = 4.0, 4.0  # s that the last picks of a burst span, and without picks after it
REACH_KM = 60.0  # of stations that count
SHOWN, FEW_HITS = 0.7, 4  # share of true P's that are picked in a storm
LOUDER = (0.0, 0.6, 0.85)  # shares of the picks that are passed over as too weak
AGREES = 1.3  # s by which a pick of the front may miss it


def is_storm(picks: Sequence[Pick]) -> bool:
    """Whether stations have triggered over and over within a group of picks."""
    return len(picks) >= max(FEWEST, REPEATS * len({pick.station for pick in picks}))


def is_long(picks: Sequence[Pick]) -> bool:
    """Whether a group has gone on for so long without being explained that it may be a storm, or
    hold one.
    """
    return len(picks) >= FEWEST and picks[-1].time - picks[0].time > LONG


def may_be_storm(picks: Sequence[Pick]) -> bool:
    """Whether a long group has stations that triggered again, fewer of them than in a storm."""
    return is_long(picks) and len(picks) >= AGAIN * len({pick.station for pick in picks})


def after_burst(picks: Sequence[Pick]) -> list[Pick]:
    """The picks, by time, that begin some time after a burst of them; empty without one.

    What shakes all stations at once (the power returns) hangs together with whatever follows.
    """
    for last, (pick, following) in enumerate(pairwise(picks), 1):
        if following.time - pick.time > PAUSE:
            burst = last >= FEWEST and pick.time - picks[last - FEWEST].time <= BURST
            return list(picks[last:]) if burst else []
    return []


def strongest(picks: Sequence[Pick], network: Network, travel_times: TravelTimes) -> list[Pick]:
    """The picks of the likeliest front, one a station, by time; empty without one."""
    plane = LocalPlane(*_place(network, picks[0]))
    station = np.array([network.watches[pick.station].index for pick in picks])
    time = np.array([pick.time for pick in picks])
    at = np.column_stack(plane.to_km(network.lat, network.lon))
    recent = time > network.newest - LASTS
    if not recent.any():
        return []
    nodes = _nodes(at[station[recent]])
    away_km = np.hypot(*(nodes[:, None, :] - at).transpose(2, 0, 1))
    travel = travel_times.seconds("P", away_km, DEPTH_KM)
    origin = time - travel[:, station]
    origin[away_km[:, station] > REACH_KM] = np.nan
    begins = network.newest - LASTS + np.arange(0.0, LASTS, WIDE / 2.0)
    near = (away_km <= REACH_KM) & network.able()
    could = (near[:, :, None] & (travel[:, :, None] + begins < network.newest - WIDE)).sum(axis=1)
    best, found = 0.0, None
    for counted in _levels(picks, network):
        rate = counted.sum() / (max(np.ptp(time), LASTS) * max(network.able().sum(), 1))
        hits = _hits(np.where(counted, origin, np.nan), station, begins)
        score = _score(hits, np.maximum(could, hits), 1.0 - np.exp(-rate * WIDE))
        node, begin = np.unravel_index(int(score.argmax()), score.shape)
        if score[node, begin] > best:
            best, found = float(score[node, begin]), (node, begins[begin] + WIDE / 2.0, counted)
    if found is None:
        return []
    node, begin, counted = found
    return _members(picks, np.where(counted, origin[node], np.nan), begin)


def _place(network: Network, pick: Pick) -> tuple[float, float]:
    station = network.watches[pick.station].station
    return station.lat, station.lon


def _nodes(at: Floats) -> Floats:
    """(n, 2) km, a grid of sources over stations and a margin."""
    low, high = at.min(axis=0) - MARGIN_KM, at.max(axis=0) + MARGIN_KM
    x, y = (np.arange(a, b, STEP_KM) for a, b in zip(low, high, strict=True))
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    near = np.hypot(*(grid[:, None, :] - at).transpose(2, 0, 1)).min(axis=1) <= MARGIN_KM
    return np.asarray(grid[near])


def _levels(picks: Sequence[Pick], network: Network) -> list[NDArray[np.bool_]]:
    """For each share that is passed over, which picks are louder; and those that have grown, as no
    knock does. Unknown ones are as any.
    """
    loud = np.array([network.early_peak(pick) for pick in picks])
    known = loud[np.isfinite(loud)]
    if not len(known):
        return [np.ones(len(picks), bool)]
    louder = [~(loud < np.quantile(known, share)) for share in LOUDER]
    return [*louder, np.array([not network.grown(pick) < knock.STILL for pick in picks])]


def _hits(origin: Floats, station: NDArray[np.intp], begins: Floats) -> NDArray[np.int64]:
    """(nodes, begins) how many stations have a pick whose origin time is within WIDE of a begin."""
    count = np.zeros((len(origin), len(begins)), np.int64)
    step = WIDE / 2.0
    for shift in (0, 1):  # half steps overlap: each pick is in two windows
        first = np.floor((origin - begins[0]) / step) - shift
        node, pick = np.nonzero((first >= 0) & (first < len(begins)))
        cell = first[node, pick].astype(np.int64)
        keys = (node * len(begins) + cell) * (int(station.max()) + 1) + station[pick]
        np.add.at(count.reshape(-1), np.unique(keys) // (int(station.max()) + 1), 1)
    return count


def _score(hits: NDArray[np.int64], could: NDArray[np.int64], chance: float) -> Floats:
    """Log-likelihood ratio of a front against chance."""
    if not 0.0 < chance < SHOWN:
        return np.zeros(hits.shape)
    score = hits * np.log(SHOWN / chance) + (could - hits) * np.log((1.0 - SHOWN) / (1.0 - chance))
    return np.where(hits >= FEW_HITS, score, 0.0)


def _members(picks: Sequence[Pick], origin: Floats, begin: float) -> list[Pick]:
    """The picks that agree with a front, the best of each station."""
    near = np.abs(origin - begin) <= WIDE
    middle = float(np.median(origin[near])) if near.any() else begin
    best: dict[str, tuple[float, Pick]] = {}
    for pick, time in zip(picks, origin, strict=True):
        off = abs(time - middle)
        if off <= AGREES and off < best.get(pick.station, (np.inf, pick))[0]:
            best[pick.station] = (off, pick)
    return sorted((pick for _, pick in best.values()), key=lambda pick: (pick.time, pick.id))
