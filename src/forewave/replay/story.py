"""The terminal output of a replay: alerts as they are issued, then a summary."""

from collections.abc import Sequence
from urllib.parse import quote

import numpy as np
from rich.console import Console

from forewave.alerts import alert_text
from forewave.alerts.policy import rises
from forewave.delivery.gateway import Gateway
from forewave.delivery.pages import HOW_TO_BUILD
from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.formats.recordings.event_info import EventInfo
from forewave.live.places import Elsewhere
from forewave.replay.warning_times import WarningTime, selection, table
from forewave.shaking.intensity.mmi import SCALE as MMI
from forewave.shaking.intensity.scale import Scale, label
from forewave.types import Alert, Forecast, Message, Phase, Pick, Place, ShakingForecast

_PHASES: tuple[Phase, Phase] = ("P", "S")
_FELT = 3.5  # MMI from which a device shows something
_ACT = 5.0  # MMI from which it asks to act


class Story:
    """Prints what happens in a replay as it happens, and a summary at the end.

    info: what the catalogue knows of the earthquake. others: places to point out to viewers.
    scale: the intensity scale that is printed beside MMI.
    """

    def __init__(
        self,
        info: EventInfo,
        travel_times: TravelTimes,
        console: Console,
        others: Elsewhere | None = None,
        scale: Scale = MMI,
    ) -> None:
        self._info, self._travel_times, self._console = info, travel_times, console
        self._others, self._scale = others or Elsewhere(), scale
        self._shaking_forecasts: dict[str, ShakingForecast] = {}
        self._alerts: list[Alert] = []
        self._picks: set[str] = set()
        self._events: dict[str, _Event] = {}
        self._named = {place.name for place in (self._others.near, self._others.far) if place}

    def on_ready(self, gateway: Gateway) -> None:
        """Print the addresses of the pages."""
        say = self._console.print
        if not gateway.pages_built:
            say(f"[yellow]{HOW_TO_BUILD}[/yellow]")
        say("\nOpen one or more of these pages:")
        say(f"  phone    {gateway.url}")
        say(f"  TV       {gateway.url}tv")
        say(f"  console  {gateway.url}console\n")
        if gateway.place is not None:
            self._named.add(gateway.place.name)
            say(f"They show {gateway.place.name}, until you choose another place.")
        for what, place in ((_NEAR, self._others.near), (_FAR, self._others.far)):
            if place is not None:
                say(f"  {what}: {gateway.url}{_fragment(place)}", soft_wrap=True)
        say(
            f"\n{self._subject()} is played, and everything shown is a drill. It begins when a "
            "page is open, or soon without one.\n",
            soft_wrap=True,
        )

    def on_word(self, now: float, word: Message) -> None:
        """Take one output of the pipeline, and its time."""
        match word:
            case Pick() if not self._alerts:
                self._on_pick(now, word)
            case ShakingForecast():
                self._shaking_forecasts[word.solution.event] = word
            case Alert():
                self._on_alert(now, word)

    def _on_pick(self, now: float, pick: Pick) -> None:
        if pick.station not in self._picks and len(self._picks) < 4:
            origin = self._info.origin_time  # a pick before it is no P wave of this earthquake
            what = "P wave" if origin is None or pick.time > origin else "Pick"
            self._say(now, f"{what} at {pick.station}")
        self._picks.add(pick.station)

    def _on_alert(self, now: float, alert: Alert) -> None:
        event = self._events.setdefault(alert.event, _Event())
        before = event.versions[-1] if event.versions else None
        event.versions.append(alert)
        self._alerts.append(alert)
        self._note(now, alert, event)
        if alert.kind == "cancel":
            self._say(now, f"[bold]{alert_text.cancelled(alert)}[/bold]")
        elif before is None or _is_louder(before, alert):
            self._say(
                now, f"[bold red]{alert_text.title(alert)}[/bold red] {_source(alert, self._scale)}"
            )
        elif before.level != alert.level:
            self._say(
                now, f"[bold]{alert_text.lowered(alert)}[/bold] {_source(alert, self._scale)}"
            )
        else:
            self._say(now, f"update {alert.version}: {_source(alert, self._scale)}")

    def _note(self, now: float, alert: Alert, event: "_Event") -> None:
        """Note which places the alert concerns; a cancelled alert has warned nobody."""
        if alert.kind == "cancel":
            event.action.clear()
            return
        shaking = self._shaking_forecasts.get(alert.event)
        for forecast in shaking.forecasts if shaking else ():
            if forecast.intensity >= _FELT and _concerns(alert, forecast):
                when = (now, forecast.s_arrival)
                event.banner.setdefault(forecast.place, when)
                if forecast.intensity >= _ACT and alert.level == "action":
                    event.action.setdefault(forecast.place, when)

    def _say(self, now: float, text: str) -> None:
        line = f"{self._since(now):+7.1f} s  {text}"
        self._console.print(line, highlight=False, soft_wrap=True)

    def _since(self, time: float) -> float:
        """Seconds after the origin: of the catalogue, otherwise of the last alert."""
        return time - self._origin_time(time)

    def _origin_time(self, otherwise: float) -> float:
        if self._info.origin_time is not None:
            return self._info.origin_time
        return self._alerts[-1].origin.time if self._alerts else otherwise

    def _main(self) -> "_Event | None":
        """The event with most alert versions, of those that were not cancelled as false."""
        events = self._events.values()
        stand = [event for event in events if event.versions[-1].why != "false"]
        return max(stand or events, key=lambda event: len(event.versions), default=None)

    def warning_times(self, places: Sequence[Place]) -> list[WarningTime]:
        """The warning times of the places that have a shaking forecast, the nearest first."""
        main = self._main()
        if main is None:
            return []
        shaking = self._shaking_forecasts.get(main.versions[-1].event)
        if shaking is None:
            return []
        last = {f.place: f for f in shaking.forecasts}
        found = [self._warning(last[place.name], main) for place in places if place.name in last]
        return sorted(found, key=lambda warning: (warning.distance_km, warning.name))

    def _warning(self, forecast: Forecast, main: "_Event") -> WarningTime:
        found, info = main.versions[-1].origin, self._info
        lat = found.lat if info.lat is None else info.lat
        lon = found.lon if info.lon is None else info.lon
        depth_km = found.depth_km if info.depth_km is None else info.depth_km
        away_km = float(distance_km(lat, lon, forecast.lat, forecast.lon))
        s_travel = float(self._travel_times.seconds("S", away_km, depth_km))
        banner = main.banner.get(forecast.place)
        action = main.action.get(forecast.place)
        first = action or banner
        return WarningTime(
            forecast.place,
            away_km,
            forecast.intensity,
            s_travel,
            action and self._since(action[0]),
            first and self._since(first[1]),
            banner and self._since(banner[0]),
        )

    def progress(self, now: float) -> str:
        """How far P and S waves have come at that time, for the status line."""
        info = self._info
        if info.origin_time is None or info.depth_km is None:
            return "Playing"
        after = now - info.origin_time
        if after < 0:
            return f"Noise only; origin in {-after:.0f} s"
        p_km, s_km = (self._front_km(phase, after, info.depth_km) for phase in _PHASES)
        return f"{after:.0f} s after origin: P waves at {p_km:.0f} km, S waves at {s_km:.0f} km"

    def _front_km(self, phase: Phase, after: float, depth_km: float) -> float:
        """Epicentral distance in km that the phase has reached."""
        table = self._travel_times
        seconds = table.seconds(phase, table.distances_km, depth_km)
        return float(np.interp(after, seconds, table.distances_km, left=0.0))

    def pages_stay(self, stay: float | None) -> None:
        """Print how long the pages stay open, seconds; None: until Ctrl-C."""
        if stay is None or stay > 0:
            how_long = "" if stay is None else f" for another {stay:.0f} s"
            self._console.print(f"\nThe pages stay open{how_long}. Ctrl-C ends now.")

    def end(self, places: Sequence[Place]) -> None:
        """Print the summary: time of the first alert, last estimate, warning times."""
        if not self._alerts:
            self._console.print("No alert was issued.")
            return
        first, main = self._alerts[0], self._main()
        last = main.versions[-1] if main else self._alerts[-1]
        after, count = self._since(first.issued), len(self._alerts)
        messages = f"{count} message{'s' * (count != 1)}"
        self._console.print(f"\nFirst alert {after:.1f} s after origin; {messages}.")
        self._console.print(
            f"Last estimate: {_source(last, self._scale)}. {self._catalogue()}", highlight=False
        )
        felt = [each for each in self.warning_times(places) if each.intensity >= _FELT]
        if felt:
            self._console.print(table(selection(felt, self._named), self._scale))

    def _subject(self) -> str:
        info = self._info
        if info.magnitude is None:
            return "A recording"
        return f"An earthquake, M{info.magnitude:.1f} ({info.region or 'region not named'}),"

    def _catalogue(self) -> str:
        info = self._info
        if info.magnitude is None:
            return ""
        return f"Catalogue: M{info.magnitude:.1f}, {info.region or 'region not named'}."


