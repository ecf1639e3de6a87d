"""What a replay tells the person at the terminal: when it was known, and who gained how much."""

from collections.abc import Sequence, Set
from urllib.parse import quote

import numpy as np
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from forewave.alerts import alert_text
from forewave.alerts.policy import rises
from forewave.delivery.gateway import Gateway
from forewave.delivery.pages import HOW_TO_BUILD
from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.formats.event_info import EventInfo
from forewave.live.places import Elsewhere
from forewave.types import Alert, Forecast, Outlook, Phase, Pick, Place, Word

_PHASES: tuple[Phase, Phase] = ("P", "S")
_FELT = 3.5  # MMI from which a device shows something
_ACT = 5.0  # MMI from which it asks to act
_ROWS = 8


class Gain(Struct, frozen=True):
    """What the warning was worth at one place. Seconds count from the earthquake's beginning.

    warned: when the first message was sent that asks this place to act (MMI 5 or more here), None
    if none was; noticed: the same of a banner or more (MMI 3.5). s_forecast: when S was to come
    by the forecast that warned, else by the one that was noticed; s_arrival: when it came, by the
    travel-time table from the true origin. intensity: MMI, as last forecast.
    """

    name: str
    distance_km: float
    intensity: float
    s_arrival: float
    warned: float | None
    s_forecast: float | None
    noticed: float | None = None

    @property
    def seconds(self) -> float | None:
        """Seconds from being asked to act until S; negative: it came late."""
        return None if self.warned is None else self.s_arrival - self.warned


