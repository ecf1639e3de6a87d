"""China's seismic intensity scale, GB/T 17742-2020, its instrumental part (annex A).

Peak values are of the vector of three components, band-passed 0.1 to 10 Hz. Whether one or both
of the two intensities must reach 6.0 before velocity decides alone is read as *both* here.
"""

import numpy as np
from numpy.typing import ArrayLike

from forewave.shaking.intensity import worden_2012
from forewave.shaking.intensity.scale import Floats, Scale, levels

_SMALLEST = 1e-12


def from_motion(pga_ms2: ArrayLike, pgv_ms: ArrayLike) -> Floats:
    """Instrumental intensity, 1 to 12: the mean of two, or velocity's alone from 6.0 on."""
    by_pga = 3.17 * np.log10(np.maximum(pga_ms2, _SMALLEST)) + 6.59
    by_pgv = 3.00 * np.log10(np.maximum(pgv_ms, _SMALLEST)) + 9.77
    strong = (by_pga >= 6.0) & (by_pgv >= 6.0)
    return np.asarray(np.clip(np.where(strong, by_pgv, (by_pga + by_pgv) / 2), 1.0, 12.0))


def _from_mmi(mmi: Floats) -> Floats:
    return from_motion(worden_2012.to_pga(mmi), worden_2012.to_pgv(mmi))


SCALE = Scale(
    name="gb_t_17742_2020",
    paper="GB/T 17742-2020, annex A",
    levels=levels(
        (1.0, "I", "not felt", "无感", 0),
        (1.5, "II", "hardly felt", "微有感", 0),
        (2.5, "III", "felt by few", "少有感", 1),
        (3.5, "IV", "felt by many", "多有感", 2),
        (4.5, "V", "people wake", "惊醒", 3),
        (5.5, "VI", "people are frightened", "惊慌", 4),
        (6.5, "VII", "houses are damaged", "房屋损坏", 5),
        (7.5, "VIII", "buildings are damaged", "建筑物破坏", 6),
        (8.5, "IX", "many buildings are damaged", "建筑物普遍破坏", 7),
        (9.5, "X", "many buildings are destroyed", "建筑物普遍摧毁", 8),
        (10.5, "XI", "devastation", "毁灭", 8),
        (11.5, "XII", "the landscape changes", "山川易景", 8),
    ),
    from_mmi=_from_mmi,
)
