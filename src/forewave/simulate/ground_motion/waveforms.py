"""Ground acceleration at a station: P and S, coherent at low and stochastic at high frequencies.

Below COHERENT_HZ (or the subfault's corner, if lower) a wave train is the sum of the subfaults'
Brune pulses as they arrive, so that displacement, Pd and tau_c are as in records.
Above, it is noise with the envelope of Saragoni and Hart (1974) shaped to the omega-squared
spectrum, the stochastic method of Boore (2003) and Motazedian and Atkinson (2005): the subfaults
add in energy, and their corner is that of the whole times n^0.25, so that n of them radiate the
high frequencies of one source with the given stress drop (Joyner and Boore 1986). The two halves
are a power-complementary pair of causal second-order Butterworth filters: together they are the
omega-squared spectrum at all frequencies. Path and site are minimum-phase filters, so
there is no motion before the onset.

Not included: surface waves, static offset, basins, non-linear soil, conversions.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import azimuth, distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.simulate.ground_motion import path, site, source
from forewave.simulate.ground_motion.rupture import Fault
from forewave.types import Phase, Station

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

COHERENT_HZ = 1.0
COHERENT_WAVELENGTHS = 6.0
# Epsilon and eta of the envelope: Boore (2003) for S. P has an earlier peak, at the lower end of
# Saragoni and Hart (1974), with onsets as sharp as in records.
ENVELOPE_PEAK = {"P": 0.1, "S": 0.2}
ENVELOPE_END = 0.05
PADDING = 40.0  # s after the window, against wrap-around of the transform
PHASES: tuple[Phase, Phase] = ("P", "S")
# Share of each component, vertical, along and across the ray. P is steep in the slow
# upper crust; S is equal on the horizontals (Boore 2003) and half of that
# on the vertical (envelopes of Cua and Heaton 2007).
SHARES = {"P": (0.82, 0.45, 0.25), "S": (0.40, 0.71, 0.71)}


class Window(Struct, frozen=True):
    """Time window of a record, and the frequencies of its padded transform."""

    begin: float  # seconds after origin
    rate: float
    count: int
    padded: int
    frequency_hz: Floats


class Wave(Struct, frozen=True):
    """One phase from all subfaults to one station, arrays (n,)."""

    phase: Phase
    arrival: Floats  # seconds after origin
    weight: Floats  # share of the moment times spreading
    distance_km: float  # weighted mean
    corner_hz: float


def acceleration(
    fault: Fault,
    station: Station,
    travel_times: TravelTimes,
    *,
    rate: float,
    count: int,
    begin: float,
    kappa: float,
    rng: np.random.Generator,
) -> Floats:
    """Up, north and east in m/s^2, (3, count), the first sample `begin` seconds after origin."""
    window = _window(begin, rate, count)
    spectrum: Complex = np.zeros((3, len(window.frequency_hz)), complex)
    vs30_ms = station.vs30_ms or site.DEFAULT_VS30_MS
    for phase in PHASES:
        wave = _wave(fault, station, travel_times, phase)
        if np.isfinite(wave.arrival).all():  # else beyond the travel-time table
            trains = _trains(wave, fault.moment_nm, window, rng)
            spectrum = spectrum + trains * _way(window.frequency_hz, wave, vs30_ms, kappa)
    back = azimuth(fault.lat[0], fault.lon[0], station.lat, station.lon)
    return _turn(np.fft.irfft(spectrum, window.padded)[:, :count], float(back))


def _window(begin: float, rate: float, count: int) -> Window:
    padded = _transform_length(count + int(PADDING * rate))
    frequency_hz = np.asarray(np.fft.rfftfreq(padded, 1.0 / rate), float)
    return Window(begin, rate, count, padded, frequency_hz)


def _wave(fault: Fault, station: Station, travel_times: TravelTimes, phase: Phase) -> Wave:
    epicentral_km = distance_km(fault.lat, fault.lon, station.lat, station.lon)
    r = np.hypot(epicentral_km, fault.depth_km)
    weight = path.spreading(r, phase) * fault.share
    return Wave(
        phase=phase,
        arrival=fault.delay + travel_times.seconds(phase, epicentral_km, fault.depth_km),
        weight=weight,
        distance_km=float(np.average(r, weights=weight**2)),
        corner_hz=fault.corner_hz * (source.P_CORNER if phase == "P" else 1.0),
    )


def _trains(wave: Wave, moment_nm: float, window: Window, rng: np.random.Generator) -> Complex:
    """Acceleration spectra (3, nf) of one phase: vertical, along and across the ray."""
    f = window.frequency_hz
    scale = window.rate * (2j * np.pi * f) ** 2 * source.far_field(wave.phase) * moment_nm
    low, high = _crossover(f, min(_coherent_hz(wave), wave.corner_hz))
    pulses = np.fft.rfft(_impulses(wave.arrival, wave.weight, window))
    coherent = source.RADIATION_TYPICAL[wave.phase] * low * pulses
    chance = source.RADIATION_RMS[wave.phase] * high * _noise(wave, window, rng)
    share = np.array(SHARES[wave.phase])[:, None]
    return np.asarray(scale * source.brune(f, wave.corner_hz) * share * (coherent + chance))


def _coherent_hz(wave: Wave) -> float:
    """Frequency above which phases are incoherent: after six wavelengths, at most 1 Hz."""
    speed_kms = source.P_KMS if wave.phase == "P" else source.S_KMS
    return float(min(COHERENT_HZ, COHERENT_WAVELENGTHS * speed_kms / wave.distance_km))


def _crossover(frequency_hz: Floats, at_hz: float) -> tuple[Complex, Complex]:
    """Low and high pass whose powers sum to one (second-order Butterworth)."""
    s = 1j * frequency_hz / at_hz
    below = 1.0 + np.sqrt(2.0) * s + s**2
    return 1.0 / below, s**2 / below


def _impulses(arrival: Floats, weight: Floats, window: Window) -> Floats:
    """Each weight, divided between the two samples nearest to its arrival; (padded,).

    Arrivals after the end of the record are left out.
    """
    row = np.zeros(window.padded)
    start = (arrival - window.begin) * window.rate
    whole = np.floor(start).astype(int)
    for offset, part in ((0, 1.0 - (start - whole)), (1, start - whole)):
        inside = (whole + offset >= 0) & (whole + offset < window.count)
        np.add.at(row, (whole + offset)[inside], (weight * part)[inside])
    return row


def _noise(wave: Wave, window: Window, rng: np.random.Generator) -> Complex:
    """Spectra (3, nf) of noise with the envelopes of the subfaults."""
    seconds = 1.0 / wave.corner_hz + float(path.duration(wave.distance_km, wave.phase))
    shape = envelope(seconds, ENVELOPE_PEAK[wave.phase], window.rate) ** 2
    power = _convolved(_impulses(wave.arrival, wave.weight**2, window), shape)[: window.count]
    noise = rng.standard_normal((3, window.count)) * np.sqrt(np.maximum(power, 0.0))
    return np.asarray(np.fft.rfft(noise, window.padded))


def envelope(seconds: float, peak: float, rate: float) -> Floats:
    """Saragoni and Hart's window for a train of that duration (Boore 2003), of unit energy."""
    end = 2.0 * seconds
    b = -peak * np.log(ENVELOPE_END) / (1 + peak * (np.log(peak) - 1))
    x = np.arange(1, int(1.5 * end * rate) + 2) / (end * rate)
    window = x**b * np.exp(-b / peak * x)
    return np.asarray(window / np.sqrt((window**2).sum()))


