"""The reference of the HTTP API, docs/reference/http-api.md, made from its OpenAPI description.

python scripts/http_api.py           print it
python scripts/http_api.py --write   put it into docs/reference/http-api.md
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from forewave.delivery.feeds.openapi import document

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "http-api.md"
TITLE = """\
# API over HTTP

<!-- Generated: python scripts/http_api.py --write -->

For programs that read alerts and events from a server: what can be asked, and what is answered.
The server describes itself in `/api/openapi.json` (OpenAPI 3.1), from which this page is made,
and its stream in `/api/asyncapi.json` (AsyncAPI 3). [Receive alerts in your own
program](../how-to/receive-alerts.md) has examples. The quickest way to receive alerts is [the
stream](message.md#the-stream).

- **There is no parameter for a place.** What an alert means at a place is [computed by the
  client](message.md#the-formulas), and the place does not leave it.
- **Actual alerts only**, unless `mode` says otherwise. Drills and tests are marked in every
  format, in the title and in a field. The feeds with the names of USGS never have them. A demo or
  replay sends drills only.
- **Events that were not alerted of**, every version, and picks: [FDSN web
  services](fdsn-web-services.md), in GeoJSON too.
- **Verify.** `message` of an alert is the signed message as it was sent to devices, byte for
  byte. GeoJSON and Atom are not signed: use https.
- **Cheap.** An answer is built at most once a second, and at once after an alert. Send
  `If-None-Match` with the last `ETag`; unchanged answers are 304 without a body. Answers are
  compressed (gzip). Ask once a second at most.
- **CORS.** Any page may read the answers. Only GET, HEAD and OPTIONS are allowed;
  reports are taken from pages of this server and from programs.
- **Errors** are `application/problem+json` (RFC 9457). Of a wrong parameter, `parameter` has the
  name, and `detail` what is expected. Unknown parameters are errors.
- **Bounded.** The last 5,000 messages are known; after a restart those in `alerts.jsonl` of the
  record folder (20 MB, the older half is removed at the limit) that are signed by a listed key.
  Of a key that is revoked nothing is given any more: its events begin with the next key's version.
"""
NOTES = """\
## Reports of people

`/felt` and `/drills` take no identity: a report is a cell, an intensity and a minute, or a drill
and a number of people. Nothing else is stored: counts by cell and minute, in `reports.sqlite` of
the record folder, for a year. The address of the sender is not kept; its network (64 bits of
IPv6, 24 of IPv4) may send 40 reports in a minute, and is forgotten after it. Refused reports are
counted by reason in `/healthz`. A cell is answered for from five reports on. They are counts of
what people say, not measurements: who controls many networks can falsify them, and nothing in the
warning depends on them.

## Notes on the formats

**GeoJSON** has the layout of the [USGS summary
feeds](https://earthquake.usgs.gov/earthquakes/feed/v1.0/geojson.php), so that programs for these
read it. There is one feature for each event that was alerted of, with the values of its last
version. An event whose alert was cancelled as false is left out. `status` is always `automatic`;
`sig` is 100 m^2 / 6.5; what forewave does not know is null. The twenty files
`/earthquakes/feed/v1.0/summary/{all,1.0,2.5,4.5,significant}_{hour,day,week,month}.geojson` have
the names of USGS; `significant` is `sig` of 600 or more (magnitude 6.25). `mode`, `level`,
`version` and `magError` are additions.

**Atom** (RFC 4287) has one entry for each event. Its `id` is the same in all versions, `updated`
is the time of issue of the last version and `published` that of the first. The title begins with
`CANCELLED` for a cancel, and with `DRILL` or `TEST` for these.
"""
HEAD = "| parameter | value | meaning |\n|---|---|---|\n"
FIELDS = "| field | type |\n|---|---|\n"


def page() -> str:
    """The whole page."""
    described = document()
    paths = (_path(path, each) for path, each in described["paths"].items())
    schemas = (_schema(name, each) for name, each in described["components"]["schemas"].items())
    return "\n".join([TITLE, *paths, NOTES, "## The answers\n", *schemas]).rstrip("\n") + "\n"


def _path(path: str, described: dict[str, Any]) -> str:
    if "post" in described:
        return _posted(path, described["post"])
    operation = described["get"]
    [(media_type, content)] = operation["responses"]["200"]["content"].items()
    kind = content["schema"].get("$ref", "").rpartition("/")[2]
    answer = f"`{media_type}`" + (f": [{kind}](#{kind.lower()})" if kind else "")
    rows = "".join(map(_parameter, operation["parameters"]))
    table = f"\n{HEAD}{rows}" if rows else ""
    return f"## GET {path}\n\n{operation['summary']}. Answers {answer}.\n{table}"


def _posted(path: str, operation: dict[str, Any]) -> str:
    kind = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    name = kind.rpartition("/")[2]
    answers = ", ".join(
        f"{status} {each['description'].lower()}" for status, each in operation["responses"].items()
    )
    body = f"Body: [{name}](#{name.lower()}). Answers: {answers}."
    return f"## POST {path}\n\n{operation['summary']}. {body}\n"


def _parameter(parameter: dict[str, Any]) -> str:
    return (
        f"| `{parameter['name']}` | {_values(parameter['schema'])} | {parameter['description']} |\n"
    )


def _values(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        default = schema.get("default")
        return ", ".join(f"`{x}`" + (" (default)" if x == default else "") for x in schema["enum"])
    limits = [f"{schema[key]}" for key in ("minimum", "maximum") if key in schema]
    span = f" {' to '.join(limits)}" if limits else ""
    default = f" (default {schema['default']})" if "default" in schema else ""
    examples = f", as `{'` or `'.join(schema['examples'])}`" if "examples" in schema else ""
    return f"{schema['type']}{span}{default}{examples}"


def _schema(name: str, schema: dict[str, Any]) -> str:
    about = " ".join(schema.get("description", "").split())
    rows = "".join(
        f"| `{field}` | {_type(each)} |\n" for field, each in schema["properties"].items()
    )
    return f"### {name}\n\n{about}\n\n{FIELDS}{rows}"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        values = schema.get("enum") or [schema["const"]]
        return ", ".join(f"`{json.dumps(value).strip(chr(34))}`" for value in values)
    if schema.get("type") == "array":
        return " ".join(_array(schema))
    return str(schema.get("type", "any"))


def _array(schema: dict[str, Any]) -> Iterator[str]:
    items = schema.get("prefixItems")
    yield f"{len(items)} x" if items else "list of"
    yield _type(items[0] if items else schema["items"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the page")
    if parser.parse_args().write:
        PAGE.write_text(page(), "utf-8")
    else:
        print(page())
