"""Constants that the pages share with the server are the same on both sides.

The forecast itself (coefficients, distances, travel times) is held by the vectors in
tests/reference/, which web/tests/forecast/forecast.test.ts reads.
"""

import ast
import inspect
import json
import re
import textwrap
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from forewave.alerts.policy import AlertSettings
from forewave.delivery.gateway import HEARTBEAT_EVERY
from forewave.earth import geohash
from forewave.earth.site import DEFAULT_VS30_MS
from forewave.earth.unknown_rupture import NEAR_KM
from forewave.formats.protocols.alert_message import MAX_BYTES
from forewave.health import clock_drift, collector
from forewave.settings import Settings
from forewave.shaking.intensity import mmi
from forewave.shaking.source_distance import SEISMOGENIC_KM
from forewave.sources import phones
from forewave.units import EARTH_RADIUS_KM
from tests import page_texts

WEB = Path(__file__).parents[1] / "web"

SHARED = {
    ("core/alert/state.ts", "HEARTBEAT_EVERY_MS"): 1000 * HEARTBEAT_EVERY,
    ("core/stream/message.ts", "LONGEST"): MAX_BYTES,
    ("core/alert/receive.ts", "HOLD_MMI"): AlertSettings().hold,
    ("core/alert/settings.ts", "noticeFrom"): AlertSettings().aware_intensity,
    ("core/alert/settings.ts", "alertFrom"): AlertSettings().action_intensity,
    ("core/forecast/forecast.ts", "VS30_MS"): DEFAULT_VS30_MS,
    ("core/forecast/source_distance.ts", "SEISMOGENIC_KM"): SEISMOGENIC_KM,
    ("core/forecast/source_distance.ts", "NEAR_KM"): NEAR_KM,
    ("core/forecast/distance.ts", "EARTH_RADIUS_KM"): EARTH_RADIUS_KM,
    ("sensor/server.ts", "PATH"): phones.PATH.removeprefix("/"),
}


def constant(file, name):
    """The literal that `const NAME = ...;` or a default `name: ...,` gives, as JSON reads it."""
    text = (WEB / file).read_text("utf-8")
    literal = r'([\d_.]+|"[^"]+")[;,]'
    values = re.findall(rf"^(?:export )?(?:const {name} =|  {name}:) {literal}", text, re.M)
    assert len(values) == 1, f"{name} in {file}: {values}"
    return json.loads(values[0].replace("_", ""))


@pytest.mark.parametrize("where", SHARED, ids=" ".join)
def test_a_constant_of_the_pages_is_that_of_the_server(where):
    assert constant(*where) == SHARED[where]


def test_the_cell_that_a_phone_sends_is_one_that_the_server_takes():
    cell = geohash.encode(30.66, 104.06, constant("sensor/main.ts", "PRECISION"))
    (pattern,) = re.findall(r'pattern="(\^.+\$)"', inspect.getsource(phones))
    assert re.fullmatch(pattern, cell)


def test_the_cells_of_a_message_have_one_precision():
    (precision,) = re.findall(
        r"precision = (\d)\)", (WEB / "core/forecast/geohash.ts").read_text("utf-8")
    )
    assert int(precision) == inspect.signature(geohash.encode).parameters["precision"].default


def test_the_intensity_classes_of_the_pages_are_those_of_the_scale():
    rows = re.findall(
        r'\{ roman: "(\w+)", colour: "(#\w+)", text: (\w+), word: "([\w.]+)", shape',
        (WEB / "core/words/intensity.ts").read_text("utf-8"),
    )
    words = page_texts.texts("en")
    ink = {"BLACK": "#000000", "WHITE": "#FFFFFF"}
    pages = [(roman, colour, ink[text], words[word]) for roman, colour, text, word in rows]
    assert pages == [(x.label, x.colour, x.ink, x.en) for x in mmi.SCALE.levels]


def test_the_languages_of_the_settings_are_the_files_of_the_pages():
    choices = sorted(get_args(get_type_hints(Settings)["language"]))
    assert choices == sorted(page_texts.CODES), "settings.py and web/languages"


def test_every_problem_that_the_server_reports_has_a_text_of_the_status_page():
    told = page_texts.texts("en", "status")
    known = {holes(text) for key, text in told.items() if key.startswith("problem.")}
    assert known == set(problems()), "web/languages/en.toml, keys problem.*"


def problems():
    """The lines of Health.report().problems as written in the code, their values as {}."""
    reasons = [
        *reasons_in(clock_drift.MachineClock._report),
        *reasons_in(collector.Health.clock_now),
    ]
    for node in ast.walk(parsed(collector.Health._problems)):
        if isinstance(node, ast.Yield | ast.GeneratorExp):
            line = template(node.value if isinstance(node, ast.Yield) else node.elt)
            clock = line == "system clock: {}"
            yield from (f"system clock: {reason}" for reason in reasons) if clock else [line]


def reasons_in(function):
    """What the function puts into `reason`; `+=` goes on with the last one."""
    found = []
    for node in ast.walk(parsed(function)):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "reason":
            found.append(template(node.value))
        elif isinstance(node, ast.AugAssign) and ast.unparse(node.target) == "reason":
            found[-1] += template(node.value)
    assert found, function
    return found


def parsed(function):
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def template(node):
    if isinstance(node, ast.Constant):
        return node.value
    assert isinstance(node, ast.JoinedStr), ast.unparse(node)
    return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)


def holes(text):
    return re.sub(r"\{\w+\}", "{}", text)