class Story:
    """Listens to a replay, says what happens as it happens, and sums it up in the end."""

    def __init__(
        self,
        info: EventInfo,
        travel_times: TravelTimes,
        console: Console,
        others: Elsewhere | None = None,
    ) -> None:
        self._info, self._travel_times, self._console = info, travel_times, console
        self._others = others or Elsewhere()
        self._outlooks: dict[str, Outlook] = {}
        self._alerts: list[Alert] = []
        self._picks: set[str] = set()
        self._told: dict[str, _Told] = {}
        self._named = {place.name for place in (self._others.near, self._others.far) if place}

    def on_ready(self, gateway: Gateway) -> None:
        """Say where the pages are."""
        say = self._console.print
        if not gateway.pages_built:
            say(f"[yellow]{HOW_TO_BUILD}[/yellow]")
        say("\nOpen one of these pages, or both:")
        say(f"  phone    {gateway.url}")
        say(f"  TV       {gateway.url}tv\n")
        if gateway.place is not None:
            self._named.add(gateway.place.name)
            say(f"They show what {gateway.place.name} sees, until you choose a place there.")
        for what, place in ((_NEAR, self._others.near), (_FAR, self._others.far)):
            if place is not None:
                say(f"  {what}: {gateway.url}{_fragment(place)}", soft_wrap=True)
        say("")

    def on_word(self, now: float, word: Word) -> None:
        """Take what came out of the pipeline at that time."""
        match word:
            case Pick() if not self._alerts:
                self._on_pick(now, word)
            case Outlook():
                self._outlooks[word.solution.event] = word
            case Alert():
                self._on_alert(now, word)

    def _on_pick(self, now: float, pick: Pick) -> None:
        if pick.station not in self._picks and len(self._picks) < 4:
            origin = self._info.origin_time  # before it the ground moved from something else
            what = "P wave" if origin is None or pick.time > origin else "Pick"
            self._say(now, f"{what} at {pick.station}")
        self._picks.add(pick.station)

    def _on_alert(self, now: float, alert: Alert) -> None:
        told = self._told.setdefault(alert.event, _Told())
        before = told.versions[-1] if told.versions else None
        told.versions.append(alert)
        self._alerts.append(alert)
        self._remember(now, alert, told)
        if alert.kind == "cancel":
            self._say(now, f"[bold]{alert_text.cancelled(alert)}[/bold]")
        elif before is None or _is_louder(before, alert):
            self._say(now, f"[bold red]{alert_text.title(alert)}[/bold red] {_source(alert)}")
        elif before.level != alert.level:
            self._say(now, f"[bold]{alert_text.lowered(alert)}[/bold] {_source(alert)}")
        else:
            self._say(now, f"update {alert.version}: {_source(alert)}")

    def _remember(self, now: float, alert: Alert, told: "_Told") -> None:
        """Which places the message concerns: a cancelled warning gains nobody anything."""
        if alert.kind == "cancel":
            told.warned.clear()
            return
        outlook = self._outlooks.get(alert.event)
        for forecast in outlook.forecasts if outlook else ():
            if forecast.intensity >= _FELT and _concerns(alert, forecast):
                when = (now, forecast.s_arrival)
                told.noticed.setdefault(forecast.place, when)
                if forecast.intensity >= _ACT and alert.level == "action":
                    told.warned.setdefault(forecast.place, when)

    def _say(self, now: float, text: str) -> None:
        line = f"{self._since(now):+7.1f} s  {text}"
        self._console.print(line, highlight=False, soft_wrap=True)

    def _since(self, time: float) -> float:
        """Seconds after the catalogue's origin, else after the origin that was found."""
        return time - self._origin_time(time)

    def _origin_time(self, otherwise: float) -> float:
        if self._info.origin_time is not None:
            return self._info.origin_time
        return self._alerts[-1].origin.time if self._alerts else otherwise

    def _main(self) -> "_Told | None":
        """Of the event that most was said of, and that was not withdrawn."""
        stand = [told for told in self._told.values() if told.versions[-1].why != "false"]
        return max(stand or self._told.values(), key=lambda t: len(t.versions), default=None)

    def gains(self, places: Sequence[Place]) -> list[Gain]:
        """What the warning was worth at the places that have a forecast, the nearest first."""
        main = self._main()
        if main is None:
            return []
        outlook = self._outlooks.get(main.versions[-1].event)
        if outlook is None:
            return []
        last = {f.place: f for f in outlook.forecasts}
        gains = [self._gain(last[place.name], main) for place in places if place.name in last]
        return sorted(gains, key=lambda gain: (gain.distance_km, gain.name))

    def _gain(self, forecast: Forecast, main: "_Told") -> Gain:
        found, info = main.versions[-1].origin, self._info
        lat = found.lat if info.lat is None else info.lat
        lon = found.lon if info.lon is None else info.lon
        depth_km = found.depth_km if info.depth_km is None else info.depth_km
        away_km = float(distance_km(lat, lon, forecast.lat, forecast.lon))
        s_travel = float(self._travel_times.seconds("S", away_km, depth_km))
        noticed = main.noticed.get(forecast.place)
        warned = main.warned.get(forecast.place)
        first = warned or noticed
        return Gain(
            forecast.place,
            away_km,
            forecast.intensity,
            s_travel,
            warned and self._since(warned[0]),
            first and self._since(first[1]),
            noticed and self._since(noticed[0]),
        )

    def progress(self, now: float) -> str:
        """Where the waves are at that time."""
        info = self._info
        if info.origin_time is None or info.depth_km is None:
            return "Playing"
        after = now - info.origin_time
        if after < 0:
            return f"Quiet; the earthquake begins in {-after:.0f} s"
        p_km, s_km = (self._front_km(phase, after, info.depth_km) for phase in _PHASES)
        return f"{after:.0f} s after it began: P waves are at {p_km:.0f} km, S waves at {s_km:.0f}"

    def _front_km(self, phase: Phase, after: float, depth_km: float) -> float:
        """How far from the epicentre the phase has come by then."""
        table = self._travel_times
        seconds = table.seconds(phase, table.distances_km, depth_km)
        return float(np.interp(after, seconds, table.distances_km, left=0.0))

    def farewell(self, stay: float | None) -> None:
        """Say how long the pages stay open."""
        if stay is None or stay > 0:
            how_long = "" if stay is None else f" for {stay:.0f} s more"
            self._console.print(f"\nThe pages stay open{how_long}; Ctrl-C ends it now.")

    def end(self, places: Sequence[Place]) -> None:
        """The summary: when it was known, when it shook where, seconds gained."""
        if not self._alerts:
            self._console.print("No alert was sent.")
            return
        first, main = self._alerts[0], self._main()
        last = main.versions[-1] if main else self._alerts[-1]
        known = self._since(first.issued)
        self._console.print(f"\nKnown {known:.1f} s after it began; {len(self._alerts)} messages.")
        self._console.print(f"Found: {_source(last)}. {self._truth()}", highlight=False)
        felt = [gain for gain in self.gains(places) if gain.intensity >= _FELT]
        if felt:
            self._console.print(_table(_spread(felt, self._named)))

    def _truth(self) -> str:
        info = self._info
        if info.magnitude is None:
            return ""
        return f"True: M{info.magnitude:.1f}, {info.region or 'region not named'}."


