import os
import subprocess
import sys

import pytest

# In a process of its own: threads that take memory, and how many heaps there are then.
THREADS = """
import ctypes, sys, threading
from forewave.process import malloc as heap

assert sys.argv[1] == "several" or heap.use_one()
ready, kept = threading.Barrier(5), []

def work():
    kept.append([bytearray(5000) for _ in range(100)])
    ready.wait()

for _ in range(4):
    threading.Thread(target=work).start()
ready.wait()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
told = libc.fopen(b"/dev/stdout", b"w")
libc.malloc_info(0, ctypes.c_void_p(told))
libc.fclose(ctypes.c_void_p(told))
"""


def heaps(how):
    run = subprocess.run([sys.executable, "-c", THREADS, how], capture_output=True, check=True)
    return run.stdout.count(b"<heap nr=")


@pytest.mark.skipif(
    "CS_GNU_LIBC_VERSION" not in getattr(os, "confstr_names", ()), reason="it is glibc's"
)
def test_threads_share_one_heap():
    assert heaps("one") == 1 < heaps("several")
