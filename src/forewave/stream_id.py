"""SEED names of streams; also available from `forewave.types`."""

from msgspec import Struct


class StreamId(Struct, frozen=True, order=True):
    """SEED name of one channel's data, e.g. TW.ETM..HLZ."""

    network: str
    station: str
    location: str
    channel: str

    @property
    def code(self) -> str:
        """The station's code, "NET.STA"."""
        return f"{self.network}.{self.station}"

    def __str__(self) -> str:
        return f"{self.network}.{self.station}.{self.location}.{self.channel}"
