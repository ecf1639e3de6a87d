"""How long a rupture is for its magnitude: Wells and Coppersmith (1994), BSSA 84, 974-1002.

Table 2A, subsurface length, all mechanisms: log10 L = -2.44 + 0.59 M. The paper's data: M 4.8 to
8.1.
"""


def rupture_length_km(magnitude: float) -> float:
    """Median length of the rupture."""
    return float(10.0 ** (-2.44 + 0.59 * magnitude))
