"""Imports go one way: the contract stands in pyproject.toml, and it bites."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ["stations", "events", "shaking", "alerts", "earth", "formats", "sources"]
PACKAGES += ["delivery", "simulate", "evaluate", "archive", "phones", "process", "health", "relay"]
PACKAGES += ["live", "replay", "check", "fdsn", "cli", "api", "client", "channels", "cluster"]
PACKAGES += ["operators", "console", "after", "shaking_map"]


def test_imports_go_one_way():
    """In a process of its own: the linter changes how this one logs."""
    done = lint(ROOT / "src")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("stations/detector.py", "import forewave.events", "Imports go one way"),
        ("earth/distance.py", "import forewave.stations", "Imports go one way"),
        ("units.py", "import forewave.types", "Imports go one way"),
        ("helpers.py", "", "Imports go one way"),
        ("events/tracker.py", "import time", "Rooms and earth"),
        ("alerts/issuer.py", "from asyncio import sleep", "Rooms and earth"),
        ("earth/clock.py", "import threading", "Rooms and earth"),
        ("phones/detector.py", "import random", "Rooms and earth"),
        ("shaking/prior.py", "from pathlib import Path", "Rooms and earth"),
        ("earth/towns.py", "import os.path", "Rooms and earth"),
        ("stations/kernel.py", "from subprocess import run", "Rooms and earth"),
    ],
)
def test_a_wrong_import_is_found(tmp_path, module, line, broken):
    house(tmp_path)
    (tmp_path / "forewave" / module).write_text(line + "\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert f"{broken}" in done.stdout
    assert "BROKEN" in done.stdout


def test_a_house_without_wrong_imports_passes(tmp_path):
    house(tmp_path)
    assert lint(tmp_path).returncode == 0


def house(folder):
    """A forewave of empty rooms, for the real contract to judge."""
    for name in [".", *PACKAGES]:
        (folder / "forewave" / name).mkdir(exist_ok=True)
        (folder / "forewave" / name / "__init__.py").touch()
    for name in (
        "types",
        "thresholds",
        "units",
        "errors",
        "schedule",
        "stream_id",
        "field",
        "compile_cache",
        "arrays",
        "network_address",
    ):
        (folder / "forewave" / f"{name}.py").touch()


def lint(folder):
    command = "import sys; from importlinter.cli import lint_imports as lint; "
    command += f"sys.exit(lint({str(ROOT / 'pyproject.toml')!r}, no_cache=True, no_logo=True))"
    return subprocess.run(
        [sys.executable, "-c", command],
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
