"""How many connections may be open: shares of what the system gives, so that some are left.

Sources, record and waveforms need descriptors too; a process that has none left receives nothing.
The shares of pages, stream and relay together are four fifths of what is left beyond RESERVED.
"""

import contextlib

try:
    import resource
except ImportError:  # no POSIX: there the limit is not ours to ask for
    resource = None  # type: ignore[assignment]

PAGES, STREAM, RELAY = 0.2, 0.4, 0.15
RESERVED = 32  # for sources, files and libraries, before any share


def most(share: float, wanted: int) -> int:
    """As many as are wanted, but no more than a share of what this process may have open."""
    if resource is None:
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:  # what is allowed, only not given yet
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(1, min(wanted, int(share * (soft - RESERVED))))
