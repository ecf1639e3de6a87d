"""The demo of what follows an earthquake, with a smaller one."""

import io

import pytest
from rich.console import Console

from forewave.after.demo import demo
from forewave.check import check
from forewave.simulate.scenario import load_scenario

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo")
    text = io.StringIO()
    done = demo.demo(Console(file=text, width=100), out, "small")
    return out, done, text.getvalue()


def test_it_tells_the_alerts_and_writes_the_folder(shown):
    out, done, text = shown
    assert "ALERT" in text
    assert "First alert" in text
    assert all((out / name).is_file() for name in done.files)


def test_its_recording_is_an_event_directory_without_errors(shown):
    found = check.check_recording(shown[0] / demo.EVENT)
    assert [each for each in found if each.severity == "error"] == []


def test_every_page_says_that_it_is_made(shown):
    out, done, _ = shown
    assert done.report.simulated
    for page in out.glob("*.html"):
        said = page.read_text()
        assert "This earthquake did not happen" in said or "not a real earthquake" in said


def test_the_scenario_is_in_california():
    (quake,) = load_scenario(demo.SCENARIO).earthquake
    assert 32.5 < quake.lat < 42.0
    assert -124.5 < quake.lon < -114.0
