"""Which events are wanted of a catalogue, in the terms of the FDSN event service."""

from math import inf
from typing import Literal

from msgspec import Struct

from forewave.errors import InputError
from forewave.types import Magnitude, Mode, Origin, Rupture

Order = Literal["time", "time-asc", "magnitude", "magnitude-asc"]


class TooManyError(InputError):
    """More events than may be asked for at once."""


class GoneError(InputError):
    """The database cannot be asked now."""


class Circle(Struct, frozen=True):
    """Within these distances of a point; all in degrees."""

    lat: float = 0.0
    lon: float = 0.0
    least: float = 0.0
    most: float = 180.0


class Box(Struct, frozen=True):
    """Degrees; west may be greater than east, for a box across 180 degrees."""

    south: float = -90.0
    north: float = 90.0
    west: float = -180.0
    east: float = 180.0


class EventQuery(Struct, frozen=True):
    """begin, end: of the origin, POSIX seconds. updated_after: of the last version's issue.

    event: only this one, withdrawn or not; otherwise withdrawn events are given where `withdrawn`
    is true. mode: None: all. limit: at most so many, after the first `offset` - 1.
    """

    begin: float = -inf
    end: float = inf
    box: Box = Box()
    circle: Circle | None = None
    min_depth_km: float = -inf
    max_depth_km: float = inf
    min_magnitude: float = -inf
    max_magnitude: float = inf
    magnitude_kind: str | None = None
    updated_after: float = -inf
    event: str | None = None
    withdrawn: bool | None = False
    mode: Mode | None = "actual"
    order: Order = "time"
    limit: int | None = None
    offset: int = 1


class Version(Struct, frozen=True):
    """One version of an event as the catalogue has it. picks: JSON, as records.picks reads it."""

    number: int
    issued: float
    origin: Origin
    magnitude: Magnitude
    rupture: Rupture | None
    likelihood: float
    withdrawn: str | None
    picks: str


class Event(Struct, frozen=True):
    """An event with its versions, the latest last. first, updated: issue of the first and last."""

    mode: Mode
    id: str
    first: float
    updated: float
    versions: tuple[Version, ...]

    @property
    def latest(self) -> Version:
        """The version that counts."""
        return self.versions[-1]
