"""The rooms for programs that have packets of their own: packets in, messages out."""

from collections.abc import Sequence
from math import isfinite
from os import PathLike, fspath

from msgspec.structs import replace

from forewave import config
from forewave.archive import travel_time
from forewave.earth.siting import placed
from forewave.errors import InputError
from forewave.formats.waveforms.sample_array import as_samples
from forewave.live.places import places as usual_places
from forewave.pipeline import Pipeline as Rooms
from forewave.pipeline import run
from forewave.settings import Settings
from forewave.types import Message, Mode, Packet, Place, Station

SettingsOrFile = Settings | str | PathLike[str] | None


class Pipeline:
    """Picks, locates and forecasts from packets as they arrive; no socket, no clock, no thread.

    The answer depends on the packets, their order and the times given, and on nothing else. Time
    never runs back: `now` is the time of arrival, POSIX seconds UTC.

    Args:
        stations: Where the sensors stand. Each has a vertical component first and none or two
            horizontal ones; `Channel.gain` is counts per m/s^2 or m/s.
        places: The points that get shaking forecasts. None: every station, and every town of
            15,000 people or more within 300 km of one (the `towns` section of the settings).
        settings: A `Settings`, or the path of a forewave.toml. None: all defaults.
        mode: What alerts say that they are. "actual" only where people are meant to act on them.

    Raises:
        InputError: There is no station, two have one code, or a number is impossible.
        ConfigError: The settings file is wrong.
        ModelError: The settings name a model that does not exist.

    Examples:
        >>> vertical = forewave.StreamId("XX", "HOME", "", "HNZ")
        >>> channel = forewave.Channel(vertical, gain=400_000.0, unit="m/s^2", rate=100.0)
        >>> home = forewave.Station("XX.HOME", 30.66, 104.06, 500.0, (channel,))
        >>> pipeline = forewave.Pipeline([home], places=[])
        >>> packet = forewave.Packet(vertical, 1.6e9, 100.0, np.zeros(100, np.int32))
        >>> [message.health for time, message in pipeline.feed(packet, now=1.6e9 + 1.2)]
        ['good']
    """

    def __init__(
        self,
        stations: Sequence[Station],
        places: Sequence[Place] | None = None,
        *,
        settings: SettingsOrFile = None,
        mode: Mode = "test",
    ) -> None:
        self._rooms = new_pipeline(stations, places, settings, mode)
        self._now = float("-inf")

    @property
    def misplaced(self) -> dict[str, str]:
        """Stations that are not used because their coordinates cannot be right: why, by code."""
        return dict(self._rooms.misplaced)

    def feed(self, packet: Packet, now: float) -> list[tuple[float, Message]]:
        """Take a packet; answer all that was due until `now` and all that follows from it.

        Args:
            packet: Consecutive samples of one stream: (n,) int32, float32 or float64 in the unit
                that the channel's gain converts; other integers are converted. 0.05 to some 10 s
                long: shorter delays alerts less.
            now: When it arrived, POSIX seconds UTC, not before the last `now`.

        Returns:
            (time, message) pairs as in `play`. A packet that cannot be used gives a `Dropped`.

        Raises:
            InputError: `now` is before an earlier one, or samples are no array of numbers.
        """
        self._advance_clock(now)
        try:
            packet = replace(packet, samples=as_samples(packet.samples))
        except ValueError as error:
            raise InputError(f"packet of {packet.stream}: samples: {error}") from None
        return list(run(self._rooms, [(now, packet)]))

    def advance(self, now: float) -> list[tuple[float, Message]]:
        """Let time pass without a packet; answer what was due until `now`.

        Call it a few times a second where packets may stop: updates and cancellations are due
        at times of their own. Raises InputError where `now` is before an earlier one.
        """
        self._advance_clock(now)
        found: list[tuple[float, Message]] = []
        while (deadline := self._rooms.deadline()) is not None and deadline <= now:
            found += [(deadline, message) for message in self._rooms.tick(deadline)]
        return found

    def _advance_clock(self, now: float) -> None:
        if not isfinite(now) or now < self._now:
            raise InputError(f"now is {now}, expected a time not before {self._now}")
        self._now = now


def new_pipeline(
    stations: Sequence[Station],
    places: Sequence[Place] | None,
    settings: SettingsOrFile,
    mode: Mode,
) -> Rooms:
    """The rooms of these stations and places; arguments and errors as in `Pipeline`."""
    if not isinstance(settings, Settings):
        settings = Settings() if settings is None else config.read(fspath(settings))
    require_stations(stations)
    if places is None:
        near = placed(stations, settings.network.siting)
        places = usual_places(near, settings.towns) if near else ()
    else:
        require_places(places)
    rooms = replace(settings.pipeline, alerts=replace(settings.alerts, mode=mode))
    return Rooms(stations, places, travel_time.load(), rooms)


def require_stations(stations: Sequence[Station]) -> None:
    """Raises InputError where they cannot be a network."""
    if not stations:
        raise InputError("stations: expected at least one, found none")
    codes = [station.code for station in stations]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise InputError(f"stations: {', '.join(twice)}: expected each code once")
    for station in stations:
        require_point(f"station {station.code}", station.lat, station.lon)
        if not station.channels:
            raise InputError(f"station {station.code}: expected a vertical channel, found none")
        for channel in station.channels:
            if channel.stream.code != station.code:
                raise InputError(f"station {station.code}: {channel.stream} is another station's")
            if not isfinite(channel.gain) or channel.gain == 0:
                what = f"gain is {channel.gain}, expected counts per {channel.unit}"
                raise InputError(f"station {station.code}: {channel.stream}: {what}")
            if not (isfinite(channel.rate) and channel.rate > 0):
                what = f"rate is {channel.rate}, expected samples/s"
                raise InputError(f"station {station.code}: {channel.stream}: {what}")


def require_places(places: Sequence[Place]) -> None:
    """Raises InputError where one is no point of the Earth."""
    for place in places:
        require_point(f"place {place.name!r}", place.lat, place.lon)
        if place.vs30_ms is not None and not (isfinite(place.vs30_ms) and place.vs30_ms > 0):
            raise InputError(f"place {place.name!r}: vs30_ms is {place.vs30_ms}, expected m/s")


def require_point(what: str, lat: float, lon: float) -> None:
    """Raises InputError where there is no such point."""
    if not -90.0 <= lat <= 90.0:
        raise InputError(f"{what}: latitude is {lat}, expected -90 to 90 degrees")
    if not -180.0 <= lon <= 180.0:
        raise InputError(f"{what}: longitude is {lon}, expected -180 to 180 degrees")
