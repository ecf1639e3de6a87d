"""CAP: served as an Atom feed, written to a folder, and posted to an aggregator.

Versions that were sent are kept on disk, so that after a restart an update still refers to every
one of them. docs/reference/cap.md describes the documents.
"""

import asyncio
import logging
import os
from collections.abc import Iterable, Sequence
from math import isnan
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from forewave.archive import travel_time
from forewave.channels.cap.area import area_of
from forewave.channels.cap.document import (
    MEDIA_TYPE,
    Facts,
    document,
    headline,
    kind_of,
    version_of,
)
from forewave.channels.cap.feed import Document, Documents, feed
from forewave.channels.card import Card, ChannelSettings, Context, DeliveryError, Notification
from forewave.channels.texts.all_languages import languages, texts
from forewave.earth.travel_time import TravelTimes
from forewave.errors import ConfigError
from forewave.field import about
from forewave.formats.protocols import alert_message
from forewave.sources.exposure import Exposure

LATER = (408, 425, 429)  # of 4xx those after which another try may succeed
SWEEP = 1.0  # seconds between two looks for what has expired
_LOG = logging.getLogger("forewave.channels")


class CapSettings(ChannelSettings, tag="cap", frozen=True, kw_only=True):
    """CAP 1.2 documents: as an Atom feed, in a folder, and posted to an aggregator."""

    sender: Annotated[
        str, about("Who issues the documents, as others know you: such as alerts@example.org")
    ]
    feed: Annotated[bool, about("Serve /cap/feed.atom with the pages")] = True
    path: Annotated[
        str, about('Folder for the newest document of each event; "": none is written')
    ] = ""
    url: Annotated[
        str | None, about("Aggregator to post each document to; none: it is not posted")
    ] = None
    token: Annotated[str, about('Bearer token of the aggregator; "": none')] = ""


