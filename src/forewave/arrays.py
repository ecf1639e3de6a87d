"""Constant arrays, which must not be written to."""

from typing import Any, TypeVar

from numpy.typing import NDArray

Array = TypeVar("Array", bound=NDArray[Any])


def read_only(array: Array) -> Array:
    """The same array, made read-only: a write to it raises ValueError."""
    array.flags.writeable = False
    return array
