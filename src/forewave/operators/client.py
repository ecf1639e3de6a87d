"""The operators' side of routes.py: a session with a running forewave, for the command line."""

import http.client
import ssl
import urllib.error
import urllib.request
from http.cookies import SimpleCookie
from typing import Any, Self
from urllib.parse import urlsplit

import msgspec

from forewave.errors import FormatError, InputError
from forewave.operators.routes import COOKIE, PATH

TIMEOUT = 15.0
LONGEST = 1_000_000  # bytes of an answer


class OperatorClient:
    """Use it with `with`: logged in at the beginning, logged out at the end.

    Raises InputError where the server refuses, with its reason, and OSError.
    """

    def __init__(self, url: str, name: str, password: str) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise InputError(f"url is {url!r}, expected one as http://127.0.0.1:8460")
        self._url = url.rstrip("/") + PATH
        self._headers = {"Content-Type": "application/json"}
        self._login = {"name": name, "password": password}
        context = urllib.request.HTTPSHandler(context=ssl.create_default_context())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), context)

    def __enter__(self) -> Self:
        answer = self.post("login", self._login)
        self._headers["X-Csrf-Token"] = answer["csrf"]
        return self

    def __exit__(self, *_: object) -> None:
        self.post("logout", {})

    def state(self) -> dict[str, Any]:
        """Alerts in force, open proposals, the drill."""
        return self._ask(urllib.request.Request(f"{self._url}/state", headers=self._headers))

    def post(self, what: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Ask for something; the answer."""
        body = msgspec.json.encode(fields)
        return self._ask(
            urllib.request.Request(f"{self._url}/{what}", body, self._headers, method="POST")
        )

    def _ask(self, request: urllib.request.Request) -> dict[str, Any]:
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                for line in answer.headers.get_all("Set-Cookie", ()):
                    cookie = SimpleCookie(line)
                    self._headers["Cookie"] = f"{COOKIE}={cookie[COOKIE].value}"
                found: dict[str, Any] = msgspec.json.decode(answer.read(LONGEST))
                return found
        except urllib.error.HTTPError as error:
            raise InputError(_reason(error)) from None
        except urllib.error.URLError as error:
            raise InputError(f"{self._url}: {error.reason}") from None
        except (http.client.HTTPException, msgspec.DecodeError, KeyError) as error:
            raise FormatError(f"{self._url}: {error!r}") from None


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        return str(msgspec.json.decode(error.read(LONGEST))["error"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return f"{error.url}: {error.code} {error.reason}"
