"""The number of heaps of the C library.

glibc gives each thread its own heap (arena). Memory that one thread allocates and another frees,
such as packets by the archive's thread, fragments several heaps, and the process grows for hours.
Python threads do not allocate in parallel, so one heap costs no time.
"""

import ctypes
import sys

_M_ARENA_MAX = -8  # malloc.h of glibc


def use_one() -> bool:
    """Let new threads use the first thread's heap. Whether the C library supports it."""
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none, and one heap anyway
    return mallopt is not None and bool(mallopt(_M_ARENA_MAX, 1))
