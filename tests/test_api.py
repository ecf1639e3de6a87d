"""What `import forewave` offers: names, types, docstrings, the page about it and the examples."""

import doctest
import io
import pkgutil
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import obspy
import pytest

import forewave
from tests.browser.warner import Warner

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "how-to" / "use-as-a-library.md"
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
SERVICE = "http://127.0.0.1:8460"  # as the page has it
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def test_every_public_name_can_be_had():
    for name in forewave.__all__:
        assert getattr(forewave, name) is not None
    assert set(forewave.__all__) <= set(dir(forewave))
    assert set(forewave._PUBLIC) == set(forewave.__all__)


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = forewave.no_such_name


def test_no_public_name_is_that_of_a_module():
    """A module that is imported would take its place."""
    modules = {module.name for module in pkgutil.iter_modules(forewave.__path__)}
    assert modules & set(forewave.__all__) == set()


def test_importing_it_imports_nothing_else():
    code = (
        "import forewave, sys, os\n"
        "print('numpy' in sys.modules, [m for m in sys.modules if m.startswith('forewave.')])\n"
        "print(os.environ['OPENBLAS_NUM_THREADS'])\n"
        "print(forewave.Place('x', 1.0, 2.0).kind)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines() == ["False []", "1", "town"]


def own(name):
    return getattr(getattr(forewave, name), "__module__", "").startswith("forewave.")


@pytest.mark.parametrize("name", [name for name in forewave.__all__ if own(name)])
def test_it_says_what_it_is(name):
    assert (getattr(forewave, name).__doc__ or "").strip()


@pytest.mark.parametrize("name", ["analyze", "forecast", "from_obspy", "listen", "play", "read"])
def test_functions_name_arguments_errors_and_an_example(name):
    text = getattr(forewave, name).__doc__
    assert ">>>" in text
    assert "Raises:" in text or "errors are those of `play`" in text
    assert "Returns:" in text or "Yields:" in text


@pytest.mark.parametrize(
    "name", ["analyze", "forecast", "from_obspy", "listen", "play", "read", "Pipeline"]
)
def test_the_examples_of_the_docstrings_are_true(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    given = {"forewave": forewave, "np": np, "obspy": obspy}
    options = doctest.ELLIPSIS
    found = doctest.DocTestFinder(recurse=False).find(
        getattr(forewave, name), name, globs=given, module=False
    )
    runner = doctest.DocTestRunner(optionflags=options)
    assert [example for one in found for example in one.examples]
    report = io.StringIO()
    for one in found:
        runner.run(one, out=report.write)
    assert runner.summarize(verbose=False).failed == 0, report.getvalue()


def test_the_examples_of_the_page_run(monkeypatch):
    """In order, in one namespace; the last against a gateway with a drill in force."""
    monkeypatch.chdir(ROOT)
    given: dict[str, object] = {"__name__": "page"}
    printed = io.StringIO()
    with Warner() as warner, redirect_stdout(printed):
        warner.publish(warner.alert(mode="drill"))
        for block in BLOCKS:
            here = block.replace(SERVICE, warner.url("").rstrip("/"))
            exec(compile(here, str(PAGE), "exec"), given)
    lines = printed.getvalue().splitlines()
    assert len(BLOCKS) == 6
    assert any(re.match(r"M [67]\.\d \+- 0\.\d at 35\.\d\d, -117\.\d\d", line) for line in lines)
    assert any(re.match(r"Los Angeles: MMI \d\.\d \+- \d\.\d, S \d+ s", line) for line in lines)
    assert any(re.match(r"drill e1 v1: MMI 5\.\d, S in \d+", line) for line in lines)


def test_the_way_from_obspy_to_a_forecast_is_twenty_lines_at_most():
    whole = next(block for block in BLOCKS if "from_obspy" in block)
    assert "shaking_forecasts" in whole
    assert len(whole.splitlines()) <= 20


def test_the_page_names_only_what_exists():
    named = set(re.findall(r"forewave\.([A-Za-z_]+)\(", PAGE.read_text()))
    assert named <= set(forewave.__all__)


def test_the_examples_are_typed(tmp_path):
    """mypy sees the lazy names: a wrong one, and a wrong argument, are errors."""
    assert mypy(*EXAMPLES) == (0, "")
    wrong = tmp_path / "wrong.py"
    wrong.write_text('import forewave\nforewave.no_such_name\nforewave.forecast("a")\n')
    code, said = mypy(wrong)
    assert code == 1
    assert 'has no attribute "no_such_name"' in said
    assert "forecast" in said


def mypy(*files):
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_every_example_is_on_the_page():
    text = PAGE.read_text()
    assert EXAMPLES
    assert not [each.name for each in EXAMPLES if f"../../examples/{each.name}" not in text]


def test_own_sensors_make_an_alert(capsys, monkeypatch):
    run_example("own_sensor", monkeypatch)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines[:4]] == ["XX.A", "XX.B", "XX.C", "XX.D"]
    assert any("alert: new" in line for line in lines)


def test_an_event_is_drawn(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.chdir(ROOT)
    picture = tmp_path / "event.png"
    run_example("draw_event", monkeypatch, "tests/data/us-ci38457511-ridgecrest", str(picture))
    assert picture.read_bytes().startswith(b"\x89PNG")


def run_example(name, monkeypatch, *arguments):
    file = ROOT / "examples" / f"{name}.py"
    monkeypatch.setattr(sys, "argv", [str(file), *arguments])
    exec(compile(file.read_text(), str(file), "exec"), {"__name__": "__main__"})


def test_the_lamp_is_on_while_an_alert_calls_for_action(capsys):
    file = ROOT / "examples" / "lamp.py"
    lamp_of = {"__name__": "lamp"}
    exec(compile(file.read_text(), str(file), "exec"), lamp_of)
    lamp = lamp_of["Lamp"]()
    strong = place_alert(mmi=5.2)
    for alert in (
        place_alert(mmi=4.8),  # not on for that
        strong,
        place_alert(mmi=4.8),  # but not off for that either
        place_alert(mmi=4.5),
        strong,
        place_alert(mmi=float("nan"), cancelled=True),
        strong,
    ):
        lamp.take(alert)
    lamp.pass_time(99.0)
    lamp.pass_time(101.0)
    said = capsys.readouterr().out.split()[1::2]
    assert said == ["on", "on", "off", "on", "off", "on", "off"]


def place_alert(**change):
    from tests.client import made

    return made.place_alert(shaking_until=100.0, **change)
