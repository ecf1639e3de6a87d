"""What is deployed, judged by the tools that will read it, where this machine has them."""

import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from forewave.cli.main import main
from forewave.health.prometheus import text
from tests.health.made import lived
from tests.health.test_dashboard import ASKED, DEPLOY, OTHERS

UNIT = DEPLOY / "systemd/forewave.service"


def tool(name, *typed, **more):
    """Its exit code and all that it says."""
    if not shutil.which(name):
        pytest.skip(f"no {name} on this machine")
    done = subprocess.run([name, *map(str, typed)], capture_output=True, text=True, **more)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def metrics():
    """Of a machine with two stations and a source, one that has lived."""
    began = time.time()
    health = lived(began)
    health.lag("arrival", 0.3)
    return text(health.report(began + 2)).decode()


def test_prometheus_finds_nothing_to_say_of_the_metrics(metrics):
    assert tool("promtool", "check", "metrics", input=metrics) == (0, "")


def test_the_metrics_that_others_make_are_there(metrics):
    assert not [name for name in OTHERS - {"up"} if f"\n{name} " not in metrics]


def test_prometheus_takes_its_settings_and_alarms():
    code, said = tool("promtool", "check", "config", DEPLOY / "prometheus/prometheus.yml")
    assert (code, said.count("SUCCESS")) == (0, 3), said


def test_every_expression_of_the_dashboard_is_one(tmp_path):
    rules = [{"record": f"made:rule{n}", "expr": asked} for n, asked in enumerate(ASKED)]
    file = tmp_path / "rules.yml"  # JSON is YAML
    file.write_text(json.dumps({"groups": [{"name": "made", "rules": rules}]}))
    code, said = tool("promtool", "check", "rules", file)
    assert code == 0, said
    file.write_text(file.read_text().replace(json.dumps(ASKED[0])[1:-1], "sum("))
    code, _ = tool("promtool", "check", "rules", file)
    assert code != 0


def test_systemd_finds_nothing_to_say_of_the_unit(tmp_path):
    """Of what is missing here, too: the program is any other one."""
    unit = tmp_path / UNIT.name
    told, count = re.subn(
        r"(?m)^(ExecStart=)\S+", rf"\g<1>{shutil.which('true')}", UNIT.read_text()
    )
    assert count == 1
    unit.write_text(told)
    assert tool("systemd-analyze", "verify", "--man=no", unit) == (0, "")
    unit.write_text(told.replace("Restart=always", "Restart=alway"))
    assert tool("systemd-analyze", "verify", "--man=no", unit)[1] != ""


def test_what_the_unit_runs_is_a_command():
    (typed,) = re.findall(r"(?m)^ExecStart=\S+/forewave (.+)", UNIT.read_text())
    command, *options = typed.split()
    known = {name for each in main.commands[command].params for name in each.opts}
    assert {option for option in options if option.startswith("-")} <= known
    assert Path(options[-1]).is_absolute()
