"""WebKit, the engine of iPhones and of many TVs, in Debian's small browser, over WebDriver.

What is needed of the protocol is five commands (https://www.w3.org/TR/webdriver2/).
"""

import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import httpx

WAIT_S = 60.0
LIBRARIES = Path("/usr/lib")
SMALL_BUTTONS = "* { font-size: 1px; margin: 0; padding: 0; min-width: 0; min-height: 0; }"
"""Otherwise the bar of the window makes it wider than a phone."""


class WebKit:
    """A window (states.py); use with `with`."""

    NAME = "webkit"

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)

    @staticmethod
    def missing() -> str:
        """Why it cannot run here; empty: it can."""
        for program in ("WebKitWebDriver", "Xvfb"):
            if shutil.which(program) is None:
                return f"no {program} on this machine"
        return "" if _browser() else "no MiniBrowser on this machine"

    def __enter__(self) -> Self:
        self._screen = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", "2000x1400x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._screen.stdout
        display = f":{self._screen.stdout.readline().strip()}"
        self._config = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        style = Path(self._config.name) / "gtk-3.0" / "gtk.css"
        style.parent.mkdir()
        style.write_text(SMALL_BUTTONS)
        port = _free_port()
        self._driver = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}"],
            env=os.environ | {"DISPLAY": display, "XDG_CONFIG_HOME": self._config.name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._http = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=WAIT_S, trust_env=False
        )
        self._begin()
        self._resize()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._http.delete(self._session)
            self._http.close()
        except httpx.HTTPError:
            pass  # it has ended by itself
        for process in (self._driver, self._screen):
            process.terminate()
            process.wait()
        self._config.cleanup()

    def goto(self, url: str) -> None:
        """Load that address."""
        self._post("/url", url=url)

    def run(self, function: str, argument: object = None) -> Any:
        """What a function returns."""
        script = f"return JSON.stringify(({function})(JSON.parse(arguments[0])))"
        made = self._post("/execute/sync", script=script, args=[json.dumps(argument)])
        return None if made is None else json.loads(made)

    def picture(self) -> bytes:
        """What is to be seen, as PNG."""
        return base64.b64decode(_value(self._http.get(f"{self._session}/screenshot")))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    def _begin(self) -> None:
        end = time.monotonic() + WAIT_S
        while True:
            try:
                self._http.get("/status")
                break
            except httpx.TransportError:
                assert time.monotonic() < end, "WebKitWebDriver does not answer"
                time.sleep(0.05)
        options = {"binary": str(_browser()), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        made = _value(self._http.post("/session", json={"capabilities": wanted}))
        self._session = f"/session/{made['sessionId']}"

    def _resize(self) -> None:
        """The window has a bar of its own above the page."""
        width, height = self._size
        self._post("/window/rect", width=width, height=height)
        bar = height - self.run("() => innerHeight")
        self._post("/window/rect", width=width, height=height + bar)
        assert self.run("() => [innerWidth, innerHeight]") == list(self._size)

    def _post(self, command: str, **body: Any) -> Any:
        return _value(self._http.post(self._session + command, json=body))


def _value(answer: httpx.Response) -> Any:
    value = answer.json()["value"]
    assert answer.status_code == httpx.codes.OK, value
    return value


def _browser() -> Path | None:
    return next(iter(sorted(LIBRARIES.glob("*/webkit2gtk-4.*/MiniBrowser"))), None)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
