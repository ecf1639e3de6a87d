"""The sections of forewave.toml; config.py reads the file into them.

Paths are relative to the file. Every key has a default. Limits, unit and description of a key stand
beside its field (field.py).
"""

from typing import Annotated, Any, Literal

from msgspec import Struct

from forewave.alerts.policy import AlertSettings
from forewave.earth.siting import Siting, remote_patterns
from forewave.events.publication import TrackerSettings
from forewave.field import Count, Degrees, Km, Port, about
from forewave.phones.settings import PhoneSettings
from forewave.pipeline import PipelineSettings
from forewave.shaking.forecaster import ShakingSettings
from forewave.stations.settings import DetectorSettings

# Keys of older versions and what they are called now.
RENAMED = {
    "alerts.notices": "alerts.single_station",
    "alerts.max_notice_sigma_km": "alerts.max_single_station_sigma_km",
    "events.minimum_likelihood": "alerts.min_likelihood",
    "events.widest_km": "alerts.max_epicentre_sigma_km",
}


class NetworkSettings(Struct, frozen=True):
    """The network of stations, and its region."""

    name: Annotated[str, about("Name of the network, in titles and logs")] = "forewave"
    inventory: Annotated[str, about("Stations: StationXML or stations.csv")] = "stations.csv"
    region: Annotated[
        tuple[Degrees, Degrees, Degrees, Degrees] | None,
        about("West, south, east, north; stations outside are not used"),
    ] = None
    remote: Annotated[
        str,
        about(
            "NET.STA patterns, with commas: stations whose coordinates are right although they "
            "are outside the region or far from all others"
        ),
    ] = ""
    scale: Annotated[
        str, about("Intensity scale that the terminal shows beside MMI; alerts and pages use MMI")
    ] = "mmi"

    @property
    def siting(self) -> Siting:
        """What tells wrong coordinates from right ones."""
        return Siting(self.region, remote_patterns(self.remote))


class TownSettings(Struct, frozen=True):
    """Towns that get a forecast by name."""

    min_population: Annotated[Count, about("Smallest population of a town")] = 15_000
    radius_km: Annotated[Km, about("Largest distance from a town to its nearest station")] = 300.0


class ServerSettings(Struct, frozen=True):
    """The server of pages and stream."""

    host: Annotated[
        str, about("Address to listen at; 127.0.0.1: this machine only, 0.0.0.0: any interface")
    ] = "127.0.0.1"
    port: Annotated[Port, about("Port of pages, stream and API; 0: any free one")] = 8460
    stream_port: Annotated[
        Port,
        about("A second port that serves the same: older versions had one for the stream; 0: none"),
    ] = 0
    names: Annotated[
        str,
        about(
            "Host names, with commas, that requests may use besides addresses, localhost and this "
            "machine's own; others are answered 421"
        ),
    ] = ""
    origins: Annotated[
        str,
        about(
            "Sites, with commas, whose pages may use the stream besides this server's own: "
            'https://home.example, or "*" for any'
        ),
    ] = ""
    frame_ancestors: Annotated[
        str,
        about(
            "Sites, with spaces, that may show the pages in a frame: 'self', "
            'https://home.example; "": none'
        ),
    ] = "'self'"
    proxies: Annotated[
        str, about("Addresses of reverse proxies, with commas, whose X-Forwarded-For is believed")
    ] = ""
    token: Annotated[
        str, about('Shows status and metrics to other machines; "": to this machine only')
    ] = ""
    tls_cert: Annotated[
        str, about('Certificate (PEM) of pages and stream, which then speak TLS only; "": no TLS')
    ] = ""
    tls_key: Annotated[str, about('Key of the certificate; "": it is in the same file')] = ""


class KeySettings(Struct, frozen=True):
    """The key that signs alerts."""

    file: Annotated[str, about("File of the private key; keep it secret")] = "forewave.key"
    list: Annotated[
        str,
        about(
            'List of keys that an offline root has signed (forewave keys sign); "": devices trust '
            "the keys as far as the connection"
        ),
    ] = ""


class OperatorSettings(Struct, frozen=True):
    """People who may cancel an alert or start a drill, two together."""

    file: Annotated[
        str,
        about('Accounts (forewave operators add); "": nobody can log in'),
    ] = ""
    audit: Annotated[
        str,
        about('Log of starts, key changes, logins and actions; "": none, and no actions'),
    ] = "audit.jsonl"


