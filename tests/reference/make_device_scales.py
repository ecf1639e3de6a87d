"""Write device_scale_vectors.csv: what each intensity scale makes of an MMI (see README.md beside).

Run from the repository's root after a deliberate change of a scale:
    python tests/reference/make_device_scales.py
"""

import csv
from pathlib import Path

import numpy as np

from forewave.shaking.intensity import SCALES
from forewave.shaking.intensity.scale import level

HERE = Path(__file__).parent
FILE = HERE / "device_scale_vectors.csv"
HEAD = ["mmi", "scale", "number", "label", "colour", "ink"]


def rows() -> list[list[str]]:
    """MMI 1 to 10 by 0.05, in every scale."""
    found = []
    for scale in SCALES.values():
        for mmi in np.round(np.arange(1.0, 10.001, 0.05), 2):
            number = float(scale.from_mmi(np.array([mmi]))[0])
            reached = level(scale, number)
            assert reached is not None
            shown = [reached.label, reached.colour, reached.ink]
            found.append([f"{mmi:g}", scale.name, f"{number:.6f}", *shown])
    return found


if __name__ == "__main__":
    with FILE.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([HEAD, *rows()])
