"""Whether the system clock is synchronised, according to the Linux kernel (adjtimex)."""

import ctypes
import sys

_UNSYNCHRONISED = 0x0040  # STA_UNSYNC of linux/timex.h
_ERROR = 5  # TIME_ERROR: the state of the clock is unknown


class _Timex(ctypes.Structure):
    """The part of struct timex that is read, with space for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def synchronised() -> bool | None:
    """Whether the system clock is synchronised; None if the system does not state it."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        timex = _Timex()  # modes 0: nothing is changed
        state = ctypes.CDLL(None).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _ERROR and not timex.status & _UNSYNCHRONISED
