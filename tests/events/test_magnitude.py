import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events.associate import Member
from forewave.events.magnitude import StationMagnitude, event_magnitude, station_magnitude
from forewave.events.network import Network
from forewave.events.relations import cua_heaton_2007 as envelopes
from tests.events import made
from tests.events.made import CHEAP, QUIET, T0, Quake

AT = made.station("A", 40.0, 0.0)
KM, DEPTH_KM, S_AFTER = 40.0, 8.0, 6.0


def measured(magnitude, since, changes=None, also=(), noise_ms2=QUIET, noise_pd_m=1e-7):
    """One station's magnitude from peaks that are exactly the envelopes'."""
    network = Network((AT,))
    network.hear_state(made.state(AT, 10.0, noise_ms2, noise_pd_m=noise_pd_m))
    pick = made.pick(AT, 10.0)
    network.hear_pick(pick)
    phase = "S" if since >= S_AFTER + 1.0 else "P"
    peak = {
        name: 10 ** float(envelopes.log_amplitude(getattr(envelopes, name), magnitude, KM))
        for name in (f"{phase}_ZA", f"{phase}_ZV", f"{phase}_ZD", "S_HA", "S_HV")
    }
    peaks = replace(
        made.amplitude(pick, since, peak[f"{phase}_ZA"]),
        pv_ms=peak[f"{phase}_ZV"],
        pd_m=peak[f"{phase}_ZD"],
        pga_ms2=peak["S_HA"],
        pgv_ms=peak["S_HV"],
    )
    for each in (replace(peaks, **(changes or {})), *also):
        network.hear_amplitude(each)
    member = Member(pick, "P", 0.0, KM)
    return station_magnitude(member, network, {pick.id}, DEPTH_KM, pick.time + S_AFTER)


@pytest.mark.parametrize("since", [4.0, 12.0], ids=["P", "S"])
@pytest.mark.parametrize("magnitude", [4.0, 5.0, 6.0, 7.0])
def test_the_envelopes_own_peaks_give_the_magnitude_back(magnitude, since):
    found = measured(magnitude, since)
    assert found.value == pytest.approx(magnitude, abs=0.1)
    assert 0.2 < found.sigma < 1.0


def test_a_station_that_has_seen_s_has_more_say():
    p, s = measured(5.0, 4.0), measured(5.0, 14.0)
    assert s.weight > 2 * p.weight


def test_a_new_phase_has_less_say_and_is_still_short():
    early, settled = measured(5.0, 0.5), measured(5.0, 4.0)
    assert early.weight < settled.weight
    assert early.value > settled.value  # the same peak so early means more


def test_what_drowns_in_noise_is_not_measured():
    """Displacement is noise: it would say far more than acceleration does."""
    drifting = {"pd_m": 5e-6}
    drowned = measured(3.0, 4.0, drifting, noise_pd_m=2e-6)
    assert drowned.value == pytest.approx(3.0, abs=0.1)
    assert measured(3.0, 4.0, drifting).value > drowned.value + 0.2
    assert measured(1.5, 4.0, noise_ms2=CHEAP, noise_pd_m=2e-6) is None


def test_a_clipped_sensor_is_believed_up_to_the_moment_before():
    pick = made.pick(AT, 10.0)
    later = replace(made.amplitude(pick, 5.0, 50.0, 0.1), clipped=True)
    assert measured(5.0, 4.0, also=[later]).value == measured(5.0, 4.0).value
    assert measured(5.0, 4.0, changes={"clipped": True}) is None


def test_soft_ground_makes_the_same_motion_mean_less():
    def of(vs30_ms):
        at = replace(AT, vs30_ms=vs30_ms)
        network = Network((at,))
        network.hear_state(made.state(at, 10.0))
        pick = made.pick(at, 10.0)
        network.hear_pick(pick)
        network.hear_amplitude(made.amplitude(pick, 4.0, 0.1, 1e-4))
        member = Member(pick, "P", 0.0, KM)
        return station_magnitude(member, network, {pick.id}, DEPTH_KM, T0 + 20.0).value

    assert of(200.0) < of(400.0) < of(760.0)
    assert of(760.0) - of(200.0) < 0.7


def stations(values, sigma=0.4):
    return [StationMagnitude(f"XX.S{i}", v, sigma, 1 / sigma**2) for i, v in enumerate(values)]


def test_one_bad_gain_does_not_move_the_median():
    values = [5.0, 5.1, 4.9, 5.05, 4.95]
    right = event_magnitude(stations(values))
    for wrong in (1.0, 9.0):
        found = event_magnitude(stations([*values, wrong]))
        assert found.value == pytest.approx(right.value, abs=0.06)
        assert found.stations == 6


def test_more_stations_make_it_surer_but_never_certain():
    one, ten, many = (
        event_magnitude(stations(np.full(count, 5.0))).sigma for count in (1, 10, 1000)
    )
    assert one > ten > many >= 0.1


def test_stations_that_disagree_make_it_less_sure():
    agree, differ = (event_magnitude(stations(v)) for v in ([5.0] * 4, [3.5, 4.5, 5.5, 6.5]))
    assert differ.sigma > agree.sigma


def test_no_station_no_magnitude():
    assert event_magnitude([]) is None


def test_one_station_with_a_wrong_gain_hardly_moves_an_event(travel_times):
    quake, net = Quake(3.0, 4.0, 10.0, 5.0), made.grid(20.0, 4)
    packets = made.whole(quake, net, travel_times, 55.0)
    _, right = made.begun(net, travel_times, packets)

    def louder(item):
        if getattr(item, "pick", None) is None or item.station != net[5].code:
            return item
        names = ("pd_m", "pv_ms", "pa_ms2", "pga_ms2", "pgv_ms")
        return replace(item, **{name: 100 * getattr(item, name) for name in names})

    wrong = [(now, [louder(item) for item in items]) for now, items in packets]
    _, event = made.begun(net, travel_times, wrong)
    assert event.magnitude.value == pytest.approx(right.magnitude.value, abs=0.15)
