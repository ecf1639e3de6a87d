"""What moves the ground and is no earthquake to be warned of.

Sizes are in the sensor's own unit, where it is not said otherwise. Every function gives a new
array (3, n), vertical first; `seconds` (n,) count from the disturbance.
"""

import numpy as np

from forewave.earth.distance import LocalPlane, distance_km
from forewave.simulate.disturbances.disturbance import Disturbance, Floats, Lasting
from forewave.simulate.earthquake import Latitude, Longitude
from forewave.simulate.ground_motion.source import brune
from forewave.types import Station

SOUND_KMS = 0.34
THUNDER_HZ = (5.0, 50.0)
CLAPS, CLAPS_WITHIN, CLAP_DECAY = 5, 3.0, 0.4  # a channel of kilometres is heard bit by bit
BLAST_P_KMS, BLAST_RG_KMS = 5.0, 2.2  # through, and along, the upper crust
BLAST_P_HZ, BLAST_RG_HZ = (2.0, 15.0), (0.5, 3.0)
BLAST_RG_SHARE = 0.03  # of acceleration: as fast, at 1 Hz, as P is at 10 km
KNOCK_HZ = (3.0, 25.0)
NEAREST_KM = 0.1
LEAST_GAIN = 1e-6  # below it a filter passes no less
MANTLE_S = 0.3  # what the mantle takes of P, t* at short periods: 0.2 to 0.6 s (Der and Lees 1985)


class Traffic(Disturbance, frozen=True, kw_only=True, tag="traffic"):
    """A lorry: 5 to 15 Hz, swelling and fading."""

    size: float
    seconds: Lasting = 10.0


class Storm(Disturbance, frozen=True, kw_only=True, tag="storm"):
    """Knocks at every station by itself: each `times` on average, at any moment of `seconds`."""

    size: float
    seconds: Lasting = 60.0
    times: Lasting = 1.0


class Thunder(Disturbance, frozen=True, kw_only=True, tag="thunder"):
    """Sound from a lightning at (lat, lon), 0.34 km/s, 5 to 50 Hz. size: at 1 km, falls as 1/r."""

    size: float
    lat: Latitude
    lon: Longitude


class Blast(Disturbance, frozen=True, kw_only=True, tag="blast"):
    """A quarry at (lat, lon): `holes` fired one by one, P and a little Rg. size: of P at 1 km.

    P falls as r^-1.5 and Rg as r^-1, as near-surface paths have it.
    """

    size: float
    lat: Latitude
    lon: Longitude
    holes: int = 12
    interval: Lasting = 0.08


class Teleseism(Disturbance, frozen=True, kw_only=True, tag="teleseism"):
    """A distant P, steep and slow: a wave from `azimuth` that crosses at 16 km/s. size: m/s^2."""

    size: float
    azimuth: float
    corner_hz: Lasting = 0.3
    slowness_s_km: float = 0.06
    lat: float
    lon: float


def traffic(
    signal: Floats, what: Traffic, seconds: Floats, _: Station, rng: np.random.Generator
) -> Floats:
    """Twelve tones a component under a bell."""
    x = np.clip(seconds / what.seconds, 0, 1)
    tones = rng.uniform(5, 15, (3, 12, 1))
    phases = rng.uniform(0, 2 * np.pi, (3, 12, 1))
    rumble = np.sin(2 * np.pi * tones * seconds + phases).mean(axis=1) * np.sqrt(6)
    return np.asarray(signal + what.size * np.sin(np.pi * x) ** 2 * rumble)


def storm(
    signal: Floats, what: Storm, seconds: Floats, _: Station, rng: np.random.Generator
) -> Floats:
    """Each knock has its own strength (0.3 to 1 of the size) and length (0.1 to 0.5 s)."""
    count = int(rng.poisson(what.times))
    moments = rng.uniform(0, what.seconds, count)
    strengths, decays = rng.uniform(0.3, 1.0, count), rng.uniform(0.1, 0.5, count)
    shape = _bursts(seconds, moments, strengths, decays)
    return np.asarray(signal + what.size * shape * _band(signal, seconds, KNOCK_HZ, rng))


def thunder(
    signal: Floats, what: Thunder, seconds: Floats, station: Station, rng: np.random.Generator
) -> Floats:
    """Claps from along the channel, heard when sound has come."""
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
    """P of every hole, steep; then Rg, spread out by the way."""
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
    """`after` holds at (lat, lon); every component's coda is its station's own.

    Acceleration grows with frequency to the corner and falls beyond, as P of great ones does.
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

    Nothing comes before its cause, and what comes first is as smooth as the gain falls: waves that
    have lost their high frequencies begin without a jump.
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
    """The sum of envelopes that each rise at once and die away exponentially, (n,)."""
    shape = np.zeros(len(seconds))
    for moment, strength, decay in zip(moments, strengths, decays, strict=True):
        late = np.maximum(seconds - moment, 0.0)
        shape += np.where(seconds >= moment, strength * np.exp(-late / decay), 0.0)
    return shape


def _band(
    signal: Floats, seconds: Floats, between_hz: tuple[float, float], rng: np.random.Generator
) -> Floats:
    """Noise of these frequencies, standard deviation 1 / 2: its peaks are then about 1."""
    frequency_hz = np.fft.rfftfreq(len(seconds), float(seconds[1] - seconds[0]))
    inside = (frequency_hz >= between_hz[0]) & (frequency_hz <= between_hz[1])
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(signal.shape)) * inside, len(seconds))
    return np.asarray(noise / (2.0 * noise.std()))
