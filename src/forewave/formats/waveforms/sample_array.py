"""Arrays of samples in the types that rooms accept, converted from any numeric array."""

from typing import Any

import numpy as np

from forewave.types import Samples

_LEAST, _MOST = np.iinfo(np.int32).min, np.iinfo(np.int32).max


def as_samples(data: Any) -> Samples:
    """A one-dimensional array (n,) of int32, float32 or float64, writable and contiguous.

    Returned unchanged if it already is one. Smaller integers become int32; larger ones become
    int32 if every value fits, otherwise float64. Raises ValueError for anything else.
    """
    array = np.asarray(data)
    if array.ndim != 1:
        raise ValueError(f"expected one dimension, found {array.ndim}")
    kept: Samples = np.require(array, _type_of(array), ["C", "W", "A"])
    return kept


def _type_of(array: Any) -> Any:
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "f" and size <= 8:
        return np.float64 if size == 8 else np.float32
    if kind not in "iu":
        raise ValueError(f"expected integers or floats of at most 64 bits, found {array.dtype}")
    small = size < 4 or (kind == "i" and size == 4)
    if small or not array.size or (array.min() >= _LEAST and array.max() <= _MOST):
        return np.int32
    return np.float64
