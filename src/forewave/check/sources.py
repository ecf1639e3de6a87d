"""What of the live sources would not work: they are opened as they would be, and listened to.

What comes goes through the same detectors and the same health as in a live run, so that whatever
keeps a station from being used there is found here, with what to do about it.
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
from forewave.sources import mqtt_topics, registry
from forewave.sources.base import Source, run_sources
from forewave.sources.inbox import Inbox, SourceStatus
from forewave.sources.merge import end_of
from forewave.sources.mqtt import MqttSettings, name_of
from forewave.stations.detector import Detector
from forewave.types import Packet, Station, StreamId

LISTEN = 10.0  # seconds
KEPT = 20  # packets of a stream that are looked at
MOST_NAMES = 8
MUCH = 20.0  # seconds by which all are late, from which on it is our clock rather than telemetry
CLOCKS = ("clock ahead", "too late, or clock behind")  # why a detector refuses
MOST_STRANGERS = 1_000  # stations that are not in the inventory, of which it is remembered
NETWORK = (  # part of a source's reason, and what to do; the first that fits
    ("subscriptions refused", "let this user read these topics at the broker, or correct topics"),
    ("Name or service not known", "correct the server's name, or look at the name service (DNS)"),
    ("name resolution", "look at the name service (DNS) of this machine"),
    ("No address", "correct the server's name, or look at the name service (DNS)"),
    ("refused: ", "correct the stations' names, or ask the server's owner"),
    ("Connection refused", "nothing listens there: correct the port, or start the server"),
    ("Address already in use", "another program has this port: stop it, or choose another"),
    ("no SeedLink", "another program listens there: correct the port"),
    ("password", "correct username and password"),
    ("certificate", "name the server's certificates with tls_ca, or correct its name"),
    ("SSL", "the server speaks no TLS at this port: correct port or tls"),
    ("TLS", "the server speaks no TLS at this port: correct port or tls"),
    ("no answer", "the server hangs, or a firewall is between: look at both"),
    ("silent", "the server hangs: look at it"),
    ("no data", "the server has no data of these stations now: ask its owner"),
    ("", "look at the server and at the way to it"),
)
ROOMS: dict[str, tuple[Severity, str]] = {  # why a detector refuses
    "wrong rate": ("warning", "correct the rate in the inventory"),
    "clock ahead": ("warning", "look at the station's clock: GPS antenna or NTP"),
    "too late, or clock behind": ("warning", "look at the station's clock and telemetry"),
    "not a channel of this station": ("note", "leave it out of selectors: it is not used"),
    "gain unknown": ("warning", "write its gain into the inventory"),
}
STATES = {  # of a station that comes, but does not count
    "late": "data come {latency:.1f} s late: use shorter packets or a faster link",
    "clock": "its clock is {ahead:.1f} s fast: look at its GPS antenna or NTP",
    "gappy": "more than one sample in twenty is missing: look at the telemetry",
    "clipped": "the sensor is at its limit: look at its range",
    "calibrating": "its sensor is being calibrated: wait until that has ended",
    "unusable": "its noise is beyond any: look at gain and sensor",
}


def live(settings: Settings, stations: Sequence[Station], seconds: float) -> Iterator[Finding]:
    """Open all sources and listen for so many seconds, or less if all is heard and well."""
    if not settings.sources:
        what = "there is no [[sources]], so nothing to listen to"
        yield Finding("error", "sources", what, "add one: see docs/reference/sources.md")
        return
    rates = {station.code: station.channels[0].rate for station in stations}
    sources: dict[str, Source] = {}
    for entry in settings.sources:
        try:
            opened = registry.open_all((entry,), rates)
        except ConfigError as error:
            yield Finding("error", "sources", str(error), "correct the entry")
            continue
        for source in opened:
            if source.name in sources:
                what = "two entries are the same"
                yield Finding("error", source.name, what, "make one of them")
            sources[source.name] = source
    if seconds > 0 and sources:
        ear = _Ear(settings, stations)
        others = asyncio.run(_listen(ear, settings, list(sources.values()), seconds))
        yield from ear.findings()
        yield from others


async def _listen(
    ear: "_Ear", settings: Settings, sources: Sequence[Source], seconds: float
) -> list[Finding]:
    """Everything at once; what brokers carry that nobody asked them for."""
    opened = {source.name for source in sources}
    brokers = [entry for entry in settings.sources if isinstance(entry, MqttSettings)]
    brokers = [entry for entry in brokers if name_of(entry) in opened]
    looking = [mqtt_topics.other_topics(broker, seconds) for broker in brokers]
    _, *found = await asyncio.gather(ear.listen(sources, seconds), *looking)
    return [
        _other_topics(broker, topics)
        for broker, topics in zip(brokers, found, strict=True)
        if topics
    ]


def _other_topics(broker: MqttSettings, topics: Sequence[str]) -> Finding:
    what = f"OpenEEW messages come on topics that are not asked for: {_names(topics)}"
    return Finding("warning", name_of(broker), what, "add these to the entry's topics")


class _Ear:
    """Listens, and remembers what is needed to say what is wrong."""

    def __init__(self, settings: Settings, stations: Sequence[Station]) -> None:
        self._stations = stations
        self._detectors = {s.code: Detector(s, settings.stations) for s in stations}
        self._refused_s = settings.stations.clock_ahead
        self._health = Health(stations, time.time())
        self._strangers: set[str] = set()
        self._lately: dict[StreamId, list[Packet]] = defaultdict(list)
        self._lags: dict[str, float] = {}  # by station: of its quickest packet

    async def listen(self, sources: Iterable[Source], seconds: float) -> None:
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
        report = self._health.report(time.time())
        for status in report.sources:
            yield from _source(status)
        yield from _nothing(report)
        behind = report.clock.state == "behind"
        if behind:
            remedy = "set it right: run chrony or another NTP service"
            refused = report.clock.behind > self._refused_s
            yield Finding(
                "error" if refused else "warning",
                "clock",
                f"of this machine: {report.clock.reason}",
                remedy,
            )
        ahead = _ahead(sorted(self._lags.values()))
        if ahead is not None:
            what = f"of this machine: it is ahead by {ahead:.0f} s, or every source is late by that"
            yield Finding("error", "clock", what, "set it right: run chrony or another NTP service")
        for station in report.stations:
            yield from _station(station, behind or ahead is not None)
        yield from self._values()
        if self._strangers:
            what = f"come, but are not in the inventory: {_names(sorted(self._strangers))}"
            yield Finding("note", "sources", what, "add them, or leave them out of stations")

    def _values(self) -> Iterator[Finding]:
        for station in self._stations:
            for channel in station.channels:
                pieces = self._lately.get(channel.stream, [])
                for what, remedy in symptoms(channel, pieces) if pieces else ():
                    subject = f"{station.code} {channel.stream.channel}"
                    yield Finding("warning", subject, what, remedy)


def _ahead(lags: Sequence[float]) -> float | None:
    """How far this machine's clock is ahead: then all stations are late, and by the same."""
    few = len(lags) // 4
    middle = lags[few : len(lags) - few]
    if len(lags) < FEWEST or median(lags) < MUCH or middle[-1] - middle[0] > ALIKE:
        return None
    return median(lags)


def _source(status: SourceStatus) -> Iterator[Finding]:
    """Why a source brings nothing, or less than it was asked for."""
    if status.state != "live" or status.reason:
        what = f"{status.state}: {status.reason or 'no answer yet'}"
        remedy = next(remedy for part, remedy in NETWORK if part in what)
        yield Finding("warning", status.source, what, remedy)
    for reason, count in status.dropped.items():
        if reason in FAULTS:
            severity, remedy = FAULTS[reason]
            yield Finding(severity, status.source, f"{reason} ({count} times)", remedy)


def _nothing(report: Report) -> Iterator[Finding]:
    """Stations of which nothing came, in one line; and if nothing came at all, an error."""
    never = [station.code for station in report.stations if station.state == "never"]
    if len(never) == len(report.stations):
        what = "nothing comes from any station"
        yield Finding("error", "sources", what, "see the other findings")
    elif never:
        what = f"nothing comes of {len(never)} stations of the inventory: {_names(never)}"
        remedy = "is their source well? do its stations name them? does its owner know them?"
        yield Finding("warning", "sources", what, remedy)


def _station(station: StationReport, ours: bool) -> Iterator[Finding]:
    """ours: this machine's clock is wrong, so that stations that seem fast or late are not."""
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
