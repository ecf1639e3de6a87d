"""The summary feeds by the names that USGS gives them: all_day, 4.5_week, significant_month, ..."""

from msgspec import Struct

from forewave.delivery.feeds.parameters import EventQuery, Period

PERIODS: tuple[Period, ...] = ("hour", "day", "week", "month")
LEAST = {"all": None, "1.0": 1.0, "2.5": 2.5, "4.5": 4.5, "significant": None}
MOST = 500  # events of a feed


class Summary(Struct, frozen=True):
    """What a feed contains. Always actual events only."""

    title: str
    query: EventQuery


def _summary(name: str, period: Period) -> Summary:
    least = LEAST[name]
    query = EventQuery(period=period, limit=MOST, significant=name == "significant")
    if least is not None:
        query = EventQuery(period=period, limit=MOST, minmagnitude=least)
    which = {"all": "All", "significant": "Significant"}.get(name, f"Magnitude {name}+")
    return Summary(f"forewave {which} Earthquakes, Past {period.capitalize()}", query)


SUMMARIES = {f"{name}_{period}": _summary(name, period) for name in LEAST for period in PERIODS}
