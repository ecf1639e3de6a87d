"""Why a reader leaves something out, and what its owner can do about it."""

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
        "write it the other way round: counts per unit, 1 divided by what is there",
    ),
    "units name no ground motion": (
        "warning",
        'say what the gain is per, such as "counts per m/s^2" or "counts per m/s"',
    ),
    "coordinates missing or impossible": (
        "warning",
        "write latitude (-90..90) and longitude (-180..180) in degrees",
    ),
    "sample rate out of range": ("warning", "use a channel of 20 to 500 samples/s"),
    "no vertical component": ("warning", "add the channel that ends in Z, or its dip"),
    "no station or channel name": ("warning", "write the station and its channel, such as HNZ"),
    "not a number": ("warning", "correct the line"),
    "too few columns": ("warning", "correct the line"),
    "listed twice": ("warning", "keep one of the two lines; the first is used"),
    "unreadable channel": ("warning", "correct this channel in the StationXML"),
    "not in operation then": ("note", "add the epoch of that time if there was one"),
    "not one of three components": ("note", "nothing to do: three components are enough"),
    "other sensor of the station is used": ("note", "nothing to do: one sensor a station is used"),
    # of channels that are used all the same
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
        "make sure that its owner lets you have its data, and use them for warnings",
    ),
    # waveforms
    "unreadable K-NET file": ("warning", "download the file again"),
    "no waveforms": ("note", "add its miniSEED, or leave it out of the inventory"),
    "not in the inventory": ("warning", "add the channel to stations.csv or stations.xml"),
    "sample rate contradicts": ("warning", "correct the rate in the inventory"),
    "time far from all others": ("warning", "look at the clock of the digitizer"),
    "repeated samples": ("note", "nothing to do: what came twice is used once"),
    "truncated record": ("warning", "copy the file again: its end is missing"),
    "damaged record": ("warning", "copy the file again, or ask its source for another copy"),
    "not miniSEED": ("warning", "remove what is not miniSEED from the file"),
    "unreadable stream name": ("warning", "correct network, station and channel in the record"),
    "no waveform in record": ("note", "nothing to do: logs and empty records are passed over"),
    "impossible time or rate": ("warning", "look at the digitizer that wrote the record"),
    # receipts
    "receipt of an unknown station": ("note", "nothing to do: the station is not used"),
    "unreadable receipt": ("warning", "correct the line"),
    "unreadable from here on": ("warning", "write the file again: its rest is lost"),
    # messages and archives
    "not an OpenEEW packet": ("warning", "look at what is published on this topic"),
    "not a packet": ("warning", "look at what is published on this topic"),
    "not a Raspberry Shake datagram": ("warning", "look at what else is sent to this port"),
    "axes of different length": ("warning", "look at the firmware of the device"),
    "empty packet": ("note", "nothing to do: it holds no samples"),
    "packet too long": ("warning", "send packets of about one second"),
    "impossible acceleration": ("warning", "look at the device: nothing on the ground moves so"),
    "impossible time or value": ("warning", "look at the clock of the device"),
    "unreadable file": ("warning", "look at the file's permissions and the disk"),
}

# Told of channels that are used all the same; every other fault is of something left out.
REMARKS = frozenset(
    {
        "channel code is not of three letters",
        "dip contradicts code",
        "gain is implausible",
        "gain contradicts its stages",
        "access is restricted",
    }
)