class _Told:
    """What was said of one event: its versions, and when which place was told, with S then."""

    def __init__(self) -> None:
        self.versions: list[Alert] = []
        self.noticed: dict[str, tuple[float, float]] = {}
        self.warned: dict[str, tuple[float, float]] = {}


_NEAR = "where it comes before any warning"
_FAR = "where it is only light"


def _fragment(place: Place) -> str:
    """A page's address for that place; what stands after # is never sent."""
    return f"#lat={place.lat:.3f}&lon={place.lon:.3f}&name={quote(place.name)}"


def _is_louder(before: Alert, now: Alert) -> bool:
    """More than an update: told again after a cancel, at a higher level, or confirmed."""
    confirmed = before.stations == 1 and now.stations != 1
    return before.kind == "cancel" or confirmed or rises(before.level, now.level)


def _concerns(alert: Alert, forecast: Forecast) -> bool:
    """A single-station alert is for the places within its area only."""
    if alert.stations != 1:
        return True
    where = alert.area
    away_km = distance_km(where.lat, where.lon, forecast.lat, forecast.lon)
    return float(away_km) <= where.radius_km


def _source(alert: Alert) -> str:
    origin = alert.origin
    return (
        f"M{alert.magnitude.value:.1f}, {abs(origin.lat):.2f}{'NS'[origin.lat < 0]} "
        f"{abs(origin.lon):.2f}{'EW'[origin.lon < 0]}, {origin.depth_km:.0f} km deep, "
        f"MMI up to {alert.max_intensity:.1f}, {alert_text.basis(alert)}"
    )


def _spread(gains: Sequence[Gain], named: Set[str]) -> list[Gain]:
    """Some of them, from the nearest to the farthest, more of the near ones; named ones always."""
    last = len(gains) - 1
    chosen = {round(last * (i / (_ROWS - 1)) ** 1.5) for i in range(_ROWS)}
    chosen |= {i for i, gain in enumerate(gains) if gain.name in named}
    return [gains[i] for i in sorted(chosen)]


def _table(gains: Sequence[Gain]) -> Table:
    table = Table("place", title="Seconds after the earthquake began", title_justify="left")
    for heading in ("km", "MMI", "banner", "act", "S forecast", "S came", "gained"):
        table.add_column(heading, justify="right")
    for gain in gains:
        table.add_row(
            gain.name,
            f"{gain.distance_km:.0f}",
            f"{gain.intensity:.1f}",
            _or_dash(gain.noticed),
            _or_dash(gain.warned),
            _or_dash(gain.s_forecast),
            f"{gain.s_arrival:.1f}",
            _gained(gain.seconds),
        )
    return table


def _or_dash(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.1f}"


def _gained(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"[green]{seconds:.1f} s[/green]" if seconds > 0 else f"[red]{-seconds:.1f} s late[/red]"
