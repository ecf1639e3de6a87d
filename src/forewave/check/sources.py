"""Problems of the live sources: they are opened as in a live run, and received for some seconds.

Packets pass the same detectors and health checks as in a live run, so that whatever prevents a
station from being used there is found here, with what to do about it.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from forewave.check.finding import Finding
from forewave.check.values import symptoms
from forewave.errors import ConfigError
from forewave.formats.faults import FAULTS, Severity
from forewave.health.collector import Health
from forewave.health.common_clock import ALIKE, FEWEST
from forewave.health.report import Report, StationReport
from forewave.settings import Settings
from forewave.sources import archive, registry
from forewave.sources.base import Source, run_sources
from forewave.sources.intake.inbox import Inbox, SourceStatus
from forewave.sources.intake.merge import end_of
from forewave.sources.mqtt import topics
from forewave.sources.mqtt.source import MqttSettings, name_of
from forewave.stations.detector import Detector
from forewave.types import Packet, Station, StreamId

SET_CLOCK = "set the clock: run chrony or another NTP service"
LISTEN = 10.0  # seconds
KEPT = 20  # packets of a stream that are checked
MOST_NAMES = 8
MUCH = 20.0  # seconds late, for all stations: rather this computer's clock than telemetry
CLOCKS = ("clock ahead", "too late, or clock behind")  # why a detector refuses
MOST_STRANGERS = 1_000  # stations outside of the inventory that are remembered
NETWORK = (  # part of the reason of a source, and what to do; the first match counts
    (
        "subscriptions refused",
        "permit this user to read these topics at the broker, or correct them",
    ),
    ("Name or service not known", "correct the server's name, or check the name service (DNS)"),
    ("name resolution", "check the name service (DNS) of this computer"),
    ("No address", "correct the server's name, or check the name service (DNS)"),
    ("refused: ", "correct the stations' names, or ask the server's operator"),
    ("Connection refused", "no server listens there: correct the port, or start the server"),
    ("Address already in use", "another program has this port: stop it, or choose another"),
    ("no SeedLink", "another program listens there: correct the port"),
    ("password", "correct username and password"),
    ("certificate", "set tls_ca to the server's certificates, or correct its name"),
    ("SSL", "the server has no TLS at this port: correct port or tls"),
    ("TLS", "the server has no TLS at this port: correct port or tls"),
    ("no answer", "the server is unresponsive, or a firewall blocks it: check both"),
    ("silent", "the server is unresponsive: check it"),
    (archive.NOTHING, "correct path, streams, begin and end of the entry"),
    ("no data", "the server has no current data of these stations: ask its operator"),
    ("", "check the server and the network"),
)
ROOMS: dict[str, tuple[Severity, str]] = {  # why a detector drops packets
    "wrong rate": ("warning", "correct the rate in the inventory"),
    "clock ahead": ("warning", "check the station's clock: GPS antenna or NTP"),
    "too late, or clock behind": ("warning", "check the station's clock and telemetry"),
    "not a channel of this station": ("note", "remove it from selectors: it is not used"),
    "gain unknown": ("warning", "write its gain into the inventory"),
}
STATES = {  # of a station that is received but not used
    "late": "data arrive {latency:.1f} s late: use shorter packets or a faster link",
    "clock": "its clock is {ahead:.1f} s fast: check its GPS antenna or NTP",
    "gappy": "more than one sample in twenty is missing: check the telemetry",
    "clipped": "the sensor is clipped: check its range",
    "calibrating": "its sensor is being calibrated: wait until that has ended",
    "unusable": "its noise is too high: check gain and sensor",
}


def live(settings: Settings, stations: Sequence[Station], seconds: float) -> Iterator[Finding]:
    """Open all sources and receive for this many seconds; 0: do not connect."""
    if not settings.sources:
        what = "there is no [[sources]] to receive data from"
        yield Finding("error", "sources", what, "add one: see docs/reference/sources.md")
        return
    rates = {station.code: station.channels[0].rate for station in stations}
    sources: dict[str, Source] = {}
    for entry in settings.sources:
        try:
            opened = registry.open_all((entry,), rates)
        except ConfigError as error:
            what = str(error).removeprefix("sources: ")
            yield Finding("error", "sources", what, "correct the entry")
            continue
        for source in opened:
            if source.name in sources:
                what = "two entries are the same"
                yield Finding("error", source.name, what, "remove one of them")
            sources[source.name] = source
    if seconds > 0 and sources:
        receiver = _Receiver(settings, stations)
        others = asyncio.run(_receive(receiver, settings, list(sources.values()), seconds))
        yield from receiver.findings()
        yield from others


async def _receive(
    receiver: "_Receiver", settings: Settings, sources: Sequence[Source], seconds: float
) -> list[Finding]:
    """Receive from all at once; findings on topics of brokers that are not subscribed."""
    opened = {source.name for source in sources}
    brokers = [entry for entry in settings.sources if isinstance(entry, MqttSettings)]
    brokers = [entry for entry in brokers if name_of(entry) in opened]
    looking = [topics.other_topics(broker, seconds) for broker in brokers]
    _, *found = await asyncio.gather(receiver.receive(sources, seconds), *looking)
    return [
        _other_topics(broker, topics)
        for broker, topics in zip(brokers, found, strict=True)
        if topics
    ]


def _other_topics(broker: MqttSettings, topics: Sequence[str]) -> Finding:
    what = f"OpenEEW messages arrive on topics that are not subscribed: {_names(topics)}"
    return Finding("warning", name_of(broker), what, "add these to the entry's topics")


class _Receiver:
    """Receives packets, and keeps what is needed for the findings."""

    def __init__(self, settings: Settings, stations: Sequence[Station]) -> None:
        self._stations = stations
        self._detectors = {s.code: Detector(s, settings.stations) for s in stations}
        self._refused_s = settings.stations.clock_ahead
        self._health = Health(stations, time.time())
        self._strangers: set[str] = set()
        self._lately: dict[StreamId, list[Packet]] = defaultdict(list)
        self._lags: dict[str, float] = {}  # by station: of its quickest packet

    async def receive(self, sources: Iterable[Source], seconds: float) -> None:
        """Run the sources for this many seconds."""
        inbox = Inbox()
        running = asyncio.create_task(run_sources(sources, inbox))
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for each in await inbox.take():
                        self._take(each.packet, each.arrival)
        except TimeoutError:
            for status in inbox.statuses():
                self._health.source(status)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def _take(self, packet: Packet, arrival: float) -> None:
        detector = self._detectors.get(packet.stream.code)
        if detector is None:
            if len(self._strangers) < MOST_STRANGERS:
                self._strangers.add(packet.stream.code)
            return
        late = arrival - end_of(packet)
        self._health.arrived(packet.stream.code, late, arrival)
        self._lags[packet.stream.code] = min(late, self._lags.get(packet.stream.code, late))
        pieces = self._lately[packet.stream]
        pieces.append(packet)
        del pieces[:-KEPT]
        for word in detector.feed(packet, arrival):
            self._health.receive(word, arrival)

    def findings(self) -> Iterator[Finding]:
        """What was found in the packets, of sources, clock and stations."""
        report = self._health.report(time.time())
        for status in report.sources:
            yield from _source(status)
        yield from _nothing(report)
        behind = report.clock.state == "behind"
        if behind:
            remedy = SET_CLOCK
            refused = report.clock.behind > self._refused_s
            yield Finding(
                "error" if refused else "warning",
                "clock",
                f"of this computer: {report.clock.reason}",
                remedy,
            )
        ahead = _ahead(sorted(self._lags.values()))
        if ahead is not None:
            what = f"of this computer: {ahead:.0f} s ahead, or all sources are late by that"
            yield Finding("error", "clock", what, SET_CLOCK)
        for station in report.stations:
            yield from _station(station, behind or ahead is not None)
        yield from self._values()
        if self._strangers:
            what = f"received, but not in the inventory: {_names(sorted(self._strangers))}"
            yield Finding(
                "note", "sources", what, "add them, or remove them from the stations of the source"
            )

    def _values(self) -> Iterator[Finding]:
        for station in self._stations:
            for channel in station.channels:
                pieces = self._lately.get(channel.stream, [])
                for what, remedy in symptoms(channel, pieces) if pieces else ():
                    subject = f"{station.code} {channel.stream.channel}"
                    yield Finding("warning", subject, what, remedy)


def _ahead(lags: Sequence[float]) -> float | None:
    """Seconds that this computer's clock is ahead: then all stations are late, by the same."""
    few = len(lags) // 4
    middle = lags[few : len(lags) - few]
    if len(lags) < FEWEST or median(lags) < MUCH or middle[-1] - middle[0] > ALIKE:
        return None
    return median(lags)


