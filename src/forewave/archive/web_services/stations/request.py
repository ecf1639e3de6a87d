"""The parameters of the station service."""

from forewave.archive.web_services.parameters import (
    NODATA,
    Parameter,
    absent,
    choice,
    flag,
    patterns,
    table,
    when,
)
from forewave.archive.web_services.places import PLACES

LEVELS = ("network", "station", "channel", "response")
CODE_PARAMETERS: tuple[Parameter, ...] = (
    patterns("network", "Codes of networks", "net"),
    patterns("station", "Codes of stations", "sta"),
    patterns("location", "Codes of locations, -- for the empty one", "loc"),
    patterns("channel", "Codes of channels", "cha"),
)
STATION = table(
    when("starttime", "In operation at this time or after", "start"),
    when("endtime", "In operation at this time or before", "end"),
    when("startbefore", "In operation since a time before this"),
    when("startafter", "In operation since a time after this"),
    when("endbefore", "In operation until a time before this"),
    when("endafter", "In operation until a time after this"),
    *CODE_PARAMETERS,
    *PLACES,
    choice("level", LEVELS, "How much is given", "station"),
    flag("includerestricted", "Stations whose waveforms are restricted, too", True),
    absent("includeavailability", "Times of which there are waveforms"),
    absent("matchtimeseries", "Only what there are waveforms of"),
    choice("format", ("xml", "text"), "StationXML 1.2, or text", "xml"),
    NODATA,
)
