"""What a live machine is set up from: its stations, and whether its ports are free."""

import logging
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from forewave.delivery import ports
from forewave.earth.siting import misplaced
from forewave.errors import ConfigError
from forewave.formats import inventory
from forewave.settings import Settings
from forewave.types import Station

LOG = logging.getLogger(__name__)


def check_ports(settings: Settings) -> None:
    """Raises ConfigError where a port is taken: known before the slow work of setting up."""
    server, relay = settings.server, settings.relay
    ports.check(server.host, {"pages": server.port, "stream": server.stream_port})
    if relay.on:
        ports.check(relay.host, {"relay": relay.port})


def usable_stations(settings: Settings, folder: Path) -> tuple[Station, ...]:
    """Those of the inventory; logs whose coordinates are wrong. Raises ConfigError without any."""
    found, dropped = inventory.read(folder / settings.network.inventory, time.time())
    if not found:
        raise ConfigError(f"{folder / settings.network.inventory}: no station can be used")
    for word in dropped:
        LOG.debug("%s: %s", word.source, word.reason)
    wrong = misplaced(found, settings.network.siting)
    for code, why in wrong.items():
        LOG.warning("%s is not used: coordinates wrong: %s", code, why)
    if len(wrong) == len(found):
        raise ConfigError(f"{folder / settings.network.inventory}: no station stands where it can")
    return found


def sample_rates(stations: Sequence[Station]) -> dict[str, float]:
    """Samples/s by station."""
    return {station.code: station.channels[0].rate for station in stations}


def as_drill(settings: Settings) -> Settings:
    """What happened long ago is no actual earthquake."""
    mode = "drill" if settings.alerts.mode == "actual" else settings.alerts.mode
    return replace(settings, alerts=replace(settings.alerts, mode=mode))
