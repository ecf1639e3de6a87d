"""Reasons why readers drop data, with severity and what the owner can do."""

from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning", "note"]

FAULTS: dict[str, tuple[Severity, str]] = {
    # inventory
    "gain missing": (
        "warning",
        "write the overall gain (counts per m/s^2 or per m/s) of the channel",
    ),
    "gain missing or impossible": ("warning", "write a gain that is a number other than 0"),
    "gain is motion per count": (
        "warning",
        "write its inverse: counts per unit of ground motion",
    ),
    "units name no ground motion": (
        "warning",
        'write the unit of ground motion, such as "counts per m/s^2" or "counts per m/s"',
    ),
    "coordinates missing or impossible": (
        "warning",
        "write latitude (-90..90) and longitude (-180..180) in degrees",
    ),
    "sample rate out of range": ("warning", "use a channel of 20 to 500 samples/s"),
    "no vertical component": (
        "warning",
        "add the channel that ends in Z, or its dip",
    ),
    "no station or channel name": ("warning", "write the station and its channel, such as HNZ"),
    "not a number": ("warning", "correct the line"),
    "too few columns": ("warning", "correct the line"),
    "listed twice": ("warning", "keep one of the two lines; the first is used"),
    "unreadable channel": ("warning", "correct this channel in the StationXML"),
    "not in operation then": ("note", "add the epoch of that time if there was one"),
    "not one of three components": ("note", "nothing to do: three components are enough"),
    "other sensor of the station is used": (
        "note",
        "nothing to do: one sensor per station is used",
    ),
    # remarks on channels that are used
    "channel code is not of three letters": (
        "warning",
        "write band, instrument and component (SEED manual, appendix A) if you can",
    ),
    "dip contradicts code": ("warning", "correct the dip or the channel's code; the code is used"),
    "gain is implausible": ("warning", "correct the gain or its unit"),
    "gain contradicts its stages": (
        "warning",
        "correct the sensitivity or the stages; the sensitivity is used",
    ),
    "access is restricted": (
        "note",
        "make sure that its owner permits the use of its data for alerts",
    ),
    # waveforms
    "unreadable K-NET file": ("warning", "download the file again"),
    "no waveforms": ("note", "add its miniSEED, or remove it from the inventory"),
    "not in the inventory": ("warning", "add the channel to stations.csv or stations.xml"),
    "sample rate contradicts": ("warning", "correct the rate in the inventory"),
    "time far from all others": ("warning", "check the clock of the digitizer"),
    "repeated samples": ("note", "nothing to do: repeated samples are used once"),
    "truncated record": ("warning", "copy the file again: its end is missing"),
    "damaged record": ("warning", "copy the file again, or ask its source for another copy"),
    "not miniSEED": ("warning", "remove what is not miniSEED from the file"),
    "unreadable stream name": ("warning", "correct network, station and channel in the record"),
    "no waveform in record": ("note", "nothing to do: logs and empty records are ignored"),
    "impossible time or rate": ("warning", "check the digitizer that wrote the record"),
    # receipts
    "receipt of an unknown station": ("note", "nothing to do: the station is not used"),
    "unreadable receipt": ("warning", "correct the line"),
    "unreadable from here on": ("warning", "write the file again: the rest of it is lost"),
    # messages and archives
    "not an OpenEEW packet": ("warning", "check what is published on this topic"),
    "not a packet": ("warning", "check what is published on this topic"),
    "not a Raspberry Shake datagram": ("warning", "check what else is sent to this port"),
    "axes of different length": ("warning", "check the firmware of the device"),
    "empty packet": ("note", "nothing to do: it has no samples"),
    "packet too long": ("warning", "send packets of about one second"),
    "impossible acceleration": ("warning", "check the device: no ground motion is that strong"),
    "impossible time or value": ("warning", "check the clock of the device"),
    "unreadable file": ("warning", "check the permissions of the file and the disk"),
}

# Reported for channels that are used; all other reasons are for dropped data.
REMARKS = frozenset(
    {
        "channel code is not of three letters",
        "dip contradicts code",
        "gain is implausible",
        "gain contradicts its stages",
        "access is restricted",
    }
)
