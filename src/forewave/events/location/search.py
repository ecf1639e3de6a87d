"""Where and when: the source that the evidence makes most likely, and how sure that is.

The posterior lives on a tree of cells (as in Lomax's oct-tree search): `search` begins with
rings of cells around the station that shakes most, small where the source most likely is;
`refine` with a square around an earlier answer. Then, round by round, the cells that hold most
of the probability are split. A cell stands for all its points, so its likelihood is smoothed by
its size, and the answer sums over all cells: two picks that leave a wide choice say so.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.arrays import read_only
from forewave.events.location.evidence import DEPTHS_KM, Evidence, Tables
from forewave.events.location.likelihood import (
    EVERY_MAGNITUDE,
    EVERY_OTHER,
    PRUNED_SIGMA,
    magnitudes_near,
    score,
)
from forewave.events.memory.phone_sightings import log_ratio

Floats = NDArray[np.float64]
Look: TypeAlias = Callable[[Floats], Floats]  # `score` of some evidence

RINGS_KM = read_only(np.array([0.0, 5, 10, 16, 23, 32, 43, 57, 75, 98, 128, 168, 220, 290]))
REGION_KM2 = float(np.pi * RINGS_KM[-1] ** 2)
COARSE_DEPTHS = (
    1,
    4,
    7,
    10,
    13,
)  # indices into DEPTHS_KM; each stands for itself and two neighbours
# Share of earthquakes by depth, a smooth stand-in for the global catalogue: most are shallow.
_BY_DEPTH = read_only((np.exp(-DEPTHS_KM / 15.0) + 0.02) * np.gradient(DEPTHS_KM))
DEPTH_PRIOR = read_only(_BY_DEPTH / _BY_DEPTH.sum())
COARSE_PRIOR = read_only(np.convolve(DEPTH_PRIOR, np.ones(3), mode="same"))
SPLITS, ROUNDS = 40, 4
LEAST_KM, MOST_KM, SPREADS = 8.0, 80.0, 3.0  # half width of the square to refine in
SMALLEST_KM = 0.5
DENSEST = 0.6  # share of the probability whose mean is the answer


class Location(Struct, frozen=True):
    """The most likely source in the plane, and within how far 68 % of the probability lies.

    magnitude_by_place: how far magnitudes at other places are from this one, for 68 % of the
    probability: part of magnitude_sigma. log_evidence: the likelihood averaged over the region and
    the depths, with origin times within one second counted as one. It distinguishes an event from a
    coincidence of noise.
    """

    x_km: float
    y_km: float
    depth_km: float
    time: float
    sigma_km: float
    depth_sigma_km: float
    time_sigma: float
    magnitude: float
    magnitude_sigma: float
    magnitude_by_place: float
    log_evidence: float


class Cells(Struct, frozen=True):
    """Cells of the posterior: (n, 4) x, y, depth index, half width in km; what `score` says of
    them; and the log of the prior probability that each holds.
    """

    nodes: Floats
    scores: Floats
    log_prior: Floats


def search(evidence: Evidence, tables: Tables) -> Location:
    """Look everywhere within the rings around the pick with the strongest motion."""
    nearest = int(np.argmax(np.nan_to_num(evidence.pick_log_a, nan=-np.inf)))
    rings = _rings(float(evidence.pick_x[nearest]), float(evidence.pick_y[nearest]))
    look = partial(_score, evidence=evidence, tables=tables)
    glance = partial(look, magnitudes=EVERY_OTHER)
    cells = _weigh(_at_depths(rings, COARSE_DEPTHS), COARSE_PRIOR, glance)
    cells = _split(cells, _thirds, look)
    for _ in range(ROUNDS):
        cells = _split(cells, _quarters, look)
    return _summary(cells)


def gained(near: Location, fewer: Evidence, more: Evidence, tables: Tables) -> float:
    """Log-likelihood that more evidence adds to a location."""
    depth = int(np.abs(DEPTHS_KM - near.depth_km).argmin())
    node = np.array([[near.x_km, near.y_km, depth, SMALLEST_KM]])
    return float(score(node, more, tables)[0, 0] - score(node, fewer, tables)[0, 0])


def refine(evidence: Evidence, tables: Tables, near: Location) -> Location:
    """Look around an earlier answer: a square as wide as that was unsure, depths and all."""
    half = float(np.clip(SPREADS * near.sigma_km, LEAST_KM, MOST_KM))
    side = np.linspace(-0.8, 0.8, 5) * half
    x, y = (axis.ravel() for axis in np.meshgrid(near.x_km + side, near.y_km + side))
    square = np.column_stack([x, y, np.full(25, 0.2 * half)])
    middle = int(np.searchsorted(DEPTHS_KM, near.depth_km))
    depths = range(max(middle - 4, 0), min(middle + 4, len(DEPTHS_KM)))
    magnitudes = magnitudes_near(near.magnitude)
    look = partial(_score, evidence=evidence, tables=tables, magnitudes=magnitudes)
    cells = _weigh(_at_depths(square, depths), DEPTH_PRIOR, look)
    for _ in range(ROUNDS - 2):
        cells = _split(cells, _quarters, look)
    return _summary(cells)


def _score(
    nodes: Floats, evidence: Evidence, tables: Tables, magnitudes: slice = EVERY_MAGNITUDE
) -> Floats:
    """What stations say of each node, and phones that saw it, where stations allow it at all."""
    scores = score(nodes, evidence, tables, magnitudes)
    if evidence.sighted is not None:
        allowed = scores[:, 3] != PRUNED_SIGMA
        scores[allowed, 0] += log_ratio(evidence.sighted, nodes, scores[:, 1], REGION_KM2)[allowed]
    return scores


def _rings(x_km: float, y_km: float) -> Floats:
    """Cells on rings around a point that fill the region without a gap."""
    cells = [(x_km, y_km, RINGS_KM[1] / 2)]
    edges = np.append((RINGS_KM[1:] + RINGS_KM[:-1]) / 2, RINGS_KM[-1])
    for ring in range(1, len(RINGS_KM)):
        radius, count = RINGS_KM[ring], 10 + 2 * ring
        half = np.sqrt(np.pi * (edges[ring] ** 2 - edges[ring - 1] ** 2) / count) / 2
        for angle in 2 * np.pi * (np.arange(count) + 0.5 * (ring % 2)) / count:
            x, y = x_km + radius * np.cos(angle), y_km + radius * np.sin(angle)
            cells.append((x, y, half))
    return np.array(cells)


def _at_depths(cells: Floats, depths: Iterable[int]) -> Floats:
    """The cells (x, y, half width) at each of the depths."""
    return np.concatenate([np.insert(cells, 2, depth, axis=1) for depth in depths])


def _weigh(nodes: Floats, depth_prior: Floats, look: Look) -> Cells:
    prior = (2 * nodes[:, 3]) ** 2 / REGION_KM2 * depth_prior[nodes[:, 2].astype(int)]
    return Cells(nodes, look(nodes), np.log(prior))


def _quarters(nodes: Floats) -> Floats:
    """Each cell as its four quarters."""
    half = nodes[:, 3:] / 2
    signs = np.array([(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)])
    parts = [np.hstack([nodes[:, :2] + half * sign, nodes[:, 2:3], half]) for sign in signs]
    return np.concatenate(parts)


def _thirds(nodes: Floats) -> Floats:
    """Each cell of a coarse depth as the three depths that it stands for."""
    return np.concatenate([nodes + np.array([0.0, 0.0, step, 0.0]) for step in (-1, 0, 1)])


def _split(cells: Cells, parts: Callable[[Floats], Floats], look: Look) -> Cells:
    """Split the cells that hold most of the probability; the others stay as they are."""
    mass = cells.scores[:, 0] + cells.log_prior
    mass[cells.nodes[:, 3] < SMALLEST_KM] = -np.inf
    order = np.argsort(-mass, kind="stable")
    chosen, kept = order[:SPLITS], order[SPLITS:]
    finer = _weigh(parts(cells.nodes[chosen]), DEPTH_PRIOR, look)
    return Cells(
        np.concatenate([cells.nodes[kept], finer.nodes]),
        np.concatenate([cells.scores[kept], finer.scores]),
        np.concatenate([cells.log_prior[kept], finer.log_prior]),
    )


def _summary(cells: Cells) -> Location:
    """The densest part of the posterior for the answer, all of it for the uncertainty.

    Far tails that hold little, and a second place that is less likely, do not draw the answer
    away from the likeliest place, but they do widen its uncertainty.
    """
    mass = cells.scores[:, 0] + cells.log_prior
    peak = float(mass.max())
    share = np.exp(mass - peak)
    total = float(share.sum())
    share /= total
    depths = DEPTHS_KM[cells.nodes[:, 2].astype(int)]
    values = np.column_stack([cells.nodes[:, :2], depths, cells.scores[:, 1:3]])
    dense = _densest(cells.scores[:, 0], share)
    mean = share[dense] @ values[dense] / share[dense].sum()
    spread = np.abs(values - mean)
    within = float(share @ cells.scores[:, 3] ** 2)  # of magnitude, inside each cell
    x, y, depth, time, magnitude = (float(value) for value in mean)
    by_place = _quantile(spread[:, 4], share)
    return Location(
        x, y, depth, time,
        sigma_km=_quantile(np.hypot(spread[:, 0], spread[:, 1]), share),
        depth_sigma_km=float(np.hypot(_quantile(spread[:, 2], share), _depth_step(depth))),
        time_sigma=_quantile(spread[:, 3], share),
        magnitude=magnitude,
        magnitude_sigma=float(np.hypot(by_place, np.sqrt(within))),
        magnitude_by_place=by_place,
        log_evidence=peak + float(np.log(total)),
    )  # fmt: skip


def _depth_step(depth_km: float) -> float:
    """What the depths that are evaluated do not resolve: a third of the step between them."""
    return float(np.interp(depth_km, DEPTHS_KM, np.gradient(DEPTHS_KM))) / 3.0


def _densest(density: Floats, share: Floats) -> NDArray[np.intp]:
    """The fewest cells that hold most of the probability."""
    order = np.argsort(-density, kind="stable")
    count = int(np.searchsorted(np.cumsum(share[order]), DENSEST)) + 1
    return order[:count]


def _quantile(spread: Floats, share: Floats) -> float:
    """Within how far of the answer 68 % of the probability lies."""
    order = np.argsort(spread, kind="stable")
    return float(np.interp(0.68, np.cumsum(share[order]), spread[order]))
