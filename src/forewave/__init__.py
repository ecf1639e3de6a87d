"""Earthquake early warning, from seismometers to phones and TVs.

Importing it gives linear algebra one thread in this process. With several, a sum is added up in
another order and the last bits of an alert depend on the number of cores: the same input would no
longer give the same bytes. Matrices here have some hundred rows, for which one thread is also the
quickest. A program that imports numpy before forewave has to set these variables itself.
"""

import os

_ONE_THREAD = (
    "OPENBLAS_NUM_THREADS",  # what numpy and scipy from PyPI bring with them
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",  # macOS
)
os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
