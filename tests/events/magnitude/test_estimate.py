import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events.location.source_duration import half_duration
from forewave.events.magnitude import expected_peaks
from forewave.events.magnitude.estimate import PhaseMagnitude, event_magnitude, station_magnitudes
from forewave.events.memory.network import Network
from forewave.events.relations import cua_heaton_2007 as envelopes
from tests.events import made
from tests.events.made import CHEAP, QUIET, T0, Quake

AT = made.station("A", 40.0, 0.0)
KM, S_AFTER = 40, 6.0
ROWS = [f"{phase}_{x}" for phase in "PS" for x in ("ZA", "ZV", "ZD")] + ["S_HA", "S_HV"]


def expected(magnitude):
    """The peaks of a source that has ended, in SI, by component."""
    column = int(np.argmin(np.abs(expected_peaks.GRID - magnitude)))
    return {name: 10 ** getattr(expected_peaks, name).log_peak[KM, column] for name in ROWS}


def measured(
    magnitude, since, changes=None, also=(), noise_ms2=QUIET, noise_pd3_m=1e-7, s_after=S_AFTER
):
    """The newest phase at one station, for peaks exactly as expected."""
    network = Network((AT,))
    network.add_state(made.state(AT, 10.0, noise_ms2, noise_pd3_m=noise_pd3_m))
    pick = made.pick(AT, 10.0)
    network.add_pick(pick)
    phase = "S" if since >= s_after + 1.0 else "P"
    peak = expected(magnitude)
    known = replace(
        made.amplitude(pick, since, peak[f"{phase}_ZA"]),
        pv_ms=peak[f"{phase}_ZV"],
        pd3_m=peak[f"{phase}_ZD"],
        pga_ms2=peak["S_HA"],
        pgv_ms=peak["S_HV"],
    )
    for each in (replace(known, **(changes or {})), *also):
        network.add_amplitude(each)
    history = network.peaks(pick, {pick.id})
    found = station_magnitudes(network.watches[AT.code], history, KM, pick.time + s_after, pick)
    return found[0] if found else None


@pytest.mark.parametrize("since", [4.0, 12.0], ids=["P", "S"])
@pytest.mark.parametrize("magnitude", [4.0, 5.0, 6.0])
def test_the_peaks_to_expect_give_the_magnitude_back(magnitude, since):
    assert measured(magnitude, since).value == pytest.approx(magnitude, abs=0.1)


@pytest.mark.parametrize("magnitude", [7.0, 8.0])
def test_so_they_do_of_a_great_earthquake_once_it_has_ended(magnitude):
    ended = S_AFTER + 2.0 * half_duration(magnitude)
    assert measured(magnitude, ended).value == pytest.approx(magnitude, abs=0.1)


def test_a_great_earthquake_cannot_be_recognised_before_it_has_ruptured():
    """What is seen 3 s after the onset is as likely of an M7 as of an M8; of an M4 it is not."""
    found = measured(6.5, 3.0, s_after=30.0)
    four, seven, eight = (
        found.log_likelihood[np.searchsorted(expected_peaks.GRID, m)] for m in (4, 7, 8)
    )
    assert seven == pytest.approx(eight)
    assert seven > four + 2.0


def test_a_station_with_s_has_more_weight():
    p, s = measured(5.0, 4.0), measured(5.0, 14.0)
    assert s.weight > 2 * p.weight


def test_an_early_s_does_not_reduce_the_magnitude_of_p():
    """After 20 s of P an M7 has shown itself; 2 s of S show no more than an M6's would."""
    network = Network((AT,))
    network.add_state(made.state(AT, 10.0, QUIET, noise_pd3_m=1e-7))
    pick = made.pick(AT, 10.0)
    network.add_pick(pick)
    peak = expected(7.0)
    for since in (20.0, 22.0):
        known = made.amplitude(pick, since, peak["P_ZA"])
        network.add_amplitude(replace(known, pv_ms=peak["P_ZV"], pd3_m=peak["P_ZD"]))
    history, s_time = network.peaks(pick, {pick.id}), pick.time + 20.0
    s, p = station_magnitudes(network.watches[AT.code], history, KM, s_time, pick)
    assert p.value == pytest.approx(7.0, abs=0.2)
    assert s.value < 6.5
    assert event_magnitude([s, p]).value > event_magnitude([s]).value + 0.2
    assert event_magnitude([s, p]).stations == 1


