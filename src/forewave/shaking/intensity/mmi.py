"""Modified Mercalli intensity as levels: a number belongs to the class that it rounds to."""

import numpy as np

from forewave.shaking.intensity.scale import Floats, Scale, levels


def _same(mmi: Floats) -> Floats:
    return np.asarray(mmi, dtype=float)


SCALE = Scale(
    name="mmi",
    paper="Wood and Neumann 1931; instrumental classes as in Worden et al. 2012",
    levels=levels(
        (1.0, "I", "not felt", "无感", 0),
        (1.5, "II", "weak", "微弱", 0),
        (2.5, "III", "weak", "弱", 1),
        (3.5, "IV", "light", "轻", 2),
        (4.5, "V", "moderate", "中等", 3),
        (5.5, "VI", "strong", "强", 4),
        (6.5, "VII", "very strong", "很强", 5),
        (7.5, "VIII", "severe", "严重", 6),
        (8.5, "IX", "violent", "猛烈", 7),
        (9.5, "X", "extreme", "极端", 8),
    ),
    from_mmi=_same,
)
