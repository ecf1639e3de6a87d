import ctypes
import sys

import pytest

from forewave.health import ntp


def test_asking_this_system_breaks_nothing():
    assert ntp.synchronised() in (True, False, None)


@pytest.mark.parametrize(
    ("state", "status", "told"),
    [(0, 0x2001, True), (5, 0x0040, False), (5, 0x2001, False), (0, 0x0040, False), (-1, 0, None)],
)
def test_what_the_kernel_says(monkeypatch, state, status, told):
    class Library:
        def __init__(self, name):
            pass

        @staticmethod
        def adjtimex(reference):
            reference._obj.status = status
            return state

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", Library)
    assert ntp.synchronised() is told


def test_elsewhere_it_is_not_known(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert ntp.synchronised() is None