class _Event:
    """Alert versions of one event, and by place: when it was first alerted, and S as forecast."""

    def __init__(self) -> None:
        self.versions: list[Alert] = []
        self.banner: dict[str, tuple[float, float]] = {}
        self.action: dict[str, tuple[float, float]] = {}


_NEAR = "S arrives before any alert"
_FAR = "light shaking only"


def _fragment(place: Place) -> str:
    """Fragment of a page's address for that place; browsers do not send it to the server."""
    return f"#lat={place.lat:.3f}&lon={place.lon:.3f}&name={quote(place.name)}"


def _is_louder(before: Alert, now: Alert) -> bool:
    """More than an update: issued again after a cancel, at a higher level, or confirmed."""
    confirmed = before.stations == 1 and now.stations != 1
    return before.kind == "cancel" or confirmed or rises(before.level, now.level)


def _concerns(alert: Alert, forecast: Forecast) -> bool:
    """Whether the place is alerted; a single-station alert is for places within its area only."""
    if alert.stations != 1:
        return True
    where = alert.area
    away_km = distance_km(where.lat, where.lon, forecast.lat, forecast.lon)
    return float(away_km) <= where.radius_km


def _source(alert: Alert, scale: Scale) -> str:
    origin, mmi = alert.origin, alert.max_intensity
    own = "" if scale is MMI else f" ({scale.name} {label(scale, mmi)})"
    return (
        f"M{alert.magnitude.value:.1f}, {abs(origin.lat):.2f}{'NS'[origin.lat < 0]} "
        f"{abs(origin.lon):.2f}{'EW'[origin.lon < 0]}, {origin.depth_km:.0f} km deep, "
        f"MMI up to {mmi:.1f}{own}, {alert_text.basis(alert)}"
    )