class CapChannel:
    """The channel. documents: what is live."""

    def __init__(self, settings: CapSettings, context: Context) -> None:
        if not settings.sender or any(c in " ,<&" or not c.isprintable() for c in settings.sender):
            raise ConfigError("sender: expected a name without spaces, commas, < and &")
        self.name = settings.name or "cap"
        self.documents = Documents()
        self._settings, self._clock = settings, context.clock
        self._folder = Path(settings.path) if settings.path else None
        self._file = context.record and context.record / f"{self.name}.cap.json"
        self._words = {code: texts(code) for code in languages()}
        self._session: aiohttp.ClientSession | None = None
        self._travel_times: TravelTimes | None = None

    # What the chain calls

    async def open(self) -> None:
        """Read what was sent before a restart."""
        if self._travel_times is None:
            self._travel_times = (await asyncio.to_thread(travel_time.load)).coarse()
            await asyncio.to_thread(self._restore)
        if self._settings.url and self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._settings.timeout)
            self._session = aiohttp.ClientSession(timeout=timeout)

    async def send(self, notification: Notification) -> None:
        """Publish the document of this version. The end of an alert is in each: `expires`."""
        if notification.reason == "final":
            return
        event, made = await asyncio.to_thread(self._made, notification)
        self.documents.add(event, made)
        fault = await asyncio.to_thread(self._written, event)
        if self._session is not None:
            await self._post(self._session, made)
        if fault is not None:
            raise fault

    async def expire(self, event: str) -> None:
        """Remove what has expired; a cancel is valid for a day, unless it is of a test."""
        await self._sweep(f"test:{event}")

    async def work(self) -> None:
        """Remove documents when they expire."""
        while True:
            await asyncio.sleep(SWEEP)
            await self._sweep()

    async def close(self) -> None:
        """Close the connection to the aggregator."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    # Documents

    def _made(self, notification: Notification) -> tuple[str, Document]:
        assert self._travel_times is not None
        message, _ = alert_message.read(notification.message)
        alert, event = notification.alert, f"{message.mode}:{message.id}"
        onset = alert.origin_time if isnan(alert.s_arrival) else alert.s_arrival
        area = area_of(message, self._travel_times)
        facts = Facts(message, alert.mmi, area, onset, notification.message)
        earlier = self.documents.earlier(event, message.n)
        made = Document(
            version=version_of(message),
            number=message.n,
            kind=kind_of(message, earlier),
            title=headline(message, alert.mmi, self._words["en"]),
            sent=message.iss / 1000.0,
            expires=message.exp / 1000.0,
            xml=document(facts, earlier, self._settings.sender, self._words),
        )
        return event, made

    async def _post(self, session: aiohttp.ClientSession, made: Document) -> None:
        headers = {"Content-Type": MEDIA_TYPE}
        if self._settings.token:
            headers["Authorization"] = f"Bearer {self._settings.token}"
        try:
            async with session.post(
                str(self._settings.url), data=made.xml, headers=headers, allow_redirects=False
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, OSError) as error:
            raise DeliveryError(f"no connection: {error}") from None
        if status not in range(200, 300):
            lasting = 300 <= status < 500 and status not in LATER
            raise DeliveryError(f"HTTP {status}", retry=not lasting)

    # Files

    async def _sweep(self, over: str = "") -> None:
        before = dict(self.documents.events)
        was_there = self.documents.remove(over)
        if self.documents.expire(self._clock()) or was_there:
            await asyncio.to_thread(self._remove_files, before)

    def _written(self, event: str) -> DeliveryError | None:
        """What went wrong with the files, which keeps nothing from the aggregator."""
        try:
            self._write(event)
        except OSError as error:
            return DeliveryError(f"cannot write: {error.filename}: {error.strerror}")
        return None

    def _write(self, event: str) -> None:
        """The newest version, in place of the one before; then what is live."""
        *old, new = self.documents.events[event]
        if self._folder is not None:
            _replace(self._folder / f"{new.version.identifier}.xml", new.xml)
            for each in old:
                (self._folder / f"{each.version.identifier}.xml").unlink(missing_ok=True)
        self._store()

    def _remove_files(self, before: dict[str, list[Document]]) -> None:
        for event, versions in before.items():
            if event not in self.documents.events and self._folder is not None:
                for each in versions:
                    (self._folder / f"{each.version.identifier}.xml").unlink(missing_ok=True)
        self._store()

    def _store(self) -> None:
        if self._file is not None:
            _replace(self._file, msgspec.json.encode(self.documents.events))

    def _restore(self) -> None:
        """What was sent before; files of other documents are stale."""
        self._read()
        live = {f"{d.version.identifier}.xml" for d in self.documents.newest(self._clock())}
        for path in self._folder.glob("forewave-*.xml") if self._folder else ():
            if path.name not in live:
                path.unlink(missing_ok=True)

    def _read(self) -> None:
        if self._file is None or not self._file.exists():
            return
        try:
            stored = msgspec.json.decode(self._file.read_bytes(), type=dict[str, list[Document]])
        except (OSError, ValueError) as error:
            _LOG.warning("%s: %s", self._file, error)
            return
        self.documents.restore(stored)

    # What is fetched

    def routes(self) -> Sequence[BaseRoute]:
        """The feed and its documents."""
        if not self._settings.feed:
            return []
        return [
            Route("/cap/feed.atom", self._feed),
            Route("/cap/{identifier}.xml", self._document),
        ]

    async def _feed(self, request: Request) -> Response:
        now = self._clock()
        body = feed(self.documents.newest(now), self._settings.sender, now)
        return Response(body, media_type="application/atom+xml", headers=_OPEN)

    async def _document(self, request: Request) -> Response:
        found = self.documents.find(request.path_params["identifier"], self._clock())
        if found is None:
            return PlainTextResponse("No such document, or it has expired.\n", status_code=404)
        return Response(found, media_type=MEDIA_TYPE, headers=_OPEN)


_OPEN = {"Access-Control-Allow-Origin": "*"}  # what everybody may read, pages of others too


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, as its readers see it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)


def _exposure(settings: Any) -> Iterable[Exposure]:
    if settings.token and str(settings.url).startswith("http:"):
        subject = f"channel {settings.name or 'cap'}"
        what = "the token of the aggregator is sent unencrypted"
        yield Exposure("warning", subject, what, "use an https: address")


CARD = Card("cap", CapSettings, CapChannel, _exposure)
