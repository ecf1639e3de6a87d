"""The states of phone and TV in Firefox and in WebKit, the engine of iPhones and many TVs.

test_states.py has the same in Chromium, and looks more closely.
"""

import pytest
from warner import Warner

from forewave.delivery.pages import built
from tests.accessibility import evidence, states
from tests.accessibility.firefox import Firefox
from tests.accessibility.webkit import WebKit
from tests.page_texts import LANGUAGES

pytestmark = [
    evidence.ONLY_ASKED_FOR,
    pytest.mark.slow,
    pytest.mark.thorough,
    pytest.mark.timeout(900),
]

SIZES = {"phone": (360, 640), "tv": (1920, 1080)}
SEEN = "() => (document.querySelector('#alert:not([hidden])') || document.body).innerText"
ALSO_IN = [code for code in ("zh-CN", "ar") if code in LANGUAGES]
IN_OTHERS = ("countdown", "shaking", "cancelled")
"""States that are looked at in other scripts, too."""


@pytest.mark.parametrize("screen", ["phone", "tv"])
@pytest.mark.parametrize("engine", [Firefox, WebKit], ids=["firefox", "webkit"])
def test_every_state_is_right_in_other_engines(engine, screen):
    if engine.missing():
        pytest.skip(engine.missing())
    if not built():
        pytest.skip("the pages are not built: npm --prefix web ci && npm --prefix web run build")
    found = {}
    with Warner() as warner, engine(*SIZES[screen]) as window:
        for state, language in cases(screen):
            states.bring(window, warner, state, screen, language)
            window.wait(0.9)  # until the focus has gone to where it belongs
            states.painted(window)
            words = states.readable(state, language)
            faults = states.inspect(window, screen, words)
            found |= {(state.name, language): faults} if faults else {}
            how = "" if language == "en" else language
            seen = window.run(SEEN)
            evidence.keep_picture(window.picture(), engine.NAME, screen, state.name, seen, how)
    assert found == {}


def cases(screen: str) -> list[tuple[states.State, str]]:
    """States with languages."""
    every = [(state, "en") for state in states.of(screen)]
    return every + [(states.BY_NAME[name], code) for code in ALSO_IN for name in IN_OTHERS]
