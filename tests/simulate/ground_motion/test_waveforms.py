import numpy as np
import pytest

from forewave.archive import travel_time
from forewave.earth.distance import LocalPlane
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.ground_motion import path, rupture, source, waveforms
from forewave.types import Station
from tests.simulate.ground_motion import measure
from tests.simulate.ground_motion.measure import BEGIN, LAT, LON, RATE


def simulated(magnitude, east_km, seed=1, seconds=60.0, depth_km=10.0):
    fault = rupture.break_fault(measure.quake(magnitude, depth_km), np.random.default_rng(seed))
    lat, lon = LocalPlane(LAT, LON).to_degrees(east_km, 0.0)
    return measure.record(fault, measure.station(lat, lon), seconds, [seed])


def times(east_km, depth_km=10.0):
    return [float(travel_time.load().seconds(x, east_km, depth_km)) for x in "PS"]


def window(ground, begin, end):
    return ground[:, int((begin - BEGIN) * RATE) : int((end - BEGIN) * RATE)]


@pytest.mark.parametrize("magnitude", [4.0, 5.9, 7.0, 8.0])
@pytest.mark.parametrize("east_km", [20.0, 80.0])
def test_nothing_moves_before_p_and_much_does_within_a_second(magnitude, east_km):
    ground = simulated(magnitude, east_km)
    p, _ = times(east_km)
    peak = np.abs(ground).max()
    assert np.abs(window(ground, BEGIN, p - 0.02)).max() < 1e-3 * peak
    assert np.abs(window(ground, p, p + 1.0)[0]).max() > 3e-3 * peak


@pytest.mark.parametrize("magnitude", [4.5, 6.5])
def test_p_is_vertical_and_s_horizontal(magnitude):
    rows = []
    for seed in range(8):
        ground = simulated(magnitude, 60.0, seed)
        p, s = times(60.0)
        rms = [np.sqrt((window(ground, t, t + 5) ** 2).mean(axis=1)) for t in (p, s + 1)]
        rows.append((rms[0][0] / rms[0][1:].max(), rms[1][1:].min() / rms[1][0]))
    p_vertical, s_horizontal = np.median(rows, axis=0)
    assert p_vertical > 1.3
    assert s_horizontal > 1.3


def level(ground, begin, end, at_hz):
    """Displacement amplitude spectrum at a frequency, m s, from acceleration."""
    x = window(ground, begin, end)
    t = np.arange(x.shape[1]) / RATE
    transform = (x * np.exp(-2j * np.pi * at_hz * t)).sum(axis=1) / RATE
    return np.abs(transform) / (2 * np.pi * at_hz) ** 2


@pytest.mark.parametrize("magnitude", [4.5, 5.5])
@pytest.mark.parametrize(("phase", "share"), [("P", 0.82), ("S", 1.0)])
def test_low_frequency_level_is_the_moment(monkeypatch, magnitude, phase, share):
    """Far below the corner: F R M0 / (4 pi rho c^3), spread over the way."""
    monkeypatch.setattr(waveforms, "PHASES", (phase,))
    spectrum = level(simulated(magnitude, 40.0, seconds=120.0), BEGIN, 120.0, 0.05)
    got = spectrum[0] if phase == "P" else np.hypot(*spectrum[1:])
    expected = source.far_field(phase) * source.moment_nm(magnitude)
    expected *= share * source.RADIATION_TYPICAL[phase]
    expected *= float(path.spreading(np.hypot(40.0, 10.0), phase))
    assert got == pytest.approx(expected, rel=0.15)


def test_spectrum_bends_at_the_corner():
    """Below the corner flat, above it falling with the square, kappa and Q taken off."""
    magnitude = 4.9
    corner = source.corner_hz(magnitude, source.typical_stress_drop_mpa(magnitude))
    frequency = np.array([0.3, 4.0, 8.0])
    rows = []
    for seed in range(24):
        ground = simulated(magnitude, 30.0, seed)
        _, s = times(30.0)
        band = [np.mean([level(ground, s, 50, f * u)[1:] for u in (0.9, 0.97, 1.03, 1.1)])
                for f in frequency]  # fmt: skip
        rows.append(band)
    from forewave.simulate.ground_motion import site

    way = path.absorption(frequency, np.hypot(30, 10), "S", measure.KAPPA)
    way *= site.amplification(frequency, "S", 760.0)
    found = np.median(rows, axis=0) / way
    expected = 1 / (1 + (frequency / corner) ** 2)
    assert found / found[0] == pytest.approx(expected / expected[0], rel=0.35)


def test_duration_follows_boore_and_thompson():
    """5 to 75 % of the Arias intensity, which is about half of their duration's whole window."""
    for east_km in (20.0, 100.0):
        lasts = []
        for seed in range(8):
            ground = simulated(5.0, east_km, seed, seconds=120.0)
            _, s = times(east_km)
            energy = np.cumsum((window(ground, s, 115.0)[1:] ** 2).sum(axis=0))
            low, high = np.searchsorted(energy / energy[-1], [0.05, 0.75])
            lasts.append((high - low) / RATE)
        whole = float(path.duration(np.hypot(east_km, 10), "S")) + 1 / source.corner_hz(5.0, 10)
        assert 0.35 * whole < np.median(lasts) < 0.85 * whole


def test_magnitude_grows_with_the_rupture():
    """The first second of P of a magnitude 8 is not the magnitude 8 that is to come."""
    early, late = [], []
    for magnitude in (6.5, 8.0):
        u = measure.filtered(simulated(magnitude, 60.0, seconds=90.0))[1]
        p, s = times(60.0)
        early.append(np.abs(window(u, p, p + 1.0)[0]).max())
        late.append(np.abs(window(u, s, 90.0)[0]).max())
    assert early[1] / early[0] < 4
    assert late[1] / late[0] > 5


def test_the_two_halves_are_one_spectrum():
    low, high = waveforms._crossover(np.geomspace(0.01, 40, 50), 0.7)
    assert np.abs(low) ** 2 + np.abs(high) ** 2 == pytest.approx(np.ones(50))


def test_minimum_phase_keeps_the_gain_and_is_causal():
    gain = np.exp(-np.pi * np.linspace(0, 50, 2049) * 0.04)
    filtered = waveforms.minimum_phase(gain)
    assert np.abs(filtered) == pytest.approx(gain, rel=1e-6)
    pulse = np.fft.irfft(filtered)
    assert np.abs(pulse[-1000:]).max() < 1e-3 * np.abs(pulse).max()


def test_envelope_has_unit_energy_and_its_peak_where_boore_puts_it():
    window_ = waveforms.envelope(5.0, 0.2, 100.0)
    assert (window_**2).sum() == pytest.approx(1.0)
    assert np.argmax(window_) / 100.0 == pytest.approx(0.2 * 10.0, abs=0.03)


def test_beyond_the_travel_time_table_nothing_arrives():
    fault = rupture.break_fault(measure.quake(7.0), np.random.default_rng(1))
    far = Station("XX.FAR", LAT + 20, LON, 0.0, (), 760.0)
    assert not measure.record(fault, far, 60.0, [1]).any()


@pytest.mark.parametrize("depth_km", [0.0, 150.0, 600.0])
def test_any_depth_gives_finite_motion(depth_km):
    quake = Earthquake(lat=LAT, lon=LON, depth_km=depth_km, magnitude=6.8, dip=45.0)
    fault = rupture.break_fault(quake, np.random.default_rng(1))
    ground = measure.record(fault, measure.station(LAT + 0.3, LON), 150.0, [1])
    assert np.isfinite(ground).all()
    assert np.abs(ground).max() > 1e-4
