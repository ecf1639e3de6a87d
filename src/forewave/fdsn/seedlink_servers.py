"""The public SeedLink servers of FDSN data centres, as their owners name them.

A centre is here only if its owner's own pages say so (looked up in November 2026): others are
named by whoever runs forewave, with `forewave init --seedlink`.
"""

EARTHSCOPE = "rtserve.earthscope.org:18000"  # docs.earthscope.org/service/seedlink; 5 connections
EPOS_FRANCE = "rtserve.resif.fr:18000"  # seismology.resif.fr/real-time-seedlink
GEOFON = "geofon.gfz.de:18000"  # seiscomp.de/doc/base/tutorials/waveforms.html, by its authors

SERVERS = {  # by the centre's name in ObsPy
    "EARTHSCOPE": EARTHSCOPE,
    "EPOSFR": EPOS_FRANCE,
    "GEOFON": GEOFON,
    "GFZ": GEOFON,
    "IRIS": EARTHSCOPE,
    "IRISDMC": EARTHSCOPE,
    "RESIF": EPOS_FRANCE,
}


def of(provider: str) -> str | None:
    """host:port of a centre's server; None where it is not known, or named by its address."""
    return SERVERS.get(provider.upper())
