"""Settings and words of servers that several of these tests use."""

from forewave.formats.protocols.seedlink import info_3
from forewave.formats.waveforms import miniseed
from forewave.sources.seedlink.source import SeedLinkSettings, connections

HELLO = b"SeedLink v3.1 (x)\r\nSomewhere\r\n"
HELLO_4 = b"SeedLink v4.0 (x/1) :: SLPROTO:4.0 SLPROTO:3.1\r\nSomewhere\r\n"


INFO = info_3("<seedlink/>")


def record(packet):
    """As miniSEED 2."""
    return miniseed.encode([packet], 2, 512)


def quick(port, *stations, **settings):
    """Settings that do not bear much."""
    usual = {"connect_s": 0.4, "answer_s": 0.1, "idle_s": 0.5}
    return SeedLinkSettings(f"127.0.0.1:{port}", stations or ("XX.ABC",), **usual | settings)


def one(settings):
    (source,) = connections(settings)
    return source
