import numpy as np
import obspy
import pytest

import forewave


def test_an_event_directory_is_read(recordings):
    recording = forewave.read(recordings / "us-ci38457511-ridgecrest")
    assert len(recording.stations) == 11
    assert recording.info.magnitude == 7.1


def test_a_folder_that_is_none_is_a_clear_error(tmp_path):
    with pytest.raises(forewave.FormatError, match=r"expected stations\.xml or stations\.csv"):
        forewave.read(tmp_path)
    with pytest.raises(forewave.FormatError, match="no such directory"):
        forewave.read(str(tmp_path / "none"))


def test_obspy_objects_make_the_recording_that_the_folder_makes(recordings):
    folder = recordings / "us-ci38457511-ridgecrest"
    read = forewave.read(folder)
    made = forewave.from_obspy(
        obspy.read(folder / "waveforms.mseed"), obspy.read_inventory(str(folder / "stations.xml"))
    )
    assert made.stations == read.stations
    assert len(made.segments) == len(read.segments)
    for ours, theirs in zip(read.segments, made.segments, strict=True):
        assert (ours.stream, ours.start, ours.rate) == (theirs.stream, theirs.start, theirs.rate)
        assert ours.samples.dtype == theirs.samples.dtype
        assert np.array_equal(ours.samples, theirs.samples)
