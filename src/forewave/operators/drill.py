"""A drill that operators start: never while a real alert is in force, and ended by a real one."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from forewave.earth.travel_time import TravelTimes
from forewave.operators.proposals import RefusedError
from forewave.simulate.drill_alert import drill_alert
from forewave.types import Alert, Place

END_VALID = 60.0  # seconds for which the end of a drill is sent


class Drill:
    """The drill that runs, if any.

    publish: sends an alert to all devices. in_force: the alerts in force now. clock: POSIX seconds.
    """

    def __init__(
        self,
        publish: Callable[[Alert], Any],
        in_force: Callable[[], Sequence[Alert]],
        clock: Callable[[], float],
        travel_times: TravelTimes,
    ) -> None:
        self._publish, self._in_force, self._clock = publish, in_force, clock
        self._travel_times = travel_times
        self._alert: Alert | None = None

    @property
    def running(self) -> Alert | None:
        """The drill that has not ended."""
        if self._alert is not None and self._alert.expires <= self._clock():
            self._alert = None
        return self._alert

    def check(self) -> None:
        """Raise RefusedError where no drill may begin now."""
        real = [alert for alert in self._in_force() if alert.mode != "drill"]
        if real:
            raise RefusedError(f"no drill now: the alert of {real[0].event} is in force")
        if self.running is not None:
            raise RefusedError("a drill is running; end it first")

    def start(self, place: Place, seconds: float, magnitude: float) -> Alert:
        """Begin one. seconds: until S arrives at the place. Raises RefusedError."""
        self.check()
        now = self._clock()
        self._alert = drill_alert(place, seconds, now, self._travel_times, magnitude)
        self._publish(self._alert)
        return self._alert

    def end(self) -> Alert | None:
        """End the drill that runs, on all devices; answers it."""
        alert, self._alert = self.running, None
        if alert is not None:
            now, version = self._clock(), alert.version + 1
            ended = replace(alert, id=f"{alert.event}.{version}", version=version, kind="cancel")
            self._publish(replace(ended, why="false", issued=now, expires=now + END_VALID))
        return alert

    def issued(self, alert: Alert) -> Alert | None:
        """Take note of an alert: a real one ends the drill, which is answered."""
        if alert.mode == "drill" or alert.kind == "cancel":
            return None
        return self.end()
