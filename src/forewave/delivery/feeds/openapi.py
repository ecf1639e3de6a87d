"""/api/openapi.json: the API described in OpenAPI 3.1, from the structs that encode the answers."""

from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec

from forewave.delivery.feeds.alert_list import AlertList
from forewave.delivery.feeds.geojson import Feature, FeatureCollection
from forewave.delivery.feeds.parameters import (
    ALERTS,
    ATOM,
    DRILLS,
    EVENTS,
    FELT,
    ONE_EVENT,
    Parameter,
)
from forewave.delivery.feeds.problem import Problem
from forewave.delivery.feeds.summaries import SUMMARIES
from forewave.delivery.reports.drills import DrillCounts, DrillReport
from forewave.delivery.reports.felt import FeltCells, FeltReport

Schema = dict[str, Any]
ABOUT = (
    "Alerts and events of this server, for everybody. Answers are built at most once a second and "
    "can be revalidated with If-None-Match. Actual alerts only, unless `mode` says otherwise. "
    "There is no parameter for a place: what an alert means at a place is worked out by the "
    "client. The quickest way to receive alerts is the stream, described in asyncapi.json."
)


@cache
def document() -> dict[str, Any]:
    """The description."""
    kinds = [
        *(AlertList, FeatureCollection, Feature, Problem),
        *(FeltCells, DrillCounts, FeltReport, DrillReport),
    ]
    references, schemas = msgspec.json.schema_components(
        kinds, ref_template="#/components/schemas/{name}"
    )
    alerts, features, feature, problem, felt, drills, felt_report, drill_report = references
    return {
        "openapi": "3.1.0",
        "info": {"title": "forewave", "version": version("forewave"), "description": ABOUT},
        "paths": {
            **_alert_paths(alerts, problem),
            **_event_paths(features, feature, problem),
            **_sum_paths(felt, drills, problem),
            **_report_paths(felt_report, drill_report),
        },
        "components": {"schemas": schemas},
    }


def _alert_paths(alerts: Schema, problem: Schema) -> dict[str, Any]:
    return {
        "/api/alerts": _operation(
            "Live and past alerts with their signed messages, newest first",
            ALERTS,
            _content("application/json", alerts),
            problem,
        ),
        "/api/alerts.atom": _operation(
            "The latest alert of each event, newest first (RFC 4287)",
            ATOM,
            _content("application/atom+xml", {"type": "string"}),
            problem,
        ),
    }


def _event_paths(features: Schema, feature: Schema, problem: Schema) -> dict[str, Any]:
    many = _content("application/geo+json", features)
    one = _operation("One event", ONE_EVENT, _content("application/geo+json", feature), problem)
    one["get"]["responses"]["404"] = _error("Unknown event", problem)
    name = _path_parameter("name", {"type": "string", "enum": list(SUMMARIES)})
    event = _path_parameter("event", {"type": "string"})
    summary = _operation("Events as in the summary feeds of USGS", {}, many, problem)
    return {
        "/api/events": _operation("Events, newest first", EVENTS, many, problem),
        "/api/events/{event}": {"parameters": [event], **one},
        "/earthquakes/feed/v1.0/summary/{name}.geojson": {"parameters": [name], **summary},
    }


def _sum_paths(felt: Schema, drills: Schema, problem: Schema) -> dict[str, Any]:
    return {
        "/api/felt": _sums(
            "What people felt, by cells of at least five reports",
            FELT,
            _content("application/geo+json", felt),
            problem,
        ),
        "/api/drills": _sums(
            "How many took part in drills, by drill and day",
            DRILLS,
            _content("application/json", drills),
            problem,
        ),
    }


def _report_paths(felt_report: Schema, drill_report: Schema) -> dict[str, Any]:
    return {
        "/felt": _report("Report what was felt: a cell, an intensity, a minute", felt_report),
        "/drills": _report("Report that people took part in a drill", drill_report),
    }


def _operation(
    summary: str, parameters: dict[str, Parameter], content: dict[str, Any], problem: Schema
) -> dict[str, Any]:
    shown = [_parameter(name, each) for name, each in parameters.items()]
    answers = {
        "200": {"description": "The answer", "content": content, "headers": _headers()},
        "304": {"description": "Not changed since the answer that the request names"},
        **_errors(problem),
    }
    return {"get": {"summary": summary, "parameters": shown, "responses": answers}}


def _sums(
    summary: str,
    parameters: dict[str, Parameter],
    content: dict[str, Any],
    problem: dict[str, Any],
) -> dict[str, Any]:
    """Sums of reports, which are made for each request."""
    shown = [_parameter(name, each) for name, each in parameters.items()]
    answers = {
        "200": {"description": "The answer", "content": content},
        "400": _error("A parameter cannot be used; the answer names it", problem),
    }
    return {"get": {"summary": summary, "parameters": shown, "responses": answers}}


def _report(summary: str, shape: dict[str, Any]) -> dict[str, Any]:
    answers = {
        "204": "Taken",
        "400": "Not a report, or not one of now",
        "413": "Longer than 200 bytes",
        "415": "Not JSON",
        "429": "Too many from this network within a minute",
    }
    described = {status: {"description": text} for status, text in answers.items()}
    body = {"required": True, "content": _content("application/json", shape)}
    return {"post": {"summary": summary, "requestBody": body, "responses": described}}


def _parameter(name: str, parameter: Parameter) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": parameter.about,
        "schema": parameter.schema,
    }


def _path_parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _content(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {media_type: {"schema": schema}}


def _headers() -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    return {"ETag": text, "Last-Modified": text}


def _errors(problem: dict[str, Any]) -> dict[str, Any]:
    return {
        "400": _error("A parameter cannot be used; the answer names it", problem),
        "503": _error("Too many different requests at once", problem),
    }


def _error(what: str, problem: dict[str, Any]) -> dict[str, Any]:
    return {"description": what, "content": _content("application/problem+json", problem)}
