"""The routes of the API, for a Starlette application.

/api/alerts, /api/alerts.atom                        signed alerts
/api/events, /api/events/ID                          GeoJSON, USGS summary layout
/earthquakes/feed/v1.0/summary/NAME.geojson          the same under the names of USGS
/api/openapi.json, /api/asyncapi.json                descriptions
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forewave.delivery.feeds import asyncapi, openapi
from forewave.delivery.feeds.alert_list import alert_list
from forewave.delivery.feeds.answers import CORS, Answers, Made, TooManyError, answer
from forewave.delivery.feeds.atom import atom
from forewave.delivery.feeds.geojson import choose, collection, feature
from forewave.delivery.feeds.history import AlertHistory, Entry
from forewave.delivery.feeds.parameters import (
    ALERTS,
    ATOM,
    EVENTS,
    ONE_EVENT,
    AlertQuery,
    EventQuery,
    Parameter,
    ParameterError,
    read,
)
from forewave.delivery.feeds.problem import Problem
from forewave.delivery.feeds.summaries import SUMMARIES, Summary

JSON, GEOJSON = "application/json", "application/geo+json"
USGS = "/earthquakes/feed/v1.0"
ATOM_XML, PROBLEM = "application/atom+xml", "application/problem+json"
METHODS = ["GET", "OPTIONS"]  # HEAD comes with GET
LONGEST_BASE = 300

Respond = Callable[[Request], Awaitable[Response]]
Build = Callable[[tuple[Entry, ...], Any, str, str], Made]


def routes(history: AlertHistory, clock: Callable[[], float]) -> list[Route]:
    """clock: the server's, POSIX seconds; in a replay that of the replay."""
    feeds = _Feeds(history, clock)
    summaries = [_summary(feeds, name, summary) for name, summary in SUMMARIES.items()]
    return [
        _route("/api/alerts", feeds.respond(ALERTS, AlertQuery, _alerts)),
        _route("/api/alerts.atom", feeds.respond(ATOM, AlertQuery, _atom)),
        _route("/api/events", feeds.respond(EVENTS, EventQuery, partial(_events, clock))),
        _route("/api/events/{event:path}", feeds.event),
        *summaries,
        _route("/api/openapi.json", feeds.fixed(openapi.document)),
        _route("/api/asyncapi.json", feeds.fixed(asyncapi.document)),
        *(_route(f"{below}/{{name:path}}", _nothing) for below in ("/api", USGS)),
    ]


class _Feeds:
    def __init__(self, history: AlertHistory, clock: Callable[[], float]) -> None:
        self._history, self._clock = history, clock
        self._answers = Answers()

    def respond(
        self, known: Mapping[str, Parameter], kind: type[Struct], build: Build, **fixed: Any
    ) -> Respond:
        """Answers with what `build` makes of the entries, the query, and the addresses."""

        async def respond(request: Request) -> Response:
            try:
                query = read(request.query_params.multi_items(), known, kind)
            except ParameterError as error:
                return _problem(400, str(error), error.parameter)
            query = msgspec.structs.replace(query, **fixed)
            base, url = _addresses(request)
            entries = self._history.entries
            make = partial(build, entries, query, base, url)
            key = build, query, base, url
            return await self._answer(request, key, make)

        return respond

    async def event(self, request: Request) -> Response:
        """One event as a feature."""
        try:
            query = read(request.query_params.multi_items(), ONE_EVENT, AlertQuery)
        except ParameterError as error:
            return _problem(400, str(error), error.parameter)
        wanted, modes = request.path_params["event"], _modes(query.mode)
        every = EventQuery(period="all", mode="all")
        chosen = choose(self._history.entries, every, self._clock())
        found = [e for e in chosen.entries if e.message.id == wanted and e.message.mode in modes]
        if not found:
            return _problem(404, "no such event, or its alert was cancelled as false")
        base, _ = _addresses(request)
        made = partial(_one_event, found[0], base)
        return await self._answer(request, ("event", wanted, query.mode, base), made)

    def fixed(self, document: Callable[[], Any]) -> Respond:
        """Answers with a document that never changes."""

        async def respond(request: Request) -> Response:
            return await self._answer(request, document, lambda: Made(_json(document()), JSON))

        return respond

    async def _answer(self, request: Request, key: object, make: Callable[[], Made]) -> Response:
        try:
            content = await self._answers.get(key, self._history.changes, make)
        except TooManyError:
            return _problem(503, "too many different requests at once; ask again", "", "1")
        found = answer(content, request.headers, time.time())
        return Response(found.body, found.status, found.headers)


def _modes(asked: str) -> tuple[str, ...]:
    return (asked,) if asked != "all" else ("actual", "drill", "test")


def _alerts(entries: tuple[Entry, ...], query: AlertQuery, base: str, url: str) -> Made:
    changed = entries[-1].issued if entries else None
    return Made(_json(alert_list(entries, query)), JSON, changed)


def _atom(entries: tuple[Entry, ...], query: AlertQuery, base: str, url: str) -> Made:
    changed = entries[-1].issued if entries else None
    return Made(atom(entries, query, base, url), ATOM_XML, changed)


def _events(
    clock: Callable[[], float], entries: tuple[Entry, ...], query: EventQuery, base: str, url: str
) -> Made:
    title = f"forewave, past {query.period}" if query.period != "all" else "forewave"
    return _collected(clock, title, entries, query, base, url)


def _collected(
    clock: Callable[[], float],
    title: str,
    entries: tuple[Entry, ...],
    query: EventQuery,
    base: str,
    url: str,
) -> Made:
    chosen = choose(entries, query, clock())
    body = _json(collection(chosen, base, url, title))
    return Made(body, GEOJSON, chosen.changed or None)


def _one_event(entry: Entry, base: str) -> Made:
    return Made(_json(feature(entry, base)), GEOJSON, entry.issued)


def _summary(feeds: _Feeds, name: str, summary: Summary) -> Route:
    """A feed under the name that it has at USGS."""
    build = partial(_collected, feeds._clock, summary.title)
    respond = feeds.respond({}, EventQuery, build, **msgspec.structs.asdict(summary.query))
    return _route(f"{USGS}/summary/{name}.geojson", respond)


async def _nothing(request: Request) -> Response:
    return _problem(404, "there is nothing at this address")


def _route(path: str, respond: Respond) -> Route:
    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={**CORS, "Allow": "GET, HEAD, OPTIONS"})
        return await respond(request)

    return Route(path, endpoint, methods=METHODS)


def _problem(status: int, detail: str, parameter: str = "", again: str = "") -> Response:
    titles = {400: "Bad parameter", 404: "Not found", 503: "Busy"}
    problem = Problem(titles[status], status, detail, parameter)
    headers = CORS | ({"Retry-After": again} if again else {})
    return Response(_json(problem), status, headers, media_type=PROBLEM)


def _addresses(request: Request) -> tuple[str, str]:
    """Address of the server, and of this request, as the client sees them."""
    base = str(request.base_url)[:LONGEST_BASE]
    return base, str(request.url)


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value)
