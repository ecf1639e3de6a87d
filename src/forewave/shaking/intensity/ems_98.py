"""The European Macroseismic Scale of 1998 (Gruenthal, ed., Cahiers du CEGS 15, Luxembourg).

EMS-98 is assigned from what people and buildings met; it has no instrumental definition. Musson,
Gruenthal and Stucchi (2010, The comparison of macroseismic intensity scales, J. Seismol. 14,
413-428) find it alike MMI as it is used today, within what two readers of one report differ. So
the number here *is* MMI. Limits: half a class is within the error, and above X there is no number,
since damage tells those classes apart and motion does not.
"""

import numpy as np

from forewave.shaking.intensity.scale import Floats, Scale, levels

LEAST, MOST = 1.0, 10.5  # of the numbers that motion can tell; 10.5 is where XI begins


def _from_mmi(mmi: Floats) -> Floats:
    number = np.asarray(mmi, dtype=float)
    return np.asarray(np.where((number >= LEAST) & (number < MOST), number, np.nan))


SCALE = Scale(
    name="ems_98",
    paper="Gruenthal 1998; alike MMI by Musson, Gruenthal and Stucchi 2010",
    levels=levels(
        (1.0, "I", "not felt", "无感", 0),
        (1.5, "II", "scarcely felt", "微有感", 0),
        (2.5, "III", "weak", "弱", 1),
        (3.5, "IV", "largely observed", "多数人有感", 2),
        (4.5, "V", "strong", "强", 3),
        (5.5, "VI", "slightly damaging", "轻微破坏", 4),
        (6.5, "VII", "damaging", "破坏", 5),
        (7.5, "VIII", "heavily damaging", "严重破坏", 6),
        (8.5, "IX", "destructive", "毁坏", 7),
        (9.5, "X", "very destructive", "大部毁坏", 8),
        (10.5, "XI", "devastating", "毁灭", 8),
        (11.5, "XII", "completely devastating", "全部毁灭", 8),
    ),
    from_mmi=_from_mmi,
)
