"""Checks and inputs of a live machine before it is built: ports, stations, mode."""

import logging
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from forewave.delivery.connections import ports
from forewave.delivery.headers import frame_sources
from forewave.earth.siting import misplaced, why_all_misplaced
from forewave.errors import ConfigError, FormatError
from forewave.formats.inventories import inventory
from forewave.settings import ServerSettings, Settings
from forewave.types import Station

LOG = logging.getLogger(__name__)
CORRECT_REGION = "correct the region or the inventory"


def check_ports(settings: Settings, *, shared: bool = False) -> None:
    """Raises ConfigError if a port is taken, before the slow work of building.

    shared: other processes may have the ports of pages and stream open, too.
    """
    server, relay = settings.server, settings.relay
    pages = {"pages (server.port)": server.port, "stream (server.stream_port)": server.stream_port}
    ports.check(server.host, pages, shared=shared)
    if relay.on:
        ports.check(relay.host, {"relay (relay.port)": relay.port})


def frames(server: ServerSettings) -> str:
    """The sites that may frame a page, as headers have them. Raises ConfigError."""
    try:
        return frame_sources(server.frame_ancestors)
    except ValueError as error:
        raise ConfigError(f"server.frame_ancestors: {error}") from None


def read_inventory(
    settings: Settings, folder: Path, at: float | None = None
) -> inventory.Inventory:
    """The stations of the inventory, and what is not used of it. at: as in `inventory.read`.

    Raises ConfigError that names the key if the file does not exist or cannot be read.
    """
    listing = folder / settings.network.inventory
    try:
        if listing.exists() and not listing.is_dir():
            return inventory.read(listing, at)
    except (FormatError, OSError) as error:
        raise ConfigError(f"network.inventory: {error}") from None
    why = "is a folder, expected a file" if listing.is_dir() else "does not exist"
    raise ConfigError(f"network.inventory: {listing} {why}")


def usable_stations(settings: Settings, folder: Path) -> tuple[Station, ...]:
    """All stations of the inventory; logs those with wrong coordinates.

    Raises ConfigError if no station can be used.
    """
    found, dropped = read_inventory(settings, folder, time.time())
    if not found:
        listing = folder / settings.network.inventory
        raise ConfigError(f"network.inventory: {listing}: no station can be used")
    for each in dropped:
        LOG.debug("%s: %s", each.source, each.reason)
    siting = settings.network.siting
    if why := why_all_misplaced(found, siting):
        raise ConfigError(f"network.region: {why}; {CORRECT_REGION}")
    for code, why in misplaced(found, siting).items():
        LOG.warning("%s is not used: coordinates wrong: %s", code, why)
    return found


def sample_rates(stations: Sequence[Station]) -> dict[str, float]:
    """Sampling rate of the first channel by station, Hz."""
    return {station.code: station.channels[0].rate for station in stations}


def as_drill(settings: Settings) -> Settings:
    """These settings with mode drill instead of actual, for sources that play the past."""
    mode = "drill" if settings.alerts.mode == "actual" else settings.alerts.mode
    return replace(settings, alerts=replace(settings.alerts, mode=mode))
