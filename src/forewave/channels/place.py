"""What a message means for a channel: at its place, or anywhere where it has none."""

from math import isnan, nan

from msgspec.structs import replace

from forewave.channels.card import ChannelSettings
from forewave.client.place_alert import PlaceAlert, at_place, concerns
from forewave.earth.travel_time import TravelTimes
from forewave.formats.protocols.alert_message import Message
from forewave.types import Place


def place_of(settings: ChannelSettings) -> Place | None:
    """The place of a channel, None where it has none."""
    if settings.place is None:
        return None
    lat, lon = settings.place
    return Place(settings.place_name, lat, lon)


def evaluated(
    message: Message, place: Place | None, travel_times: TravelTimes
) -> PlaceAlert | None:
    """The alert at the place; None where it does not concern it. travel_times: the coarse table.

    Without a place `mmi` is the highest anywhere, at the epicentre or observed in a cell, and
    distance and arrivals, which need a place, are nan.
    """
    if place is not None:
        away = message.kind != "cancel" and not concerns(message, place)
        return None if away else at_place(message, place, travel_times)
    alert = at_place(message, Place("", message.lat, message.lon), travel_times)
    observed = [] if alert.cancelled else message.cells.values()
    mmi = max((m for m in (alert.mmi, *observed) if not isnan(m)), default=nan)
    return replace(alert, mmi=mmi, distance_km=nan, p_arrival=nan, s_arrival=nan)
