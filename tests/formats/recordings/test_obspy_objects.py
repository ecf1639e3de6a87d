import numpy as np
import obspy
import pytest

from forewave.errors import InputError
from forewave.formats.recordings.obspy_objects import recording


@pytest.fixture(scope="module")
def folder(recordings):
    return recordings / "us-ci38457511-ridgecrest"


@pytest.fixture
def stream(folder):
    return obspy.read(folder / "waveforms.mseed")


@pytest.fixture
def inventory(folder):
    return obspy.read_inventory(str(folder / "stations.xml"))


def test_one_trace_is_a_stream_too(stream, inventory):
    vertical = stream.select(component="Z")[0]
    found = recording(vertical, inventory, "mine")
    assert found.info.id == "mine"
    assert [str(c.stream) for s in found.stations for c in s.channels] == [vertical.id]


def test_gaps_in_masked_arrays_stay_gaps(stream, inventory):
    vertical = stream.select(component="Z")[0]
    start, rate, whole = vertical.stats.starttime, vertical.stats.sampling_rate, vertical.data
    early = vertical.slice(endtime=start + 1999 / rate)
    late = vertical.slice(starttime=start + 3000 / rate)
    merged = obspy.Stream([early, late]).merge()
    assert np.ma.isMaskedArray(merged[0].data)
    first, second = recording(merged, inventory).segments
    assert (len(first.samples), len(second.samples)) == (2000, len(whole) - 3000)
    assert second.start == pytest.approx(start.timestamp + 3000 / rate, abs=1e-6)
    assert np.array_equal(second.samples, whole[3000:])


def test_overlapping_traces_give_each_sample_once(stream, inventory):
    vertical = stream.select(component="Z")[0]
    again = vertical.copy()
    found = recording(obspy.Stream([vertical, again]), inventory)
    assert [len(s.samples) for s in found.segments] == [len(vertical.data)]
    assert "repeated samples" in {d.reason for d in found.dropped}


@pytest.mark.parametrize("empty", [obspy.Stream(), obspy.Stream([obspy.Trace()]), []])
def test_an_empty_stream_is_an_error(inventory, empty):
    with pytest.raises(InputError, match="found none"):
        recording(empty, inventory)


def test_what_is_no_stream_or_inventory_is_an_error(stream, inventory):
    for wrong in (5, ["a trace"], None):
        with pytest.raises(InputError, match="expected an ObsPy Stream"):
            recording(wrong, inventory)
    with pytest.raises(InputError, match="expected an ObsPy Inventory, found str"):
        recording(stream, "stations.xml")


def without_response(inventory):
    for network in inventory:
        for station in network:
            for channel in station:
                channel.response = None


def test_stations_without_response_are_left_out_and_named(stream, inventory):
    code = f"{inventory[0].code}.{inventory[0][0].code}"
    without_response(inventory.select(station=inventory[0][0].code))
    found = recording(stream, inventory)
    assert code not in {station.code for station in found.stations}
    assert len(found.stations) == 10
    reasons = {d.reason for d in found.dropped if d.source.startswith(f"{code}.")}
    assert "gain missing" in reasons


def test_no_station_with_response_is_an_error_that_says_why(stream, inventory):
    without_response(inventory)
    with pytest.raises(InputError, match=r"no station can be used: gain missing \(\d+\)"):
        recording(stream, inventory)


def test_an_inventory_of_other_stations_is_an_error(stream, inventory):
    with pytest.raises(InputError, match="no station can be used"):
        recording(stream, inventory.select(station="NONE"))


@pytest.mark.parametrize("how", ["remove_response", "remove_sensitivity"])
def test_a_stream_without_its_response_is_refused(stream, inventory, how):
    part = stream.select(component="Z")[:1]
    getattr(part, how)(inventory)
    with pytest.raises(InputError, match=f"expected counts, but {how} was applied"):
        recording(part, inventory)


def test_filtered_counts_are_counts(stream, inventory):
    part = stream.select(component="Z")[:1].filter("highpass", freq=0.05)
    assert recording(part, inventory).segments[0].samples.dtype == np.float64


def test_samples_that_are_no_numbers_are_an_error(stream, inventory):
    vertical = stream.select(component="Z")[0]
    vertical.data = vertical.data.astype(complex)
    with pytest.raises(InputError, match=f"stream: {vertical.id}: expected integers or floats"):
        recording(vertical, inventory)
