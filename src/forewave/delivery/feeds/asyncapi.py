"""/api/asyncapi.json: the stream described in AsyncAPI 3, from the structs of its messages.

Reference: https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from functools import cache
from importlib.metadata import version
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from forewave.delivery.stream import Ping
from forewave.formats.protocols import alert_message

ABOUT = (
    "Signed alerts over WebSocket. Each alert is sent at once, and again every second until a "
    "later version replaces it or it expires. A client verifies the signature, ignores versions "
    "that are not newer than the last of the event, and works out intensity and arrival for its "
    "own place, which it never sends: docs/reference/message.md."
)
Milliseconds = Annotated[int, Meta(ge=0, description="POSIX time of the server in ms")]


class Heartbeat(Struct, tag_field="type", tag="heartbeat", omit_defaults=True):
    """Sent on connection, every 5 s, and at once if the state changes."""

    now: Milliseconds
    state: Literal["ready", "not ready", "test", "drill"] | None = None
    missing: tuple[str, ...] = ()
    key: Annotated[str, Meta(description="Id of the signing key")] = ""
    list: Annotated[int, Meta(description="Version of the signed key list; 0: there is none")] = 0


class Pong(Struct, tag_field="type", tag="pong"):
    """The answer to a ping, with its id."""

    id: int
    now: Milliseconds


@cache
def document() -> dict[str, Any]:
    """The description."""
    kinds = {"heartbeat": Heartbeat, "pong": Pong, "ping": Ping, "alert": alert_message.Message}
    references, schemas = msgspec.json.schema_components(
        kinds.values(), ref_template="#/components/schemas/{name}"
    )
    messages = {
        name: {
            "name": name,
            "title": name.capitalize(),
            "contentType": "application/json",
            "payload": reference,
        }
        for name, reference in zip(kinds, references, strict=True)
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "forewave", "version": version("forewave"), "description": ABOUT},
        "defaultContentType": "application/json",
        "channels": {
            "stream": {
                "address": "/stream",
                "title": "The stream",
                "description": "Text frames. /events has the same as server-sent events.",
                "messages": {name: _reference("components/messages", name) for name in kinds},
                "bindings": {"ws": {"method": "GET"}},
            }
        },
        "operations": {
            "receive": _operation("send", "The server sends", ("heartbeat", "alert", "pong")),
            "ask": _operation("receive", "The server answers a ping with a pong", ("ping",)),
        },
        "components": {"messages": messages, "schemas": schemas},
    }


def _operation(action: str, summary: str, messages: tuple[str, ...]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": "#/channels/stream"},
        "summary": summary,
        "messages": [_reference("channels/stream/messages", name) for name in messages],
    }


def _reference(where: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/{where}/{name}"}
