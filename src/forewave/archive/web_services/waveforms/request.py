"""The parameters of the dataselect service."""

from forewave.archive.web_services.parameters import (
    NODATA,
    Parameter,
    absent,
    choice,
    table,
    when,
)
from forewave.archive.web_services.stations.request import CODE_PARAMETERS


def _zero(text: str) -> float:
    if float(text) != 0.0:
        raise ValueError
    return 0.0


DATASELECT = table(
    when("starttime", "Samples from this time on", "start"),
    when("endtime", "Samples up to this time", "end"),
    *CODE_PARAMETERS,
    choice("quality", ("D", "R", "Q", "M", "B"), "Of the records: all are served as D", "B"),
    Parameter("minimumlength", _zero, "xs:double", "Seconds of a segment; only 0 is served", 0.0),
    absent("longestonly", "Only the longest segment"),
    choice("format", ("miniseed",), "miniSEED 2, and 3 where names are longer", "miniseed"),
    NODATA,
)
