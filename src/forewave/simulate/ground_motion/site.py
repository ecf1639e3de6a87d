"""Amplification of the upper crust and the site by the quarter-wavelength method.

Boore and Joyner (1997): at frequency f the amplification is sqrt(rho0 c0 / (rho c)), where
rho c is the impedance averaged over the depth of a quarter wavelength at f. Their generic
rock (Vs30 620 m/s) is the profile; for other sites its speeds are scaled by Vs30, fully near
the surface and not at all below 1 km. P speed and density follow S speed (Brocher 2005).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forewave.simulate.ground_motion.source import DENSITY_KGM3, P_KMS, S_KMS

Floats = NDArray[np.float64]

GENERIC_VS30_MS = 620.0
DEFAULT_VS30_MS = 400.0
SITE_TOP_KM, SITE_BOTTOM_KM = 0.03, 1.0  # scaling by Vs30 above the first, none below the second
KAPPA_VS30_MS = 760.0  # Vs30 at which the kappa of a scenario applies
KAPPA_EXPONENT = 0.3
_NONE_HZ = 0.01  # no amplification below
_DEPTHS_KM = np.concatenate([[0.0], np.geomspace(1e-4, 8.0, 400)])


def generic_rock_kms(depth_km: Floats) -> Floats:
    """S speed of generic rock (Boore and Joyner 1997, Table 1), 0 to 8 km."""
    z = np.maximum(depth_km, 1e-3)
    layers = [2.206 * z**0.272, 3.542 * z**0.407, 2.505 * z**0.199]
    deep = 2.927 * z**0.086
    return np.asarray(np.select([z <= 0.03, z <= 0.19, z <= 4.0], layers, deep))


def s_speed_kms(depth_km: Floats, vs30_ms: float) -> Floats:
    """Generic rock scaled to another Vs30, at most the speed at the source."""
    z = np.maximum(depth_km, SITE_TOP_KM)
    share = np.clip(np.log(SITE_BOTTOM_KM / z) / np.log(SITE_BOTTOM_KM / SITE_TOP_KM), 0, 1)
    stretched = generic_rock_kms(depth_km) * (vs30_ms / GENERIC_VS30_MS) ** share
    return np.asarray(np.minimum(stretched, S_KMS))


def p_speed_kms(s_kms: Floats) -> Floats:
    """P speed from S speed (Brocher 2005, eq. 9), km/s."""
    terms = (0.9409, 2.0947, -0.8206, 0.2683, -0.0251)
    return np.asarray(sum(c * s_kms**k for k, c in enumerate(terms)))


def density_kgm3(p_kms: Floats) -> Floats:
    """Density from P speed (Brocher 2005, eq. 1: the Nafe-Drake curve)."""
    terms = (1.6612, -0.4721, 0.0671, -0.0043, 0.000106)
    return np.asarray(1000.0 * sum(c * p_kms ** (k + 1) for k, c in enumerate(terms)))


def amplification(frequency_hz: Floats, phase: str, vs30_ms: float) -> Floats:
    """Amplitude at the site over that at the source's depth; 1 at zero frequency.

    Linear: without soil nonlinearity, amplification at 0.5 g is too large by a sixth for 400 m/s
    and by nothing for rock.
    """
    nodes_hz, gains = _curve(phase, vs30_ms)
    return np.asarray(np.exp(np.interp(frequency_hz, nodes_hz, np.log(gains))))


def softened(kappa: float, vs30_ms: float) -> float:
    """Kappa of a site from that at 760 m/s: proportional to Vs30^-0.3.

    Published exponents range from none to Vs30^-1.06 (Van Houtte, Drouet and Cotton 2011).
    """
    return float(kappa * (KAPPA_VS30_MS / vs30_ms) ** KAPPA_EXPONENT)


@lru_cache(maxsize=256)
def _curve(phase: str, vs30_ms: float) -> tuple[Floats, Floats]:
    """Frequency of each depth as a quarter wavelength, ascending, and the gain there."""
    s = s_speed_kms(_DEPTHS_KM, vs30_ms)
    p = p_speed_kms(s)
    speed, source = (p, P_KMS) if phase == "P" else (s, S_KMS)
    step = np.diff(_DEPTHS_KM)
    seconds = np.cumsum(step / _middle(speed))
    mass = np.cumsum(step * _middle(density_kgm3(p)))
    z = _DEPTHS_KM[1:]
    gain = np.sqrt(DENSITY_KGM3 * source / ((mass / z) * (z / seconds)))
    nodes_hz = np.append(1.0 / (4.0 * seconds), _NONE_HZ)
    return nodes_hz[::-1], np.append(np.maximum(gain, 1.0), 1.0)[::-1]


def _middle(x: Floats) -> Floats:
    return np.asarray((x[1:] + x[:-1]) / 2)
