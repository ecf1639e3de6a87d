"""Debian's Firefox over WebDriver BiDi, which it speaks itself.

Playwright drives only its own build of Firefox. What is needed of the protocol is five commands
(https://www.w3.org/TR/webdriver-bidi/): less than a second tool-chain would take.
"""

import base64
import json
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any, Self

from websockets.sync.client import connect

WAIT_S = 60
PREFERENCES = {
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.systemAddon.update.enabled": False,
    "media.autoplay.default": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.enabled": False,
    "ui.systemUsesDarkTheme": 0,
}


class Firefox:
    """A window (states.py); use with `with`."""

    NAME = "firefox"

    def __init__(self, width: int, height: int) -> None:
        self._size = {"width": width, "height": height}
        self._numbers = count(1)
        self._open = ExitStack()

    @staticmethod
    def missing() -> str:
        """Why it cannot run here; empty: it can."""
        return "" if shutil.which("firefox-esr") else "no firefox-esr on this machine"

    def __enter__(self) -> Self:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
        (Path(self._profile.name) / "user.js").write_text("\n".join(lines))
        command = ["firefox-esr", "--headless", "--no-remote", "--remote-debugging-port=0"]
        self._process = subprocess.Popen(
            [*command, "--profile", self._profile.name],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        session = connect(f"{self._address()}/session", max_size=None, proxy=None)
        self._socket = self._open.enter_context(session)
        self._send("session.new", capabilities={})
        tree = self._send("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]
        self._send("browsingContext.setViewport", context=self._context, viewport=self._size)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._send("browser.close")
            self._open.close()
            self._process.wait(20)
        except Exception:  # whatever it is, the browser must not stay
            self._process.kill()
            self._process.wait()
        self._profile.cleanup()

    def goto(self, url: str) -> None:
        """Load that address."""
        self._send("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def run(self, function: str, argument: object = None) -> Any:
        """What a function returns."""
        answer = self._send(
            "script.callFunction",
            functionDeclaration=f"text => JSON.stringify(({function})(JSON.parse(text)))",
            arguments=[{"type": "string", "value": json.dumps(argument)}],
            target={"context": self._context},
            awaitPromise=False,
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"].get("value", "null"))

    def picture(self) -> bytes:
        """What is to be seen, as PNG."""
        made = self._send("browsingContext.captureScreenshot", context=self._context)
        return base64.b64decode(made["data"])

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    def _address(self) -> str:
        assert self._process.stderr
        for line in self._process.stderr:
            if "WebDriver BiDi listening on" in line:
                return line.split()[-1]
        raise AssertionError("Firefox has ended without saying where it listens")

    def _send(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=WAIT_S))
            if answer.get("id") == number:
                assert answer["type"] == "success", f"{method}: {answer.get('message')}"
                return answer["result"]
