"""A relay that two programs switch: a GPIO pin, a USB relay, a smart plug, a fire panel."""

from collections.abc import Iterator
from typing import Annotated

from forewave.channels.actuators.command import found
from forewave.channels.actuators.program import run
from forewave.channels.actuators.switch import Switch, SwitchSettings
from forewave.channels.card import Card, Context, DeliveryError
from forewave.errors import ConfigError
from forewave.field import about
from forewave.sources.exposure import Exposure


class RelaySettings(SwitchSettings, frozen=True, kw_only=True, tag="relay"):
    """A siren, door, lift or gas valve that programs switch on and off."""

    on: Annotated[tuple[str, ...], about("The program that switches on, and its arguments")]
    off: Annotated[tuple[str, ...], about("The program that switches off")]
    drill_on: Annotated[
        tuple[str, ...], about("The program that switches on for a drill, recognisable as such")
    ] = ()


class Relay(Switch):
    """Two programs. Raises ConfigError where one is not there."""

    def __init__(self, settings: RelaySettings, context: Context) -> None:
        super().__init__(settings.name or "relay", settings.most_s, context.clock)
        self._seconds = settings.timeout * 0.8
        folder = context.folder
        self._on = found(settings.on, folder, "on")
        self._off = found(settings.off, folder, "off")
        if settings.drills and not settings.drill_on:
            raise ConfigError("drill_on: expected a program, because drills = true")
        self._drill_on = found(settings.drill_on, folder, "drill_on") if settings.drill_on else ()

    async def _set(self, drill: bool | None) -> None:
        if drill and not self._drill_on:
            raise DeliveryError("no drill: set drill_on to show one", retry=False, received=False)
        command = self._off if drill is None else self._drill_on if drill else self._on
        await run(command, self._seconds, b"", {"FOREWAVE_DRILL": str(int(bool(drill)))})


def _exposure(settings: RelaySettings) -> Iterator[Exposure]:
    return iter(())


CARD = Card("relay", RelaySettings, Relay, _exposure)
