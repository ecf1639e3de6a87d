import pkgutil
from importlib import import_module

import numpy as np
import pytest

from forewave.arrays import read_only

ROOMS = ("stations", "events", "shaking", "alerts", "phones", "earth")


def test_what_is_read_only_is_the_same_and_cannot_be_written():
    array = np.arange(3.0)
    assert read_only(array) is array
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1.0


def test_no_constant_of_the_rooms_can_be_written():
    """Two regions, or two tests, in one process would change each other's answers."""
    assert [where for where, array in constants() if array.flags.writeable] == []


def test_constants_of_the_rooms_are_found():
    found = {where for where, _ in constants()}
    assert {
        "forewave.earth.travel_time.DEPTHS_KM",
        "forewave.events.magnitude.expected_peaks.GRID",
    } <= found


def constants():
    for room in ROOMS:
        package = import_module(f"forewave.{room}")
        inner = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for module in [package, *(import_module(each.name) for each in inner)]:
            for name, value in vars(module).items():
                if isinstance(value, np.ndarray):
                    yield f"{module.__name__}.{name}", value
