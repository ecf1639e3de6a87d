"""A digest of source files, so that numba's cache of compiled code is never stale.

Numba checks a cached function against its own file only. Called functions and compiled-in constants
may come from other files; with a digest of all of them in the function's closure, an edit of any of
them makes a new cache entry.
"""

import sys
from collections.abc import Iterable
from hashlib import sha256
from importlib import import_module
from inspect import getsource


def digest(modules: Iterable[str]) -> str:
    """Digest of the source of modules, given by full name; the caller may be one of them.

    Raises ModuleNotFoundError for a name that is no module, OSError where its source is missing.
    """
    loaded = (sys.modules.get(name) or import_module(name) for name in modules)
    return sha256("\0".join(map(getsource, loaded)).encode()).hexdigest()
