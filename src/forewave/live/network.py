"""What every process of a network reads first: stations, places, travel times, keys, TLS."""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from forewave.archive import travel_time
from forewave.delivery.served_keys import K, KeyFiles
from forewave.earth.siting import misplaced
from forewave.earth.travel_time import TravelTimes
from forewave.live.places import places
from forewave.live.setup import usable_stations
from forewave.live.steady_clock import SteadyClock
from forewave.relay import tls
from forewave.settings import Settings
from forewave.types import Place, Station


class NetworkParts:
    """Each part once, when it is first needed. folder: what paths in the settings are relative to.

    Raises ConfigError, one line, where a file cannot be used.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings, self._folder = settings, folder

    @cached_property
    def stations(self) -> tuple[Station, ...]:
        """Those that can be used."""
        return usable_stations(self._settings, self._folder)

    @cached_property
    def misplaced(self) -> Mapping[str, str]:
        """Stations whose coordinates cannot be right, and why."""
        return misplaced(self.stations, self._settings.network.siting)

    @cached_property
    def sites(self) -> tuple[Place, ...]:
        """The points that get shaking forecasts."""
        placed = [station for station in self.stations if station.code not in self.misplaced]
        return tuple(places(placed, self._settings.towns))

    @cached_property
    def certificates(self) -> tls.Certificates:
        """The TLS certificates of pages and relay."""
        return tls.Certificates(self._settings, self._folder)

    def key_files_by(self, load: Callable[[Path], K]) -> KeyFiles[K]:
        """The files of keys and key list. load: as in KeyFiles."""
        named = self._settings.keys
        listed = self._folder / named.list if named.list else None
        return KeyFiles(load, self._folder / named.file, listed)

    @cached_property
    def travel_times(self) -> TravelTimes:
        """The travel-time table."""
        return travel_time.load()

    @cached_property
    def steady(self) -> SteadyClock:
        """The clock of arrivals."""
        return SteadyClock()