def _source(status: SourceStatus) -> Iterator[Finding]:
    """Why a source delivers nothing, or less than was requested."""
    if status.state != "live" or status.reason:
        what = f"{status.state}: {status.reason or 'no answer yet'}"
        remedy = next(remedy for part, remedy in NETWORK if part in what)
        yield Finding("warning", status.source, what, remedy)
    for reason, count in status.dropped.items():
        if reason in FAULTS:
            severity, remedy = FAULTS[reason]
            yield Finding(severity, status.source, f"{reason} ({count} times)", remedy)


def _nothing(report: Report) -> Iterator[Finding]:
    """Stations without data, in one finding; an error if there are no data at all."""
    never = [station.code for station in report.stations if station.state == "never"]
    if len(never) == len(report.stations):
        what = "no data from any station"
        yield Finding("error", "sources", what, "see the other findings")
    elif never:
        what = f"no data from {len(never)} stations of the inventory: {_names(never)}"
        remedy = "check their source, the key stations of its entry, and with its operator"
        yield Finding("warning", "sources", what, remedy)


def _station(station: StationReport, ours: bool) -> Iterator[Finding]:
    """ours: this computer's clock is wrong, so stations only seem fast or late."""
    for reason, count in station.dropped.items():
        if reason in ROOMS and not (ours and reason in CLOCKS):
            severity, remedy = ROOMS[reason]
            yield Finding(severity, station.code, f"{reason} ({count} times)", remedy)
    if station.latency is None and station.state != "never":
        return
    if station.state in STATES and not (ours and station.state in ("clock", "late")):
        text = STATES[station.state].format(latency=station.latency, ahead=station.ahead)
        what, _, remedy = text.partition(": ")
        yield Finding("warning", station.code, what, remedy)


def _names(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - MOST_NAMES} more" if len(codes) > MOST_NAMES else ""
    return ", ".join(codes[:MOST_NAMES]) + more
