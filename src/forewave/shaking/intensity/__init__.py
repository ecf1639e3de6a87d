"""Intensity scales, one a file; SCALES is the table of them (setting `network.scale`)."""

from forewave.shaking.intensity import cwa_2020, ems_98, gb_t_17742_2020, jma, mmi
from forewave.shaking.intensity.scale import Scale

SCALES: dict[str, Scale] = {
    scale.name: scale
    for scale in (
        mmi.SCALE,
        jma.SCALE,
        gb_t_17742_2020.SCALE,
        cwa_2020.SCALE,
        ems_98.SCALE,
    )
}
