import numpy as np
import pytest

from forewave.formats.waveforms.sample_array import as_samples


@pytest.mark.parametrize("kind", [np.int32, np.float32, np.float64])
def test_what_the_rooms_take_is_the_same_object(kind):
    samples = np.arange(5, dtype=kind)
    assert as_samples(samples) is samples


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (np.array([1, -2], np.int16), np.int32),
        (np.array([1, 2], np.uint16), np.int32),
        (np.array([1, 2], np.uint32), np.int32),
        (np.array([2**31], np.uint32), np.float64),
        (np.array([2**31 - 1, -(2**31)]), np.int32),
        (np.array([2**31]), np.float64),
        (np.array([1, 2], ">i4"), np.int32),
        (np.array([1.5], ">f8"), np.float64),
        (np.array([1.5], np.float16), np.float32),
        (np.zeros(0, np.int64), np.int32),
        ([1, 2], np.int32),
        ([1.5], np.float64),
    ],
)
def test_other_numbers_are_converted_without_loss(data, kind):
    found = as_samples(data)
    assert found.dtype == kind
    assert found.dtype.isnative
    assert found.tolist() == np.asarray(data).tolist()


def test_strided_and_read_only_arrays_are_copied():
    every_second = np.arange(10, dtype=np.int32)[::2]
    fixed = np.arange(5, dtype=np.int32)
    fixed.flags.writeable = False
    for data in (every_second, fixed):
        found = as_samples(data)
        assert found.flags.c_contiguous
        assert found.flags.writeable
        assert found.tolist() == data.tolist()


@pytest.mark.parametrize(
    "data", [np.zeros((2, 2)), np.float64(1.0), np.array([1j]), np.array(["a"]), np.array([True])]
)
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError, match="expected"):
        as_samples(data)
