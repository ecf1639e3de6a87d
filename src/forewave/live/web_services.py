"""The FDSN web services of a live machine: what it keeps, served by its own HTTP port."""

from collections.abc import Sequence
from pathlib import Path

from starlette.routing import Route

from forewave.archive.web_services.routes import Archived, routes
from forewave.settings import Settings
from forewave.types import Station


def web_services(
    settings: Settings, folder: Path, stations: Sequence[Station], database: str
) -> list[Route]:
    """Their routes, if the settings want them. database: address of the catalogue; "": none."""
    if not settings.catalogue.fdsnws:
        return []
    waveforms, network = settings.waveforms.folder, settings.network
    kept = folder / waveforms if waveforms else None
    return routes(Archived(database, kept, folder / network.inventory, stations, network.name))
