"""The forecast of the ground-motion model, conditioned on what was observed.

Worden, Thompson, Baker, Bradley, Luco and Wald (2018), BSSA 108, 866-875,
doi:10.1785/0120170201: motion at all places is one multivariate normal, of which the observed part
is known. Residuals have a part that is common to the earthquake (between-event), one that is alike
at neighbouring places (within-event) and, at an observation, its own error: small for a record,
that of the conversion for an intensity that people reported. The conditional median is the model
far from observations, shifted by the event's term, and the observation where there is one.

Each measure is conditioned by itself: PGA and PGV on records and, converted, on what was felt; MMI
on the intensity of records (mean of PGA's and PGV's, as everywhere in forewave) and on what was
felt.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from forewave.earth import gmm
from forewave.earth.distance import LocalPlane
from forewave.earth.gmm import si_midorikawa_1999
from forewave.earth.gmm.card import Model
from forewave.earth.site import DEFAULT_VS30_MS
from forewave.shaking.intensity import worden_2012
from forewave.shaking_map import prior as model_prior
from forewave.shaking_map.correlation import OWN_SHARE, correlation
from forewave.shaking_map.observation import Observation, Refused, checked
from forewave.shaking_map.prior import Prior
from forewave.shaking_map.site_shaking import MEASURES, Measure, SiteShaking
from forewave.types import Solution

Floats: TypeAlias = NDArray[np.float64]

READING = {"pga": 0.05, "pgv": 0.05, "mmi": 0.1}  # error of a record's own peaks: ln, ln, MMI
FELT_SIGMA = 0.3  # MMI, of the mean of the reports of one place (Worden et al. 2018)
OUTLIER = 3.0  # sigmas from the others at which an observation is not used, as in ShakeMap
BLOCK = 4000  # places that are worked out at once


class Observed(Struct, frozen=True):
    """One measure at observations (m,): value (ln or MMI), its own error, place, and its name."""

    value: Floats
    error: Floats
    lat: Floats
    lon: Floats
    vs30_ms: Floats
    names: tuple[str, ...]


class Field:
    """One measure, conditioned.

    observed: (m,) ln or MMI of the observations used, at x_km, y_km from the epicentre; is_record:
    which are no intensities that people reported. event_term: shift of the whole earthquake.
    """

    def __init__(
        self, measure: Measure, solution: Solution, models: tuple[Model, Model | None], at: Observed
    ) -> None:
        self._measure, self._solution, self._models = measure, solution, models
        self._plane = LocalPlane(solution.origin.lat, solution.origin.lon)
        before = self._prior(at.lat, at.lon, at.vs30_ms)
        residual = at.value - before.median
        used, self.refused = self._usable(residual, before, at)
        self.x_km, self.y_km = self._plane.to_km(at.lat[used], at.lon[used])
        self._between, self._within = before.between[used], before.within[used]
        self.observed, self._before = at.value[used], before.median[used]
        self.is_record = at.error[used] <= READING[measure]
        own = OWN_SHARE * self._within**2 + at.error[used] ** 2
        covariance = self._covariance(self.x_km, self.y_km, self._between, self._within) + np.diag(
            own
        )
        self.count = int(used.sum())
        self._inverse = np.linalg.inv(covariance)
        self._weights = self._inverse @ residual[used]
        self.event_term = self._event()

    def _event(self) -> float:
        """The common part: what a place far from all observations is shifted by."""
        if not self.count:
            return 0.0
        return float(np.median(self._between) * (self._between @ self._weights))

    def left_out(self) -> tuple[Floats, Floats]:
        """What the others say of each observation used: median and sigma (m,), of the observation.

        Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, equation 5.12.
        """
        precision = np.diag(self._inverse)
        return self.observed - self._weights / precision, np.sqrt(1.0 / precision)

    def model_alone(self) -> Floats:
        """What the ground-motion model says of each observation used (m,)."""
        return self._before

    def at(self, lat: Floats, lon: Floats, vs30_ms: Floats) -> tuple[Floats, Floats]:
        """Median (ln or MMI) and sigma at places (n,)."""
        blocks = [slice(i, i + BLOCK) for i in range(0, len(lat), BLOCK)]
        found = [self._block(lat[b], lon[b], vs30_ms[b]) for b in blocks]
        median, sigma = (np.concatenate([f[i] for f in found] or [np.empty(0)]) for i in (0, 1))
        return median, sigma

    def _block(self, lat: Floats, lon: Floats, vs30_ms: Floats) -> tuple[Floats, Floats]:
        before = self._prior(lat, lon, vs30_ms)
        variance = before.between**2 + before.within**2
        median = before.median
        if self.count:
            x, y = self._plane.to_km(lat, lon)
            across = self._covariance(x, y, before.between, before.within)
            median = median + across @ self._weights
            known = ((across @ self._inverse) * across).sum(axis=1)
            variance = np.maximum(variance - known, 0.0)
        return median, np.sqrt(variance + before.conversion**2)

    def _prior(self, lat: Floats, lon: Floats, vs30_ms: Floats) -> Prior:
        return model_prior.prior(self._measure, self._solution, self._models, lat, lon, vs30_ms)

    def _covariance(self, x: Floats, y: Floats, between: Floats, within: Floats) -> Floats:
        """Of places (n,) with the observations (m,)."""
        apart = np.hypot(x[:, None] - self.x_km, y[:, None] - self.y_km)
        alike = correlation(apart)
        return np.asarray(np.outer(between, self._between) + np.outer(within, self._within) * alike)

    def _usable(
        self, residual: Floats, before: Prior, at: Observed
    ) -> tuple[NDArray[np.bool_], list[Refused]]:
        """Which observations agree with the others; a source that is wrong is wrong for all."""
        sigma = np.sqrt(before.between**2 + before.within**2 + at.error**2)
        valid = np.isfinite(residual)
        middle = float(np.median(residual[valid])) if valid.any() else 0.0
        off = np.abs(residual - middle) / sigma
        used = valid & ~(off > OUTLIER)
        name = self._measure.upper()
        refused = [
            Refused(at.names[i], f"{name} differs by {off[i]:.1f} sigma from the others")
            if valid[i]
            else Refused(at.names[i], f"{name} there is beyond the range of the model")
            for i in np.flatnonzero(~used)
        ]
        return used, refused


class ShakingMap:
    """`at` places: PGA, PGV and MMI, each with its sigma. refused: observations not used."""

    def __init__(self, solution: Solution, fields: dict[Measure, Field], refused: list[Refused]):
        self.solution, self._fields, self.refused = solution, fields, refused

    def at(self, lat: ArrayLike, lon: ArrayLike, vs30_ms: ArrayLike | None = None) -> SiteShaking:
        """At places (n,), degrees; Vs30 in m/s, where it is not known the default."""
        y, x = (np.atleast_1d(np.asarray(v, float)) for v in (lat, lon))
        vs30 = np.broadcast_to(DEFAULT_VS30_MS if vs30_ms is None else vs30_ms, y.shape)
        found = {measure: field.at(y, x, vs30) for measure, field in self._fields.items()}
        median = {m: v if m == "mmi" else np.exp(v) for m, (v, _) in found.items()}
        median["mmi"] = np.clip(median["mmi"], 1.0, 10.0)
        return SiteShaking(median, {measure: sigma for measure, (_, sigma) in found.items()})

    def field(self, measure: Measure) -> Field:
        """One measure, for validation."""
        return self._fields[measure]

    def event_term(self, measure: Measure) -> float:
        """Shift of the whole earthquake against the model: natural logarithm, or MMI."""
        return self._fields[measure].event_term

    def used(self, measure: Measure) -> int:
        """How many observations this measure has."""
        return self._fields[measure].count


def conditioned(
    solution: Solution, observations: Iterable[Observation], model: Model = gmm.DEFAULT
) -> ShakingMap:
    """The map of an earthquake by all that was observed so far: each newer one is a new call."""
    kept, refused = checked(observations)
    models = (model, si_midorikawa_1999.INTRASLAB)
    fields = {m: Field(m, solution, models, observed(m, kept)) for m in MEASURES}
    for field in fields.values():
        refused += field.refused
    return ShakingMap(solution, fields, sorted(refused, key=lambda one: (one.name, one.reason)))


def observed(measure: Measure, observations: Sequence[Observation]) -> Observed:
    """The observations that say something of a measure, converted where they are of another."""
    rows = [(one, _value(measure, one)) for one in observations]
    known = [(one, *value) for one, value in rows if value is not None]
    columns = [[v, e, o.lat, o.lon, o.vs30_ms or DEFAULT_VS30_MS] for o, v, e in known]
    value, error, lat, lon, vs30 = np.array(columns).reshape(-1, 5).T
    return Observed(value, error, lat, lon, vs30, tuple(one.name for one, *_ in known))


def _value(measure: Measure, one: Observation) -> tuple[float, float] | None:
    """Value and error; None where it says nothing of the measure."""
    if measure == "mmi":
        peaks = [
            float(convert(peak))
            for convert, peak in (
                (worden_2012.from_pga, one.pga_ms2),
                (worden_2012.from_pgv, one.pgv_ms),
            )
            if peak is not None
        ]
        if peaks:
            return sum(peaks) / len(peaks), READING["mmi"]
        if one.mmi is None:
            return None
        return one.mmi, float(np.hypot(FELT_SIGMA, worden_2012.PGA.sigma))
    peak = one.pga_ms2 if measure == "pga" else one.pgv_ms
    if peak is not None:
        return float(np.log(peak)), READING[measure]
    if one.mmi is None or one.pga_ms2 is not None or one.pgv_ms is not None:
        return None
    lines = model_prior.LINES[measure]
    motion = float((worden_2012.to_pga if measure == "pga" else worden_2012.to_pgv)(one.mmi))
    if not np.isfinite(motion):
        return None
    per_ln = float(worden_2012.convert(lines, motion)[1])
    return float(np.log(motion)), float(np.hypot(lines.sigma, FELT_SIGMA)) / per_ln