Days = Annotated[float, about("Older files are removed", "days", ge=0, le=36_500)]
Gigabytes = Annotated[float, about("Beyond this the oldest are removed", "GB", ge=0, le=10**6)]


class WaveformSettings(Struct, frozen=True):
    """The SDS archive of received waveforms."""

    folder: Annotated[str, about('Root of the archive; "": nothing is kept')] = "waveforms"
    days: Days = 30.0
    gb: Gigabytes = 50.0


class RecordSettings(Struct, frozen=True):
    """The event log: observations, solutions and alerts."""

    folder: Annotated[
        str, about('Folder of the log; "": none is kept, and a restart begins from nothing')
    ] = "record"
    days: Days = 30.0
    gb: Gigabytes = 10.0


class CatalogueSettings(Struct, frozen=True):
    """The catalogue of events, solutions and alerts, and FDSN web services."""

    database: Annotated[
        str,
        about(
            "A file (SQLite) in record.folder, or postgresql://USER:PASSWORD@HOST:PORT/NAME; "
            '"": none is kept'
        ),
    ] = "catalogue.sqlite"
    fdsnws: Annotated[
        bool,
        about("Serve events, stations and waveforms to programs at /fdsnws (FDSN web services)"),
    ] = True


class RelaySettings(Struct, frozen=True):
    """A SeedLink server that hands on received packets."""

    on: Annotated[bool, about("Serve SeedLink")] = False
    host: Annotated[str, about("Address to listen at; 127.0.0.1: this machine only")] = "127.0.0.1"
    port: Annotated[Port, about("SeedLink port; 0: any free one")] = 18000
    tls_cert: Annotated[
        str, about('Certificate (PEM); the server then speaks TLS only; "": no TLS')
    ] = ""
    tls_key: Annotated[str, about('Key of the certificate; "": it is in the same file')] = ""


class ClusterSettings(Struct, frozen=True):
    """Several machines: the roles of `forewave run --role`."""

    bus: Annotated[
        str, about("NATS nodes: nats://HOST:PORT,HOST:PORT..., the same list in every role")
    ] = ""
    region: Annotated[str, about("Name of the region in subjects and buckets of NATS")] = "main"
    shard: Annotated[str, about("Stations of this ingest: NUMBER/COUNT, such as 1/3")] = "1/1"
    name: Annotated[str, about('Name of this process; "": its machine and process number')] = ""
    share_port: Annotated[
        bool,
        about("Gateways: let others of this machine listen on the same port, which share devices"),
    ] = False
    lease_s: Annotated[
        float,
        about("Without renewal for so long, another decide takes over", "s", ge=0.2, le=60),
    ] = 0.5


class Settings(Struct, frozen=True):
    """Everything that can be set.

    sources: one struct for each [[sources]], of its kind's card. channels: the tables of
    [[channels]] as they are in the file; forewave.channels.registry reads them, which is above
    these settings.
    """

    language: Annotated[
        Literal[
            "en",
            "es",
            "es-419",
            "ja",
            "tr",
            "zh-CN",
            "zh-TW",
            "ar",
            "el",
            "fa",
            "hi",
            "id",
            "it",
            "ne",
        ],
        about("Language of the pages until a user chooses another"),
    ] = "en"
    network: NetworkSettings = NetworkSettings()
    towns: TownSettings = TownSettings()
    server: ServerSettings = ServerSettings()
    keys: KeySettings = KeySettings()
    operators: OperatorSettings = OperatorSettings()
    alerts: AlertSettings = AlertSettings()
    shaking: ShakingSettings = ShakingSettings()
    events: TrackerSettings = TrackerSettings()
    stations: DetectorSettings = DetectorSettings()
    waveforms: WaveformSettings = WaveformSettings()
    record: RecordSettings = RecordSettings()
    catalogue: CatalogueSettings = CatalogueSettings()
    relay: RelaySettings = RelaySettings()
    phones: PhoneSettings = PhoneSettings()
    cluster: ClusterSettings = ClusterSettings()
    sources: tuple[Struct, ...] = ()
    channels: tuple[dict[str, Any], ...] = ()

    @property
    def pipeline(self) -> PipelineSettings:
        """What the rooms need of it."""
        rooms = (self.stations, self.events, self.shaking, self.alerts, self.phones)
        return PipelineSettings(*rooms, siting=self.network.siting)
