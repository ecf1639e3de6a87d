"""A small FDSN data centre that serves one recording, with the faults that real ones have."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from forewave.earth.distance import distance_km
from forewave.formats.waveforms import miniseed
from forewave.types import Packet

EPOCH = "2000-01-01T00:00:00"
PARAMETERS = {
    "dataselect": "starttime endtime network station location channel quality minimumlength "
    "longestonly nodata format",
    "station": "starttime endtime startbefore startafter endbefore endafter network station "
    "location channel minlatitude maxlatitude minlongitude maxlongitude latitude longitude "
    "minradius maxradius level includerestricted includeavailability updatedafter matchtimeseries "
    "nodata format",
    "event": "starttime endtime minlatitude maxlatitude minlongitude maxlongitude latitude "
    "longitude minradius maxradius mindepth maxdepth minmagnitude maxmagnitude magnitudetype "
    "includeallorigins includeallmagnitudes includearrivals eventid limit offset orderby catalog "
    "contributor updatedafter nodata format",
}


class FdsnService:
    """Answers for `recording`.

    xml: StationXML and QuakeML to serve instead of text, which is then refused. restricted:
    stations whose waveforms are forbidden. without: stations that have none. slow: path endings
    that take `delay` seconds. spoil: what is done to miniSEED before it goes out. calls: what was
    asked for.
    """

    def __init__(
        self, recording, xml=None, restricted=(), without=(), slow=(), delay=5.0, spoil=bytes
    ):
        self.recording, self.xml = recording, xml or {}
        self.restricted, self.without = set(restricted), set(without)
        self.slow, self.delay = tuple(slow), delay
        self.spoil = spoil
        self.calls = []
        routes = [Route(f"/fdsnws/{s}/1/application.wadl", self.wadl) for s in PARAMETERS]
        routes += [
            Route("/fdsnws/event/1/catalogs", self.catalogs),
            Route("/fdsnws/event/1/contributors", self.contributors),
            Route("/fdsnws/station/1/query", self.stations),
            Route("/fdsnws/event/1/query", self.events),
            Route("/fdsnws/dataselect/1/query", self.waveforms, methods=["GET", "POST"]),
        ]
        self.app = Starlette(routes=routes)

    @contextmanager
    def serving(self):
        """Its address, while it runs."""
        settings = uvicorn.Config(
            self.app, "127.0.0.1", 0, log_level="error", timeout_graceful_shutdown=0
        )
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        until = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < until
            time.sleep(0.005)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        server.should_exit = True
        thread.join(10)

    def note(self, request):
        self.calls.append(request.url.path)
        if request.url.path.endswith(self.slow or ("?",)):
            time.sleep(self.delay)

    def wadl(self, request):
        self.note(request)
        service = request.url.path.split("/")[2]
        names = PARAMETERS[service].split()
        base = str(request.url).removesuffix("/application.wadl")
        params = "".join(f'<param name="{n}" style="query" type="xs:string"/>' for n in names)
        return Response(
            '<?xml version="1.0"?><application xmlns="http://wadl.dev.java.net/2009/02" '
            'xmlns:xs="http://www.w3.org/2001/XMLSchema"><resources '
            f'base="{base}"><resource path="query">'
            f'<method name="GET" id="query"><request>{params}</request></method>'
            "</resource></resources></application>",
            media_type="application/xml",
        )

    def catalogs(self, request):
        return Response("<Catalogs/>", media_type="application/xml")

    def contributors(self, request):
        return Response("<Contributors/>", media_type="application/xml")

    def stations(self, request):
        self.note(request)
        asked = request.query_params
        if self.xml and asked.get("format") == "text":
            return PlainTextResponse("Bad request: format text is not supported", 400)
        inside = [s for s in self.recording.stations if here(s, asked)]
        if not inside:
            return Response(status_code=204)
        if self.xml:
            return Response(self.xml["stations"], media_type="application/xml")
        lines = [line(s, c) for s in inside for c in s.channels]
        return PlainTextResponse("#Network | Station | ...\n" + "\n".join(lines) + "\n")

    def events(self, request):
        self.note(request)
        asked, info = request.query_params, self.recording.info
        if self.xml and asked.get("format") == "text":
            return PlainTextResponse("Bad request: format text is not supported", 400)
        if asked.get("eventid") != info.id:
            return Response(status_code=204)
        if self.xml:
            return Response(self.xml["event"], media_type="application/xml")
        cells = [info.id, iso(info.origin_time), info.lat, info.lon, info.depth_km, "", "", "made"]
        cells += ["", info.magtype, info.magnitude, "", info.region]
        return PlainTextResponse("#EventID | ...\n" + "|".join(map(str, cells)) + "\n")

    async def waveforms(self, request):
        self.note(request)
        rows = [r.split() for r in (await request.body()).decode().splitlines() if "=" not in r]
        codes = {f"{row[0]}.{row[1]}" for row in rows}
        if codes & self.restricted:
            return PlainTextResponse("Error 403: restricted", 403)
        pieces = [p for row in rows for p in self.cut(*row)]
        if not pieces:
            return Response(status_code=204)
        return Response(
            self.spoil(miniseed.encode(pieces)), media_type="application/vnd.fdsn.mseed"
        )

    def cut(self, network, station, location, channel, begin, end):
        """The pieces of one stream within a span."""
        name = f"{network}.{station}.{location.replace('--', '')}.{channel}"
        begin, end = posix(begin), posix(end)
        for s in self.recording.segments:
            if str(s.stream) == name and s.stream.code not in self.without:
                first = max(0, int((begin - s.start) * s.rate))
                last = min(len(s.samples), int((end - s.start) * s.rate) + 1)
                if first < last:
                    yield Packet(s.stream, s.start + first / s.rate, s.rate, s.samples[first:last])


def here(station, asked):
    if "maxradius" in asked:
        lat, lon = float(asked["latitude"]), float(asked["longitude"])
        return distance_km(lat, lon, station.lat, station.lon) <= float(asked["maxradius"]) * 111.2
    return float(asked["minlatitude"]) <= station.lat <= float(asked["maxlatitude"]) and float(
        asked["minlongitude"]
    ) <= station.lon <= float(asked["maxlongitude"])


def line(station, channel):
    s = channel.stream
    unit = {"m/s^2": "M/S**2", "m/s": "M/S"}[channel.unit]
    dip = -90 if s.channel.endswith("Z") else 0
    cells = [s.network, s.station, s.location, s.channel, station.lat, station.lon]
    cells += [
        station.elevation_m,
        0,
        0,
        dip,
        "sensor",
        channel.gain,
        1,
        unit,
        channel.rate,
        EPOCH,
        "",
    ]
    return "|".join(map(str, cells))


def iso(time):
    return (
        datetime.fromtimestamp(time, UTC).isoformat(timespec="microseconds").replace("+00:00", "")
    )


def posix(text):
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
