"""Ground motion that needs no warning: traffic, storms, thunder, blasts and teleseisms.

Sizes are in the unit of the sensor unless stated otherwise. Every function returns a new array
(3, n), vertical first; `seconds` (n,) are counted from the disturbance.
"""

import numpy as np

from forewave.earth.distance import LocalPlane, distance_km
from forewave.simulate.disturbances.disturbance import Disturbance, Floats, Lasting
from forewave.simulate.earthquake import Latitude, Longitude
from forewave.simulate.ground_motion.source import brune
from forewave.types import Station

SOUND_KMS = 0.34
THUNDER_HZ = (5.0, 50.0)
CLAPS, CLAPS_WITHIN, CLAP_DECAY = (
    5,
    3.0,
    0.4,
)  # sound of a channel of kilometres arrives over seconds
BLAST_P_KMS, BLAST_RG_KMS = 5.0, 2.2  # body and surface waves of the upper crust
BLAST_P_HZ, BLAST_RG_HZ = (2.0, 15.0), (0.5, 3.0)
BLAST_RG_SHARE = 0.03  # of acceleration; equal velocity at 1 Hz and 10 km
PULSE_HZ = (3.0, 25.0)
NEAREST_KM = 0.1
LEAST_GAIN = 1e-6  # lower limit of a filter's gain
MANTLE_S = (
    0.3  # attenuation of P in the mantle, t* at short periods: 0.2 to 0.6 s (Der and Lees 1985)
)


class Traffic(Disturbance, frozen=True, kw_only=True, tag="traffic"):
    """A passing lorry: 5 to 15 Hz."""

    size: float
    seconds: Lasting = 10.0


class Storm(Disturbance, frozen=True, kw_only=True, tag="storm"):
    """Independent pulses at each station: on average `times` each, within `seconds`."""

    size: float
    seconds: Lasting = 60.0
    times: Lasting = 1.0


class Thunder(Disturbance, frozen=True, kw_only=True, tag="thunder"):
    """Sound of lightning at (lat, lon): 0.34 km/s, 5 to 50 Hz. size: at 1 km; decays as 1/r."""

    size: float
    lat: Latitude
    lon: Longitude


class Blast(Disturbance, frozen=True, kw_only=True, tag="blast"):
    """A quarry blast at (lat, lon): `holes` fired in sequence, P and weak Rg. size: of P at 1 km.

    P decays as r^-1.5 and Rg as r^-1, as along near-surface paths.
    """

    size: float
    lat: Latitude
    lon: Longitude
    holes: int = 12
    interval: Lasting = 0.08


class Teleseism(Disturbance, frozen=True, kw_only=True, tag="teleseism"):
    """A teleseismic P wave from `azimuth` with an apparent speed of 16 km/s. size: m/s^2."""

    size: float
    azimuth: float
    corner_hz: Lasting = 0.3
    slowness_s_km: float = 0.06
    lat: float
    lon: float


def traffic(
    signal: Floats, what: Traffic, seconds: Floats, _: Station, rng: np.random.Generator
) -> Floats:
    """Twelve tones for each component with a bell-shaped envelope."""
    x = np.clip(seconds / what.seconds, 0, 1)
    tones = rng.uniform(5, 15, (3, 12, 1))
    phases = rng.uniform(0, 2 * np.pi, (3, 12, 1))
    rumble = np.sin(2 * np.pi * tones * seconds + phases).mean(axis=1) * np.sqrt(6)
    return np.asarray(signal + what.size * np.sin(np.pi * x) ** 2 * rumble)


def storm(
    signal: Floats, what: Storm, seconds: Floats, _: Station, rng: np.random.Generator
) -> Floats:
    """Each pulse has its own amplitude (0.3 to 1 of the size) and decay time (0.1 to 0.5 s)."""
    count = int(rng.poisson(what.times))
    moments = rng.uniform(0, what.seconds, count)
    strengths, decays = rng.uniform(0.3, 1.0, count), rng.uniform(0.1, 0.5, count)
    shape = _bursts(seconds, moments, strengths, decays)
    return np.asarray(signal + what.size * shape * _band(signal, seconds, PULSE_HZ, rng))


def thunder(
    signal: Floats, what: Thunder, seconds: Floats, station: Station, rng: np.random.Generator
) -> Floats:
    """Claps from along the channel, after the travel time of sound."""
    away_km = _away_km(what, station)
    moments = away_km / SOUND_KMS + rng.uniform(0, CLAPS_WITHIN, CLAPS)
    strengths = rng.uniform(0.2, 1.0, CLAPS)
    shape = _bursts(seconds, moments, strengths, np.full(CLAPS, CLAP_DECAY))
    return np.asarray(
        signal + what.size / away_km * shape * _band(signal, seconds, THUNDER_HZ, rng)
    )


