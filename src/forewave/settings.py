"""What can be set, section by section; forewave.toml is read into it by config.py.

Paths are relative to the file. Every key has a default.
"""

from typing import Literal

from msgspec import Struct

from forewave.alerts.policy import AlertSettings
from forewave.earth.siting import Siting, remote_patterns
from forewave.events.tracker import TrackerSettings
from forewave.pipeline import PipelineSettings
from forewave.shaking.forecaster import ShakingSettings
from forewave.stations.settings import DetectorSettings


class NetworkSettings(Struct, frozen=True):
    """Whose stations, and where. region: west, south, east, north; None: where they stand.

    remote: patterns of "NET.STA", with commas, of stations whose coordinates are right however
    far from the others they are.
    """

    name: str = "forewave"
    inventory: str = "stations.csv"
    region: tuple[float, float, float, float] | None = None
    remote: str = ""

    @property
    def siting(self) -> Siting:
        """What tells wrong coordinates from right ones."""
        return Siting(self.region, remote_patterns(self.remote))


class TownSettings(Struct, frozen=True):
    """The named places that get a forecast: towns this large this near to a station."""

    min_population: int = 15_000
    radius_km: float = 300.0


class ServerSettings(Struct, frozen=True):
    """Where pages and stream are served. Port 0: any free one.

    names: with commas, under which pages may be asked for besides addresses, localhost and, beyond
    this machine, its host name. proxies: addresses of reverse
    proxies, with commas, whose X-Forwarded-For is believed. token: who has it may see status and
    metrics from another machine; "": nobody. tls_cert: with this certificate pages and stream speak
    TLS, and nothing else. tls_key "": it is in there.
    """

    host: str = "127.0.0.1"
    port: int = 8460
    stream_port: int = 8461
    names: str = ""
    proxies: str = ""
    token: str = ""
    tls_cert: str = ""
    tls_key: str = ""


class KeySettings(Struct, frozen=True):
    """The file with the key that signs alerts."""

    file: str = "forewave.key"


class WaveformSettings(Struct, frozen=True):
    """The SDS archive of what came in. folder "": none is kept."""

    folder: str = "waveforms"
    days: float = 30.0
    gb: float = 50.0


class RecordSettings(Struct, frozen=True):
    """The record of what the stations said and what was decided. folder "": none is kept."""

    folder: str = "record"
    days: float = 30.0
    gb: float = 10.0


class RelaySettings(Struct, frozen=True):
    """A SeedLink server that hands on what comes in. Port 0: any free one.

    tls_cert: with this certificate it speaks TLS, and nothing else. tls_key "": it is in there.
    """

    on: bool = False
    host: str = "127.0.0.1"
    port: int = 18000
    tls_cert: str = ""
    tls_key: str = ""


class PhoneSettings(Struct, frozen=True):
    """Phones as sensors. on: whether they may send triggers to the pages' server.

    confirm: whether what they see together counts as one witness beside the stations. alone:
    whether it may also warn, locally, where no station has spoken.
    """

    on: bool = False
    confirm: bool = True
    alone: bool = False


class Settings(Struct, frozen=True):
    """Everything that can be set. sources: one struct for each [[sources]], of its kind's card."""

    language: Literal["en", "zh-CN"] = "en"
    network: NetworkSettings = NetworkSettings()
    towns: TownSettings = TownSettings()
    server: ServerSettings = ServerSettings()
    keys: KeySettings = KeySettings()
    alerts: AlertSettings = AlertSettings()
    shaking: ShakingSettings = ShakingSettings()
    events: TrackerSettings = TrackerSettings()
    stations: DetectorSettings = DetectorSettings()
    waveforms: WaveformSettings = WaveformSettings()
    record: RecordSettings = RecordSettings()
    relay: RelaySettings = RelaySettings()
    phones: PhoneSettings = PhoneSettings()
    sources: tuple[Struct, ...] = ()

    @property
    def pipeline(self) -> PipelineSettings:
        """What the four rooms need of it."""
        rooms = (self.stations, self.events, self.shaking, self.alerts)
        alone, siting = self.phones.alone, self.network.siting
        return PipelineSettings(*rooms, phones_alone=alone, siting=siting)
