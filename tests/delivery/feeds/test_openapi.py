"""The description is valid, and real answers are what it says."""

import json

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from forewave.delivery.feeds import openapi
from forewave.delivery.feeds.openapi import document


def test_it_is_valid_openapi_3_1():
    OpenAPIV31SpecValidator(document()).validate()
    broken = json.loads(json.dumps(document()))
    del broken["info"]["title"]
    assert list(OpenAPIV31SpecValidator(broken).iter_errors())


def schema(path, status="200"):
    [(media_type, content)] = document()["paths"][path]["get"]["responses"][status][
        "content"
    ].items()
    return media_type, {**content["schema"], "components": document()["components"]}


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/alerts", "/api/alerts?mode=all"),
        ("/api/alerts", "/api/alerts?event=nothing"),
        ("/api/events", "/api/events?mode=all"),
        ("/api/events", "/api/events?minmagnitude=9"),
        ("/api/events/{event}", "/api/events/a"),
        (
            "/earthquakes/feed/v1.0/summary/{name}.geojson",
            "/earthquakes/feed/v1.0/summary/all_day.geojson",
        ),
    ],
)
def test_a_real_answer_is_what_is_described(net, served, filled, path, address):
    async def whole():
        async with served(filled) as client:
            return await client.get(address)

    response = net.result(whole())
    media_type, wanted = schema(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    jsonschema.validate(response.json(), wanted, cls=jsonschema.Draft202012Validator)


def test_the_schema_refuses_what_is_no_answer():
    _, wanted = schema("/api/alerts")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"alerts": [{}], "more": False}, wanted)


@pytest.mark.parametrize(
    ("address", "status"),
    [("/api/alerts?limit=0", 400), ("/api/events?lat=1", 400), ("/api/events/unknown", 404)],
)
def test_a_real_error_is_what_is_described(net, served, filled, address, status):
    async def whole():
        async with served(filled) as client:
            return await client.get(address)

    response = net.result(whole())
    media_type, wanted = schema("/api/events/{event}", str(status))
    assert (response.status_code, response.headers["content-type"]) == (status, media_type)
    jsonschema.validate(response.json(), wanted)


def test_every_described_path_is_a_route_and_no_parameter_is_a_place(keys):
    from forewave.delivery.feeds.history import AlertHistory
    from forewave.delivery.feeds.routes import routes
    from forewave.delivery.reports.reports import Reports

    described = set(openapi.document()["paths"])
    reports = Reports(lambda: 0.0, lambda drill: False).routes()
    made = {route.path for route in (*reports, *routes(AlertHistory(keys.trusted), lambda: 0.0))}
    made = {"/earthquakes/feed/v1.0/summary/{name}.geojson" if "4.5_day" in p else p for p in made}
    assert described <= {path.replace(":path", "") for path in made}
    asked = [path["get"] for path in document()["paths"].values() if "get" in path]
    assert {p["name"] for each in asked for p in each["parameters"]} == {
        *("since", "before", "limit", "mode", "event", "versions", "period"),
        *("minmagnitude", "hours", "days"),
    }
