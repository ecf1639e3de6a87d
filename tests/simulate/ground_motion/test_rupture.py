import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.earth.distance import azimuth, distance_km
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.ground_motion.rupture import (
    FINITE_FROM,
    RUPTURE_KMS,
    SHALLOWEST_KM,
    break_fault,
    dimensions_km,
    upper_edge,
)


def broken(**keys):
    settings = {"lat": 30.0, "lon": 103.0, "depth_km": 10.0, "magnitude": 7.0} | keys
    return break_fault(Earthquake(**settings), np.random.default_rng(1))


def test_dimensions_are_those_of_wells_and_coppersmith():
    """Table 2A: subsurface length and width against M, all mechanisms."""
    assert dimensions_km(6.0) == pytest.approx((12.6, 8.1), abs=0.1)
    assert dimensions_km(7.0) == pytest.approx((49.0, 17.0), abs=0.1)


def test_below_5_it_is_a_point():
    fault = broken(magnitude=FINITE_FROM - 0.1)
    assert fault.share.tolist() == [1.0]
    assert (fault.delay[0], fault.depth_km[0]) == (0.0, 10.0)


@given(
    magnitude=st.floats(6.0, 9.0),
    depth_km=st.floats(3.0, 24.0),
    dip=st.floats(15.0, 90.0),
    strike=st.floats(0.0, 360.0),
    along=st.floats(0.0, 1.0),
)
def test_any_fault_stays_in_the_crust_and_begins_at_its_hypocentre(
    magnitude, depth_km, dip, strike, along
):
    fault = broken(magnitude=magnitude, depth_km=depth_km, dip=dip, strike=strike, along=along)
    first = int(np.argmin(fault.delay))
    assert fault.delay[first] == 0.0
    assert (fault.lat[first], fault.lon[first], fault.depth_km[first]) == pytest.approx(
        (30.0, 103.0, depth_km)
    )
    assert fault.share.sum() == pytest.approx(1.0)
    assert fault.depth_km.min() >= SHALLOWEST_KM - 1e-6
    assert fault.depth_km.max() <= 25.0 + 1e-6


def test_the_front_runs_at_four_fifths_of_the_s_speed():
    fault = broken(dip=90.0)
    flat_km = distance_km(30.0, 103.0, fault.lat, fault.lon)
    run_km = np.hypot(flat_km, fault.depth_km - 10.0)
    assert run_km == pytest.approx(fault.delay * RUPTURE_KMS, rel=0.01)
    assert pytest.approx(2.8) == RUPTURE_KMS


@pytest.mark.parametrize(("along", "toward"), [(0.0, 40.0), (1.0, 220.0)])
def test_along_sets_the_rupture_direction(along, toward):
    fault = broken(strike=40.0, dip=90.0, along=along)
    last = int(np.argmax(fault.delay))
    assert azimuth(30.0, 103.0, fault.lat[last], fault.lon[last]) == pytest.approx(toward, abs=3)


def test_it_dips_to_the_right_of_its_strike():
    fault = broken(strike=0.0, dip=45.0)
    deep, shallow = np.argmax(fault.depth_km), np.argmin(fault.depth_km)
    assert fault.lon[deep] > fault.lon[shallow]


def test_moment_grows_with_time():
    """After 3 s a magnitude 8 has released no more than a 7 would."""
    fault = broken(magnitude=8.0, along=0.5)
    released = fault.moment_nm * fault.share[fault.delay <= 3.0].sum()
    assert 6.0 < (np.log10(released) - 9.05) / 1.5 < 7.2


def test_subfaults_radiate_the_high_frequencies_of_the_whole():
    """sqrt(n) (M0/n) fn^2 = M0 fc^2 for even slip."""
    fault = broken(stress_drop_mpa=10.0)
    count = len(fault.share)
    whole = broken(magnitude=4.0, stress_drop_mpa=10.0).corner_hz / 10 ** (0.5 * 3)
    assert fault.corner_hz**2 / np.sqrt(count) == pytest.approx(whole**2, rel=1e-6)


@pytest.mark.parametrize(("strike", "dip"), [(0.0, 90.0), (30.0, 45.0), (215.0, 15.0)])
def test_the_upper_edge_is_as_long_as_the_fault_and_along_its_strike(strike, dip):
    quake = Earthquake(
        lat=30.0, lon=103.0, depth_km=12.0, magnitude=7.5, strike=strike, dip=dip, along=0.3
    )
    fault = break_fault(quake, np.random.default_rng(1))
    edge = upper_edge(quake, fault)
    ends = (edge.lat1, edge.lon1, edge.lat2, edge.lon2)
    assert float(distance_km(*ends)) == pytest.approx(fault.length_km, rel=0.02)
    assert np.cos(np.radians(float(azimuth(*ends)) - strike)) > 0.9995
    assert 0.0 <= edge.top_km <= fault.depth_km.min()


def test_a_point_has_no_edge():
    quake = Earthquake(lat=30.0, lon=103.0, depth_km=12.0, magnitude=4.9)
    assert upper_edge(quake, break_fault(quake, np.random.default_rng(1))) is None
