"""The states of phone and TV, and how a page gets into each: by signed messages, as in earnest."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msgspec
from warner import Warner

from forewave.delivery.stream import Readiness
from tests import page_texts

INSPECT = (Path(__file__).parent / "inspect.js").read_text("utf-8").strip().removesuffix(";")
SCRIPTS = {
    **dict.fromkeys(("en", "es", "tr", "id", "it"), ("Latin",)),
    "zh": ("Han", "Latin", "Bopomofo"),
    "ja": ("Han", "Hiragana", "Katakana", "Latin"),
    **dict.fromkeys(("fa", "ar"), ("Arabic", "Latin")),
    **dict.fromkeys(("hi", "ne"), ("Devanagari", "Latin")),
    "el": ("Greek", "Latin"),
}

Faults = dict[str, list[str]]
"""By the name of a check."""


class Window(Protocol):
    """A page in a browser: Chromium, Firefox or WebKit."""

    def goto(self, url: str) -> None:
        """Load that address."""

    def run(self, function: str, argument: object = None) -> Any:
        """What a function in JavaScript returns, which takes one value."""

    def picture(self) -> bytes:
        """What is to be seen, as PNG."""

    def wait(self, seconds: float) -> None:
        """Let time pass."""


@dataclass(frozen=True)
class State:
    """One screen.

    alert: of `Warner.alert`, or `Warner.notice`; then: what follows it; button: that leads there
    from home; keys: of the texts that are to be read; phase: of the alert that covers the page.
    """

    name: str
    sentence: str
    keys: tuple[str, ...]
    alert: dict[str, Any] | None = None
    then: str = ""
    button: str = ""
    phase: str = ""
    screens: tuple[str, ...] = ("phone", "tv")
    single: bool = False
    first_visit: bool = False
    able: Readiness = field(default_factory=lambda: Readiness("ready"))


PHONE = ("phone",)
MOVE = ("title", "action.standard", "stop")
STATES = (
    State("welcome", "the first visit", ("welcome", "welcome.skip"),
          first_visit=True),
    State("home", "the home page", ("try", "settings")),
    State("unable", "no data at the server", ("unable", "unable.source"),
          able=Readiness("not ready", ("a live source",))),
    State("settings", "the settings", ("settings", "set.language"), button="settings"),
    State("history", "the history", ("history",), button="history", screens=PHONE),
    State("after", "the list of what to do afterwards", ("after.title",), button="after",
          screens=PHONE),
    State("notice", "light shaking is possible", ("notice.title", "notice.detail"),
          {"magnitude": 5.5}),
    State("countdown", "moderate shaking in seconds", (*MOVE, "level.5", "seconds"), {"left": 25},
          phase="countdown"),
    State("danger", "very strong shaking in seconds", (*MOVE, "level.7", "seconds"),
          {"left": 25, "magnitude": 8.3}, phase="countdown"),
    State("drill", "a drill", ("drill.band", *MOVE, "seconds"), {"left": 25, "mode": "drill"},
          phase="countdown"),
    State("single", "detected by one station", ("single.title", *MOVE, "single.nocount"),
          {"left": 25, "level": "action"}, phase="imminent", single=True),
    State("imminent", "shaking now or in seconds", (*MOVE, "nocount"), {"left": 4.9},
          phase="imminent"),
    State("shaking", "it shakes", ("shaking.title", "shaking.action", "shaking.detail", "stop"),
          {"left": -1}, phase="shaking"),
    State("late", "received too late", ("late.title", "late.action", "late.detail"),
          {"left": -19}, phase="late"),
    State("passed", "the shaking is over", ("passed.title", "passed.action", "passed.detail"),
          {"left": -40}, phase="passed"),
    State("cancelled", "a false alert is cancelled",
          ("cancelled.title", "cancelled.action", "cancelled.detail", "ok"),
          {"left": 25}, then="cancel", phase="cancelled"),
    State("lowered", "it is smaller than first thought",
          ("lowered.title", "lowered.action", "lowered.detail", "ok"),
          {"left": 25}, then="smaller", phase="lowered"),
    State("second", "one of two alerts is cancelled", ("concurrent.detail", "ok"), {"left": 25},
          then="second", phase="cancelled"),
)  # fmt: skip
BY_NAME = {state.name: state for state in STATES}


def of(screen: str) -> list[State]:
    """Those that a screen ("phone", "tv") has."""
    return [state for state in STATES if screen in state.screens]


def path(screen: str) -> str:
    """Where its page is."""
    return {"phone": "/", "tv": "/tv"}[screen]


def until(window: Window, function: str, argument: object = None, seconds: float = 20.0) -> None:
    """Wait until it returns true."""
    end = time.monotonic() + seconds
    while not window.run(function, argument):
        assert time.monotonic() < end, f"still not true: {function} ({argument})"
        window.wait(0.05)


def fresh(window: Window, url: str, language: str, first_visit: bool) -> None:
    """The page as on a new device, in that language, and connected."""
    if not window.run("() => location.protocol.startsWith('http')"):
        window.goto(url)
    kept = {"settings": {"language": language}} | ({} if first_visit else {"welcomed": True})
    window.run(
        """kept => {
        localStorage.clear();
        for (const name of Object.keys(kept))
          localStorage.setItem(`forewave.${name}`, JSON.stringify(kept[name]));
    }""",
        kept,
    )
    window.goto(url)
    until(window, "() => document.querySelector('.status')?.dataset.link === 'ready'")
    until(window, "code => document.documentElement.lang === code", language)


def bring(window: Window, warner: Warner, state: State, screen: str, language: str = "en") -> None:
    """A fresh page into a state."""
    warner.forget()
    warner.able = state.able
    fresh(window, warner.url(path(screen)), language, state.first_visit)
    if state.button:
        press(window, page_texts.texts(language)[state.button])
    if state.alert is None:
        return
    first = (warner.notice if state.single else warner.alert)(**state.alert)
    warner.publish(first)
    until(
        window,
        "() => ['alert', 'banner'].some((id) => {"
        " const one = document.getElementById(id);"
        " return one && one.offsetParent !== undefined && one.getClientRects().length > 0; })",
    )
    for message in _following(warner, state, first):
        warner.publish(message)
    if state.phase:
        until(
            window, "phase => document.getElementById('alert').dataset.phase === phase", state.phase
        )


def painted(window: Window) -> None:
    """Wait until what is on the page is on the screen."""
    window.run("""() => {
      window.isPainted = false;
      requestAnimationFrame(() => requestAnimationFrame(() => (window.isPainted = true)));
    }""")
    until(window, "() => window.isPainted")


def _following(warner: Warner, state: State, first: Any) -> list[Any]:
    cancel = msgspec.structs.replace(first, version=2, kind="cancel", why="false")
    light = {"magnitude": 5.5, "event": "e2", "id": "e2.1"}
    smaller = {"magnitude": 5.0, "left": 24, "version": 2, "kind": "update", "why": "smaller"}
    return {
        "": list,
        "cancel": lambda: [cancel],
        "second": lambda: [warner.alert(**light), cancel],
        "smaller": lambda: [warner.alert(**smaller)],
    }[state.then]()


def press(window: Window, text: str) -> None:
    """Press the button of that text."""
    until(
        window,
        """text => {
        const all = Array.from(document.querySelectorAll("button"));
        const one = all.find((each) => each.textContent.trim() === text);
        if (one) one.click();
        return one !== undefined;
    }""",
        text,
    )


def readable(state: State, language: str) -> list[str]:
    """The lines that a person must be able to read."""
    texts = page_texts.texts(language)
    return [line for key in state.keys for line in texts[key].split("\n")]


def inspect(window: Window, screen: str, words: list[str], settled: bool = True) -> Faults:
    """What is wrong on the page as it stands."""
    options = {"tv": screen == "tv", "scripts": SCRIPTS, "words": words, "settled": settled}
    return window.run(INSPECT[INSPECT.index("(options)") :], options)


Inspection = Callable[[], Faults]
