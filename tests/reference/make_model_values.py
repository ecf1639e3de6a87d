"""Write values of ground-motion models worked out from the published equations, apart from ours.

Plain Python in the papers' own units and symbols, with 50 digits where mpmath is installed. It
imports nothing of forewave, so a mistake there does not come back here. From the repository's root:
    python tests/reference/make_model_values.py
"""

import csv
from itertools import product
from pathlib import Path

try:
    from mpmath import mp, mpf

    mp.dps = 50
    log10, sqrt = mp.log10, mp.sqrt
except ImportError:
    from math import log10, sqrt

    mpf = float

HERE = Path(__file__).parent
FORM = "{:.6e}"
MEASURES = ("pga_ms2", "pgv_ms")
UNIT = {"pga_ms2": "cm/s^2", "pgv_ms": "cm/s"}


def si_midorikawa(kind, measure, mw, depth_km, x_km, vs30_ms):
    """Si and Midorikawa 1999, fault distance, table 5: gal and cm/s."""
    mw, depth_km, x_km = mpf(mw), mpf(depth_km), mpf(x_km)
    if measure == "pga_ms2":
        d = {"crustal": "0", "interface": "0.01", "intraslab": "0.22"}[kind]
        b = mpf("0.50") * mw + mpf("0.0043") * depth_km + mpf(d) + mpf("0.61")
        return 10 ** (
            b - log10(x_km + mpf("0.0055") * 10 ** (mpf("0.50") * mw)) - mpf("0.003") * x_km
        )
    d = {"crustal": "0", "interface": "-0.02", "intraslab": "0.12"}[kind]
    b = mpf("0.58") * mw + mpf("0.0038") * depth_km + mpf(d) - mpf("1.29")
    at_600 = 10 ** (
        b - log10(x_km + mpf("0.0028") * 10 ** (mpf("0.50") * mw)) - mpf("0.002") * x_km
    )
    # Fujimoto and Midorikawa 2006: log10 ARV = 2.367 - 0.852 log10 Vs30
    return at_600 * 10 ** (mpf("2.367") - mpf("0.852") * log10(mpf(vs30_ms)))


def bindi(measure, m, rjb_km, vs30_ms):
    """Bindi et al. 2014, table 1, unspecified style: cm/s^2 and cm/s."""
    text = {
        "pga_ms2": "3.32819 -1.2398 0.21732 5.26486 0.00118624 -0.0855045 -0.0925639 0 -0.301899",
        "pgv_ms": "2.26481 -1.22408 0.202085 5.06124 0 0.162802 -0.0926324 0.0440301 -0.529443",
    }[measure]
    e1, c1, c2, h, c3, b1, b2, b3, gamma = (mpf(word) for word in text.split())
    m, rjb_km = mpf(m), mpf(rjb_km)
    r = sqrt(rjb_km**2 + h**2)
    fd = (c1 + c2 * (m - mpf("5.5"))) * log10(r / 1) - c3 * (r - 1)
    fm = b1 * (m - mpf("6.75")) + b2 * (m - mpf("6.75")) ** 2
    if m > mpf("6.75"):
        fm = b3 * (m - mpf("6.75"))
    return 10 ** (e1 + fd + fm + gamma * log10(mpf(vs30_ms) / 800))


def write(name, header, rows):
    with (HERE / name).open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def main():
    kinds = ("crustal", "interface", "intraslab")
    header = ("measure", "magnitude", "depth_km", "distance_km", "vs30_ms", "median", "unit")
    for kind in kinds:
        grid = product(MEASURES, (5.8, 7.0, 8.3), (10, 60), (5, 50, 250), (250, 600))
        rows = [(*at, FORM.format(float(si_midorikawa(kind, *at))), UNIT[at[0]]) for at in grid]
        write(f"si_midorikawa_1999_{kind}.csv", header, rows)
    grid = product(MEASURES, (4.0, 5.5, 6.75, 7.6), (0, 10, 50, 250), (200, 400, 800))
    rows = [(*at, FORM.format(float(bindi(*at))), UNIT[at[0]]) for at in grid]
    write("bindi_2014.csv", (*header[:2], *header[3:]), rows)


if __name__ == "__main__":
    main()
