"""Taiwan's seismic intensity scale of 2020 (Central Weather Administration).

Levels 0 to 4 go by peak ground acceleration, 5 and above by peak ground velocity; 80 gal without
15 cm/s is 4. The numbers 5.0, 5.5, 6.0, 6.5 stand for 5 lower, 5 upper, 6 lower, 6 upper.
"""

import numpy as np
from numpy.typing import ArrayLike

from forewave.arrays import read_only
from forewave.shaking.intensity import worden_2012
from forewave.shaking.intensity.scale import Floats, Scale, levels
from forewave.units import CM_M, GAL_MS2

_PGA_GAL = (0.8, 2.5, 8.0, 25.0, 80.0)  # where levels 1, 2, 3, 4 begin, and where PGV is asked
_PGV_CMS = (15.0, 30.0, 50.0, 80.0, 140.0)  # where 5-, 5+, 6-, 6+, 7 begin
_BY_PGV = read_only(np.array([4.0, 5.0, 5.5, 6.0, 6.5, 7.0]))


def from_motion(pga_ms2: ArrayLike, pgv_ms: ArrayLike) -> Floats:
    """Level by both peaks: 0, 1, 2, 3, 4, 5.0, 5.5, 6.0, 6.5, 7; nan for nan."""
    pga_gal, pgv_cms = np.asarray(pga_ms2, float) / GAL_MS2, np.asarray(pgv_ms, float) / CM_M
    by_pga = np.searchsorted(_PGA_GAL, pga_gal, side="right")
    by_pgv = _BY_PGV[np.searchsorted(_PGV_CMS, pgv_cms, side="right")]
    level = np.where(by_pga < len(_PGA_GAL), by_pga, by_pgv)
    return np.asarray(np.where(np.isnan(pga_gal + pgv_cms), np.nan, level))


def _from_mmi(mmi: Floats) -> Floats:
    return from_motion(worden_2012.to_pga(mmi), worden_2012.to_pgv(mmi))


SCALE = Scale(
    name="cwa_2020",
    paper="Central Weather Administration of Taiwan, in force since 2020-01-01",
    levels=levels(
        (0.0, "0", "not felt", "无感", 0),
        (1.0, "1", "very minor", "微震", 0),
        (2.0, "2", "minor", "轻震", 1),
        (3.0, "3", "light", "弱震", 2),
        (4.0, "4", "moderate", "中震", 3),
        (5.0, "5-", "strong", "强震", 4),
        (5.5, "5+", "strong", "强震", 5),
        (6.0, "6-", "very strong", "烈震", 6),
        (6.5, "6+", "very strong", "烈震", 7),
        (7.0, "7", "great", "剧震", 8),
    ),
    from_mmi=_from_mmi,
)
