"""The C library's heaps.

glibc gives threads heaps of their own. What one thread allocates and another frees (packets, by
the archive's thread) then leaves holes in several, and the process grows for hours before it stays
as it is. Our threads take turns in Python anyway, so one heap costs them nothing.
"""

import ctypes
import sys

_M_ARENA_MAX = -8  # malloc.h of glibc


def use_one() -> bool:
    """Let threads that begin from now on use the first one's; whether the C library can do that."""
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none, and one heap anyway
    return mallopt is not None and bool(mallopt(_M_ARENA_MAX, 1))