def blast(
    signal: Floats, what: Blast, seconds: Floats, station: Station, rng: np.random.Generator
) -> Floats:
    """P of each hole, then Rg, which lasts longer with distance."""
    away_km = _away_km(what, station)
    fired = np.asarray(np.arange(what.holes) * what.interval, float)
    equal = np.full(what.holes, 1.0 / np.sqrt(what.holes))
    decay = np.full(what.holes, 0.1 + 0.02 * away_km)
    p = _bursts(seconds, fired + away_km / BLAST_P_KMS, equal, decay)
    rg = _bursts(seconds, fired + away_km / BLAST_RG_KMS, equal, 3 * decay)
    body = np.array([[1.0], [0.5], [0.5]]) * p * _band(signal, seconds, BLAST_P_HZ, rng)
    surface = BLAST_RG_SHARE * rg * _band(signal, seconds, BLAST_RG_HZ, rng)
    return np.asarray(signal + what.size * (body * away_km**-1.5 + surface / away_km))


def teleseism(
    signal: Floats, what: Teleseism, seconds: Floats, station: Station, rng: np.random.Generator
) -> Floats:
    """`after` applies at (lat, lon); the coda is random for each station and component.

    Acceleration rises with frequency up to the corner and falls beyond, as P of great earthquakes.
    """
    east_km, north_km = LocalPlane(what.lat, what.lon).to_km(station.lat, station.lon)
    from_source = np.radians(what.azimuth)
    nearer_km = float(east_km * np.sin(from_source) + north_km * np.cos(from_source))
    late = seconds + nearer_km * what.slowness_s_km
    rise = np.where(late > 0, late, 0) * what.corner_hz
    noise = rng.standard_normal(signal.shape) * np.sqrt(rise) * np.exp(-rise / 4)
    step = float(seconds[1] - seconds[0])
    frequency_hz = np.asarray(np.fft.rfftfreq(len(seconds), step), float)
    band = frequency_hz / what.corner_hz * np.abs(brune(frequency_hz, what.corner_hz))
    band *= np.exp(-np.pi * MANTLE_S * frequency_hz)
    low = _causal(noise, np.asarray(band))
    shape = np.array([[1.0], [0.3], [0.3]]) / max(float(np.abs(low[0]).max()), 1e-30)
    return np.asarray(signal + what.size * shape * np.where(late > 0, low, 0.0))


def _causal(noise: Floats, gain: Floats) -> Floats:
    """The noise (..., n) through the minimum-phase filter of a gain (n / 2 + 1), by its cepstrum.

    The filter is causal, and the onset is as smooth as the loss of high frequencies implies.
    """
    count = noise.shape[-1]
    cepstrum = np.fft.irfft(np.log(np.maximum(gain, LEAST_GAIN)), count)
    cepstrum[1 : (count + 1) // 2] *= 2.0
    cepstrum[count // 2 + 1 :] = 0.0
    filtered = np.fft.rfft(noise) * np.exp(np.fft.rfft(cepstrum))
    return np.asarray(np.fft.irfft(filtered, count))


def _away_km(what: Thunder | Blast, station: Station) -> float:
    return max(float(distance_km(what.lat, what.lon, station.lat, station.lon)), NEAREST_KM)


def _bursts(seconds: Floats, moments: Floats, strengths: Floats, decays: Floats) -> Floats:
    """Sum of envelopes with an instantaneous rise and exponential decay, (n,)."""
    shape = np.zeros(len(seconds))
    for begin, strength, decay in zip(moments, strengths, decays, strict=True):
        late = np.maximum(seconds - begin, 0.0)
        shape += np.where(seconds >= begin, strength * np.exp(-late / decay), 0.0)
    return shape


def _band(
    signal: Floats, seconds: Floats, between_hz: tuple[float, float], rng: np.random.Generator
) -> Floats:
    """Band-limited noise with a standard deviation of 1/2, so that peaks are about 1."""
    frequency_hz = np.fft.rfftfreq(len(seconds), float(seconds[1] - seconds[0]))
    inside = (frequency_hz >= between_hz[0]) & (frequency_hz <= between_hz[1])
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(signal.shape)) * inside, len(seconds))
    return np.asarray(noise / (2.0 * noise.std()))