def test_a_new_phase_has_less_weight_and_is_still_short():
    early, settled = measured(4.0, 0.5), measured(4.0, 4.0)
    assert early.weight < settled.weight
    assert early.value > settled.value  # the same peak so early means more


def test_quantities_below_noise_are_not_measured():
    """Displacement is noise: it would give a far larger magnitude than acceleration."""
    drifting = {"pd3_m": 5e-6}
    drowned = measured(3.0, 4.0, drifting, noise_pd3_m=2e-6)
    assert drowned.value == pytest.approx(3.0, abs=0.1)
    assert measured(3.0, 4.0, drifting).value > drowned.value + 0.2
    assert measured(1.5, 4.0, noise_ms2=CHEAP, noise_pd3_m=2e-6) is None


def test_displacement_of_long_periods_is_not_measured():
    """A drift of 13 s would be in it; the envelopes end at 3 s."""
    assert measured(5.0, 4.0, {"pd_m": 1.0}).value == measured(5.0, 4.0).value


def test_peaks_are_used_up_to_the_time_of_clipping():
    pick = made.pick(AT, 10.0)
    later = replace(made.amplitude(pick, 5.0, 50.0, 0.1), clipped=True)
    assert measured(5.0, 4.0, also=[later]).value == measured(5.0, 4.0).value
    assert measured(5.0, 4.0, changes={"clipped": True}) is None


def test_soft_ground_makes_the_same_motion_mean_less():
    """Of S across: vertical motion is left as it is, what soil does to it is not known as well."""

    def of(vs30_ms):
        at = replace(AT, vs30_ms=vs30_ms)
        network = Network((at,))
        network.add_state(made.state(at, 10.0))
        pick = made.pick(at, 10.0)
        history = [made.amplitude(pick, 14.0, 0.1, 1e-4)]
        return station_magnitudes(network.watches[at.code], history, KM, T0 + 12.0, pick)[0].value

    assert of(200.0) < of(400.0) < of(760.0)
    assert of(760.0) - of(200.0) < 0.7


def stations(values, sigma=0.4, open_upwards=False):
    """Each sure of its magnitude within a sigma, or only that it is no less."""
    off = np.array(values)[:, None] - expected_peaks.GRID
    if open_upwards:
        off = np.maximum(off, 0.0)
    log_likelihood = -0.5 * (off / sigma) ** 2
    return [
        PhaseMagnitude(f"XX.S{i}", "P", row, 1.0, False, row[None])
        for i, row in enumerate(log_likelihood)
    ]


def test_one_bad_gain_does_not_move_it():
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
    assert one > ten > many >= 0.2


def test_stations_that_disagree_make_it_less_sure():
    agree, differ = (event_magnitude(stations(v)) for v in ([5.0] * 4, [3.5, 4.5, 5.5, 6.5]))
    assert differ.sigma > agree.sigma


def test_while_it_grows_the_answer_is_open_upwards():
    """Rarity alone bounds it: above what is seen, with room for more."""
    ended = event_magnitude(stations([6.0] * 5))
    growing = event_magnitude(stations([6.0] * 5, open_upwards=True))
    assert ended.value == pytest.approx(6.0, abs=0.1)
    assert 6.3 < growing.value < 7.0
    assert growing.sigma > 2 * ended.sigma