def _convolved(row: Floats, shape: Floats) -> Floats:
    """row * shape, as long as row, without wrap-around."""
    length = _transform_length(len(row) + len(shape))
    spectrum = np.fft.rfft(row, length) * np.fft.rfft(shape, length)
    return np.asarray(np.fft.irfft(spectrum, length)[: len(row)])


def _way(frequency_hz: Floats, wave: Wave, vs30_ms: float, kappa: float) -> Complex:
    """Absorption and site as one causal filter."""
    at_site = site.softened(kappa, vs30_ms)
    gain = path.absorption(frequency_hz, wave.distance_km, wave.phase, at_site)
    return minimum_phase(gain * site.amplification(frequency_hz, wave.phase, vs30_ms))


def minimum_phase(gain: Floats) -> Complex:
    """The causal filter with that gain (nf,): phase from log gain by the folded cepstrum."""
    cepstrum = np.fft.irfft(np.log(np.maximum(gain, 1e-12)))
    half = len(cepstrum) // 2
    cepstrum[1:half] *= 2.0
    cepstrum[half + 1 :] = 0.0
    return np.asarray(np.exp(np.fft.rfft(cepstrum)))


def _turn(rays: Floats, ray_azimuth: float) -> Floats:
    """Vertical, along, across to vertical, north, east."""
    up, along, across = rays
    c, s = np.cos(np.radians(ray_azimuth)), np.sin(np.radians(ray_azimuth))
    return np.stack([up, along * c - across * s, along * s + across * c])


def _transform_length(count: int) -> int:
    """The next length with a fast transform (2^k or 3 * 2^k)."""
    power = 1 << max(count - 1, 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= count else power
