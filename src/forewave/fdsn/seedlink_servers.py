"""Public SeedLink servers of FDSN data centres.

Only servers that the operator documents (as of November 2026); for others use
`forewave init --seedlink`.
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
    """host:port of the server of a data centre, by its name in ObsPy; None: not known."""
    return SERVERS.get(provider.upper())
