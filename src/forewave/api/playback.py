"""A recording through the rooms, for programs: message by message, or all of them together."""

from collections.abc import Iterator, Sequence
from os import PathLike
from typing import TypeVar

from msgspec import Struct

from forewave.api.pipeline import new_pipeline
from forewave.errors import InputError
from forewave.formats.recordings.event_directory import Recording
from forewave.pipeline import run
from forewave.settings import Settings
from forewave.sources.replay import arrivals
from forewave.types import Alert, Dropped, Message, Pick, Place, ShakingForecast, Solution

T = TypeVar("T", Pick, Solution, ShakingForecast, Alert, Dropped)


class Analysis(Struct, frozen=True):
    """What `analyze` found: every message, and those of each kind in order of time.

    messages: (time, message) pairs; time is when the message was known, POSIX seconds UTC by the
    arrival of packets.
    """

    messages: tuple[tuple[float, Message], ...]

    @property
    def picks(self) -> list[Pick]:
        """P and S onsets at stations."""
        return self._of(Pick)

    @property
    def solutions(self) -> list[Solution]:
        """Origins and magnitudes; several versions of each event."""
        return self._of(Solution)

    @property
    def shaking_forecasts(self) -> list[ShakingForecast]:
        """MMI and arrival times at all places, one for each update of an event."""
        return self._of(ShakingForecast)

    @property
    def alerts(self) -> list[Alert]:
        """What would have been issued; several versions of each event."""
        return self._of(Alert)

    @property
    def dropped(self) -> list[Dropped]:
        """What the rooms refused, and why."""
        return self._of(Dropped)

    def _of(self, kind: type[T]) -> list[T]:
        return [message for _, message in self.messages if isinstance(message, kind)]


def play(
    recording: Recording,
    *,
    places: Sequence[Place] | None = None,
    settings: Settings | str | PathLike[str] | None = None,
    packet_s: float = 1.0,
    latency_s: float = 0.5,
) -> Iterator[tuple[float, Message]]:
    """Play a recording through the rooms, as fast as it goes, with its packets' timing.

    The same code as in `forewave replay` and `forewave run`: the same recording and settings give
    the same messages on every machine. Alerts have mode "drill".

    Args:
        recording: From `read` or `from_obspy`.
        places: The points that get shaking forecasts, as in `Pipeline`.
        settings: As in `Pipeline`.
        packet_s: Length of a packet in seconds, more than 0, where the recording does not know it.
        latency_s: Seconds from a packet's last sample to its arrival, where not recorded.

    Yields:
        (time, message): when it was known (POSIX seconds UTC, by the arrival of packets), and a
        `Pick`, `PickWithdrawn`, `Amplitude`, `StationState`, `Solution`, `ShakingForecast`,
        `Alert` or `Dropped`.

    Raises:
        InputError: A number is out of range.
        ConfigError: The settings file is wrong.
        ModelError: The settings name a model that does not exist.

    Examples:
        >>> recording = forewave.read("tests/data/us-ci38457511-ridgecrest")
        >>> for time, message in forewave.play(recording):
        ...     if isinstance(message, forewave.Alert):
        ...         print(message.kind, message.level)
        ...         break
        new action
    """
    if not packet_s > 0:
        raise InputError(f"packet_s is {packet_s}, expected more than 0 s")
    if not latency_s >= 0:
        raise InputError(f"latency_s is {latency_s}, expected at least 0 s")
    pipeline = new_pipeline(recording.stations, places, settings, "drill")
    return run(pipeline, arrivals(recording, packet_s, latency_s))


def analyze(
    recording: Recording,
    *,
    places: Sequence[Place] | None = None,
    settings: Settings | str | PathLike[str] | None = None,
    packet_s: float = 1.0,
    latency_s: float = 0.5,
) -> Analysis:
    """Play a whole recording and keep everything: picks, solutions, shaking forecasts, alerts.

    Arguments and errors are those of `play`. A station gives about two messages a second.

    Returns:
        An `Analysis`.

    Examples:
        >>> result = forewave.analyze(forewave.read("tests/data/us-ci38457511-ridgecrest"))
        >>> result.solutions[-1].magnitude.value > 6
        True
    """
    options = {"packet_s": packet_s, "latency_s": latency_s}
    return Analysis(tuple(play(recording, places=places, settings=settings, **options)))
