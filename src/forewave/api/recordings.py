"""Recordings for programs: an event directory, or what ObsPy has read."""

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from forewave.formats.recordings import event_directory, obspy_objects
from forewave.formats.recordings.event_directory import Recording
from forewave.formats.recordings.obspy_objects import InventoryLike, TraceLike


def read(path: str | PathLike[str]) -> Recording:
    """Read an event directory: waveforms, stations and, where known, arrival times of packets.

    Args:
        path: A folder with `*.mseed`, `stations.xml` or `stations.csv`, `event.json` and
            optionally `packets.csv.gz`, or a folder of K-NET files
            (docs/reference/formats.md).

    Returns:
        A `Recording`: `stations` with the one sensor of each that is used, `segments` (contiguous
        samples in counts), `info` (the catalogue's origin) and `dropped` (what was not used, and
        why). A bad record, line or channel is no error; it is in `dropped`.

    Raises:
        FormatError: The folder cannot be read, or no station in it can be used.

    Examples:
        >>> recording = forewave.read("tests/data/us-ci38457511-ridgecrest")
        >>> len(recording.stations)
        11
    """
    return event_directory.read(Path(path))


def from_obspy(
    stream: Iterable[TraceLike] | TraceLike, inventory: InventoryLike, name: str = "obspy"
) -> Recording:
    """Make a recording of an ObsPy Stream and Inventory, as `read` makes one of a folder.

    The samples must be counts: a stream whose response was removed is refused. Gain and unit are
    the overall sensitivity of each channel's response at the first sample's time; channels
    without one are left out and named in `dropped`. Codes are matched without regard to case.
    ObsPy is not imported; anything with the same attributes will do.

    What a Stream does not keep is not known here: when each packet arrived (`play` assumes a
    latency), and which samples the sensor's calibration made. Where a digitiser's clock drifts,
    ObsPy joins records that `read` keeps apart. Otherwise picks, solutions and alerts are
    identical to those of an event directory with the same miniSEED and StationXML.

    Args:
        stream: `obspy.Stream` or one `obspy.Trace`. Masked arrays are split at their gaps.
        inventory: `obspy.Inventory` with responses.
        name: Identifies the recording.

    Returns:
        A `Recording`.

    Raises:
        InputError: The stream is empty or no longer counts, the inventory cannot be written as
            StationXML, or no station has both waveforms and a usable response.

    Examples:
        >>> stream = obspy.read("tests/data/us-ci38457511-ridgecrest/waveforms.mseed")
        >>> stations = obspy.read_inventory("tests/data/us-ci38457511-ridgecrest/stations.xml")
        >>> len(forewave.from_obspy(stream, stations).stations)
        11
    """
    return obspy_objects.recording(stream, inventory, name)
