"""The digest that keeps numba's cache of compiled code from being stale.

Numba compares a cached function with the file that it stands in, and with no other. What it calls
and the constants that are compiled in may come from other files; a digest of all these in the
function's closure makes an edit of any of them a new entry of the cache.
"""

import sys
from collections.abc import Iterable
from hashlib import sha256
from importlib import import_module
from inspect import getsource


def digest(modules: Iterable[str]) -> str:
    """Digest of the source of modules, by their full names. The caller may be one of them.

    Raises ModuleNotFoundError for a name that is no module, OSError where its source is missing.
    """
    loaded = (sys.modules.get(name) or import_module(name) for name in modules)
    return sha256("\0".join(map(getsource, loaded)).encode()).hexdigest()
