"""The HTTP interface of operators, under /operator. All answers are JSON.

    POST login   {"name", "password"}       a cookie and {"csrf"}
    POST logout
    GET  state                              alerts in force, open proposals, the drill
    GET  audit                              the last lines of the audit log
    POST propose {"action": "cancel", "event"} or {"action": "drill", "lat", "lon", ...}
    POST confirm {"id"}                     by another operator
    POST drop    {"id"}
    POST end-drill

The cookie is HttpOnly and SameSite=Strict, and Secure under TLS. Each POST but login carries the
session's token in X-Csrf-Token, which no page of another site can know or send. Without TLS, logins
are accepted from this machine only. 401: not logged in; 403; 409: refused, with the reason;
429: too many logins; 507: the audit log cannot be written, nothing was done; but a drill
that was to end has ended, and a proposal that was to be dropped is gone.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from forewave.delivery.guard import FORWARDED, is_loopback
from forewave.errors import ConfigError
from forewave.network_address import network_of
from forewave.operators.audit import AuditError
from forewave.operators.desk import Desk
from forewave.operators.proposals import Kind, RefusedError
from forewave.operators.sessions import may_change

COOKIE = "forewave_operator"
PATH = "/operator"
LONGEST = 4096  # bytes of a request
SHOWN_LINES = 200  # of the audit log
NO_TLS = "logins need TLS, or come from this machine"


class Login(Struct, forbid_unknown_fields=True):
    """What somebody logs in with."""

    name: Annotated[str, Meta(max_length=64)]
    password: Annotated[str, Meta(max_length=1024)]


class Cancel(Struct, tag_field="action", tag="cancel", forbid_unknown_fields=True):
    """Cancel the alert of an event as false."""

    event: Annotated[str, Meta(min_length=1, max_length=64)]


class StartDrill(Struct, tag_field="action", tag="drill", forbid_unknown_fields=True):
    """Start a drill: S arrives at a place in some seconds."""

    lat: Annotated[float, Meta(ge=-85, le=85)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    seconds: Annotated[float, Meta(ge=0, le=120)] = 20.0
    magnitude: Annotated[float, Meta(ge=4, le=9)] = 7.3


class Named(Struct, forbid_unknown_fields=True):
    """A proposal by its id."""

    id: Annotated[str, Meta(max_length=32)]


def routes(desk: Desk) -> list[Route]:
    """The routes for the page server."""
    made = _Routes(desk)
    posts = {
        "login": made.login,
        "logout": made.changing(made.logout),
        "propose": made.changing(made.propose),
        "confirm": made.changing(made.confirm),
        "drop": made.changing(made.drop),
        "end-drill": made.changing(made.end_drill),
    }
    return [
        Route(f"{PATH}/state", made.state, methods=["GET"]),
        Route(f"{PATH}/audit", made.audit, methods=["GET"]),
        *(Route(f"{PATH}/{name}", work, methods=["POST"]) for name, work in posts.items()),
    ]


class _Routes:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def login(self, request: Request) -> Response:
        client = request.client.host if request.client else ""
        local = is_loopback(client) and not any(name in request.headers for name in FORWARDED)
        secure = request.url.scheme == "https"
        if not (secure or local):
            return _error(403, NO_TLS)
        try:
            body = await _read(request, Login)
            address = "" if local else network_of(client)
            tokens = await self._desk.login(body.name, body.password, address)
        except RefusedError as error:
            return _error(429, str(error))
        except _MalformedError as error:
            return _error(400, str(error))
        except (AuditError, ConfigError) as error:
            return _error(507, str(error))
        if tokens is None:
            return _error(401, "name or password is wrong")
        answer = _json(200, {"csrf": tokens[1]})
        # Without a path it is for addresses beside this one, also where a proxy adds a prefix.
        answer.set_cookie(
            COOKIE, tokens[0], path=None, secure=secure, httponly=True, samesite="strict"
        )
        return answer

    async def state(self, request: Request) -> Response:
        name = self._desk.name_of(request.cookies.get(COOKIE, ""))
        if name is None:
            return _error(401, "not logged in")
        return _json(200, {"name": name, **self._desk.state()})

    async def audit(self, request: Request) -> Response:
        if self._desk.name_of(request.cookies.get(COOKIE, "")) is None:
            return _error(401, "not logged in")
        try:
            return _json(200, await self._desk.audit(SHOWN_LINES))
        except AuditError as error:
            return _error(507, str(error))

    def changing(
        self, work: Callable[[Request, str], Awaitable[Any]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """A handler for those who have logged in, and mean it."""

        async def respond(request: Request) -> Response:
            token = request.cookies.get(COOKIE, "")
            name = self._desk.name_of(token)
            session = self._desk.sessions.find(token, self._desk.now())
            if name is None or session is None:
                return _error(401, "not logged in")
            if not may_change(session, request.headers.get("x-csrf-token", "")):
                return _error(403, "the token of the session is missing")
            try:
                return _json(200, await work(request, name))
            except RefusedError as error:
                return _error(409, str(error))
            except _MalformedError as error:
                return _error(400, str(error))
            except AuditError as error:
                return _error(507, str(error))

        return respond

    async def logout(self, request: Request, name: str) -> Any:
        await self._desk.logout(request.cookies[COOKIE], name)
        return {}

    async def propose(self, request: Request, name: str) -> Any:
        body: Cancel | StartDrill = await _read(request, Cancel | StartDrill)
        facts = msgspec.structs.asdict(body)
        kind: Kind = "cancel" if isinstance(body, Cancel) else "drill"
        made = await self._desk.propose(kind, facts, name)
        return {"id": made.id, "seconds_left": round(self._desk.seconds_left(made))}

    async def confirm(self, request: Request, name: str) -> Any:
        found = await self._desk.confirm((await _read(request, Named)).id, name)
        return {"action": found.kind, **found.facts}

    async def drop(self, request: Request, name: str) -> Any:
        await self._desk.drop((await _read(request, Named)).id, name)
        return {}

    async def end_drill(self, request: Request, name: str) -> Any:
        await self._desk.end_drill(name)
        return {}


class _MalformedError(Exception):
    """A request that cannot be read."""


async def _read(request: Request, kind: Any) -> Any:
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST:
                raise _MalformedError(f"at most {LONGEST} bytes are allowed")
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ClientDisconnect) as error:
        raise _MalformedError(str(error)) from None


def _json(status: int, fields: Any) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(
        msgspec.json.encode(fields), status, headers=headers, media_type="application/json"
    )


def _error(status: int, why: str) -> Response:
    return _json(status, {"error": why})
