"""How the station's inner loops are compiled: inlined into one entry, see kernel.py."""

from numba import njit

inner = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
