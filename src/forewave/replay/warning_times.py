"""The warning times of places: how long before the S arrival they were alerted."""

from collections.abc import Sequence, Set

from msgspec import Struct
from rich.table import Table

from forewave.shaking.intensity.mmi import SCALE as MMI
from forewave.shaking.intensity.scale import Scale, label

_ROWS = 8


class WarningTime(Struct, frozen=True):
    """The warning at one place. Times are seconds after the origin.

    action: when the first alert was issued that asks this place to act (MMI 5 or more here); None:
    never. banner: the same for MMI 3.5 or more. s_forecast: S arrival as forecast by that alert
    (action, otherwise banner). s_arrival: S arrival by the travel-time table, from the origin of
    the catalogue. intensity: MMI of the last forecast.
    """

    name: str
    distance_km: float
    intensity: float
    s_arrival: float
    action: float | None
    s_forecast: float | None
    banner: float | None = None

    @property
    def seconds(self) -> float | None:
        """Seconds from the request to act to the S arrival; negative: late."""
        return None if self.action is None else self.s_arrival - self.action


def selection(found: Sequence[WarningTime], named: Set[str]) -> list[WarningTime]:
    """Up to _ROWS from the nearest to the farthest, more of the near ones; named ones always."""
    last = len(found) - 1
    chosen = {round(last * (i / (_ROWS - 1)) ** 1.5) for i in range(_ROWS)}
    chosen |= {i for i, each in enumerate(found) if each.name in named}
    return [found[i] for i in sorted(chosen)]


def table(found: Sequence[WarningTime], scale: Scale = MMI) -> Table:
    """The warning times as a table for the terminal. scale: shown beside MMI."""
    shown = Table(
        "place",
        title="Times in seconds after origin; MMI and alert times by the forecast",
        title_justify="left",
    )
    own = () if scale is MMI else (scale,)
    for heading in (
        "km",
        "MMI",
        *(each.name for each in own),
        "banner",
        "action",
        "S forecast",
        "S arrival",
        "warning",
    ):
        shown.add_column(heading, justify="right")
    for each in found:
        shown.add_row(
            each.name,
            f"{each.distance_km:.0f}",
            f"{each.intensity:.1f}",
            *(label(one, each.intensity) for one in own),
            _or_dash(each.banner),
            _or_dash(each.action),
            _or_dash(each.s_forecast),
            f"{each.s_arrival:.1f}",
            _warning_seconds(each.seconds),
        )
    return shown


def _or_dash(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.1f}"


def _warning_seconds(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"[green]{seconds:.1f} s[/green]" if seconds > 0 else f"[red]{-seconds:.1f} s late[/red]"
