"""Checks and inputs of a live machine before it is built: ports, stations, mode."""

import logging
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from forewave.delivery import ports
from forewave.earth.siting import misplaced
from forewave.errors import ConfigError
from forewave.formats.inventories import inventory
from forewave.settings import Settings
from forewave.types import Station

LOG = logging.getLogger(__name__)


def check_ports(settings: Settings) -> None:
    """Raises ConfigError if a port is taken, before the slow work of building."""
    server, relay = settings.server, settings.relay
    ports.check(server.host, {"pages": server.port, "stream": server.stream_port})
    if relay.on:
        ports.check(relay.host, {"relay": relay.port})


def usable_stations(settings: Settings, folder: Path) -> tuple[Station, ...]:
    """All stations of the inventory; logs those with wrong coordinates.

    Raises ConfigError if no station can be used.
    """
    found, dropped = inventory.read(folder / settings.network.inventory, time.time())
    if not found:
        raise ConfigError(f"{folder / settings.network.inventory}: no station can be used")
    for each in dropped:
        LOG.debug("%s: %s", each.source, each.reason)
    wrong = misplaced(found, settings.network.siting)
    for code, why in wrong.items():
        LOG.warning("%s is not used: coordinates wrong: %s", code, why)
    if len(wrong) == len(found):
        raise ConfigError(
            f"{folder / settings.network.inventory}: all stations have wrong coordinates"
        )
    return found


def sample_rates(stations: Sequence[Station]) -> dict[str, float]:
    """Sampling rate of the first channel by station, Hz."""
    return {station.code: station.channels[0].rate for station in stations}


def as_drill(settings: Settings) -> Settings:
    """These settings with mode drill instead of actual, for sources that play the past."""
    mode = "drill" if settings.alerts.mode == "actual" else settings.alerts.mode
    return replace(settings, alerts=replace(settings.alerts, mode=mode))
