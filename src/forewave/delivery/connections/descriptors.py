"""Limits of open connections: shares of the file descriptors that the process may have.

Sources, event log and waveforms need descriptors too: without any left no packets are received.
Pages, stream and relay together use at most four fifths of those beyond RESERVED.
"""

import contextlib

try:
    import resource
except ImportError:  # not POSIX
    resource = None  # type: ignore[assignment]

PAGES, STREAM, RELAY = 0.12, 0.52, 0.15
RESERVED = 32  # descriptors for sources, files and libraries


def most(share: float, wanted: int) -> int:
    """`wanted` connections, but at most a share of the descriptors that this process may open.

    Raises the soft limit to the hard limit, where that is allowed.
    """
    if resource is None:
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(1, min(wanted, int(share * (soft - RESERVED))))