def over(magnitude, lifted, km=20, count=30):
    """S of a source that has ended, at stations that are all this much (log10) above the median."""
    network = Network((AT,))
    network.add_state(made.state(AT, 10.0, QUIET, noise_pd3_m=1e-7))
    pick = made.pick(AT, 10.0)
    column = int(np.argmin(np.abs(expected_peaks.GRID - magnitude)))
    peak = {x: 10 ** (getattr(expected_peaks, x).log_peak[km, column] + lifted) for x in ROWS}
    known = replace(
        made.amplitude(pick, S_AFTER, peak["S_ZA"]),
        pv_ms=peak["S_ZV"],
        pd3_m=peak["S_ZD"],
        pga_ms2=peak["S_HA"],
        pgv_ms=peak["S_HV"],
    )
    history = [replace(known, time=known.time + second) for second in range(40)]
    watch, s_time = network.watches[AT.code], pick.time + S_AFTER
    s, *_ = station_magnitudes(watch, history, km, s_time, pick)
    return [replace(s, station=f"XX.S{i}") for i in range(count)]


def test_a_source_that_lifts_all_stations_alike_is_not_taken_for_a_greater_one():
    """0.2 (log10) at 20 km is the difference of M6.5 and 7.5; a stress drop is as likely."""
    phases = over(6.5, 0.2)
    assert all(phase.ended for phase in phases)
    assert phases[0].value > 7.2
    found = event_magnitude(phases)
    assert 6.5 < found.value < 6.9
    assert found.sigma > 0.3


def test_a_term_of_the_event_does_not_bias_one_without():
    for magnitude in (4.0, 5.0, 6.0):
        assert event_magnitude(over(magnitude, 0.0)).value == pytest.approx(magnitude, abs=0.15)


def test_what_has_not_ended_is_no_less():
    """Once most stations have ended, a far one at which S has just begun does not reduce it."""
    phases = over(7.0, 0.0)
    weak = [replace(p, station="XX.FAR", ended=False, weight=0.5) for p in over(5.0, 0.0)[:1]]
    weak = [replace(p, log_ended=one_sided(5.0)) for p in weak]
    alone, with_it = event_magnitude(phases), event_magnitude([*phases, *weak])
    assert with_it.value > alone.value - 0.1


def one_sided(magnitude, sigma=0.4):
    """Of a motion that is no less than that of a magnitude."""
    return np.minimum(expected_peaks.GRID - magnitude, 0.0)[None] ** 2 / (-2.0 * sigma**2)


def test_the_prior_does_not_reduce_an_observed_magnitude():
    """A great earthquake that has ended is as great as it was seen."""
    assert event_magnitude(stations([8.0] * 5)).value == pytest.approx(8.0, abs=0.1)


def test_no_station_no_magnitude():
    assert event_magnitude([]) is None


def test_one_station_with_a_wrong_gain_hardly_moves_an_event(travel_times):
    quake, net = Quake(3.0, 4.0, 10.0, 5.0), made.grid(20.0, 4)
    packets = made.whole(quake, net, travel_times, 55.0)
    _, right = made.begun(net, travel_times, packets)

    def louder(item):
        if getattr(item, "pick", None) is None or item.station != net[5].code:
            return item
        names = ("pd_m", "pd3_m", "pv_ms", "pa_ms2", "pga_ms2", "pgv_ms")
        return replace(item, **{name: 100 * getattr(item, name) for name in names})

    wrong = [(now, [louder(item) for item in items]) for now, items in packets]
    _, event = made.begun(net, travel_times, wrong)
    assert event.magnitude.value == pytest.approx(right.magnitude.value, abs=0.15)


def test_its_envelopes_are_the_papers_up_to_the_join():
    """What `expected` is made of, so that the tests above do not merely agree with themselves."""
    vertical = envelopes.log_amplitude(envelopes.P_ZA, 5.0, KM)
    assert expected(5.0)["P_ZA"] == pytest.approx(10 ** float(vertical))
