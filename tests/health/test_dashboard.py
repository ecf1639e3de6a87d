"""The provisioned dashboard and alarms ask only for metrics and labels that there are."""

import json
import re
from pathlib import Path

import pytest

from forewave.health.prometheus import KINDS, LATENCY, STATES
from forewave.health.report import STAGES

DEPLOY = Path(__file__).parents[2] / "deploy"
BOARD = json.loads((DEPLOY / "grafana/dashboards/forewave.json").read_text("utf-8"))
RULES = (DEPLOY / "prometheus/forewave.rules.yml").read_text("utf-8")
OWN = {kind.name: set(kind.labels) for kind in KINDS} | {f"{LATENCY}_bucket": {"stage", "le"}}
OTHERS = {
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
    "process_open_fds",
    "up",
}
TARGETS = [(panel["title"], target) for panel in BOARD["panels"] for target in panel["targets"]]
ASKED = [target["expr"] for _, target in TARGETS]
ASKED += [note["expr"] for note in BOARD["annotations"]["list"]]
ASKED += re.findall(r"expr: (.+)", RULES)


def names(expression):
    bare = re.sub(r'"[^"]*"', '""', expression)
    return set(re.findall(r"\b(?:forewave|process)_\w+|\bup\b", bare))


def test_every_metric_that_is_asked_for_exists():
    asked = set().union(*map(names, ASKED))
    assert asked - set(OWN) - OTHERS == set()
    assert len(asked) > 15


def test_every_metric_is_shown_somewhere():
    shown = set().union(*map(names, ASKED))
    assert set(OWN) - shown == set()


@pytest.mark.parametrize(("title", "target"), TARGETS)
def test_what_the_legend_names_is_a_label(title, target):
    labels = set().union(*(OWN.get(name, set()) for name in names(target["expr"])))
    assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= labels


def test_values_of_labels_that_are_asked_for_exist():
    for expression in ASKED:
        for label, values in re.findall(r'(\w+)=~?"([^"]*)"', expression):
            known = {"stage": set(STAGES), "state": set(STATES), "job": {"forewave"}}
            known["kind"] = {"new", "update", "cancel", "follow_up"}
            known["mode"] = {"actual", "drill", "test"}
            assert set(values.split("|")) <= known[label], expression


def test_panels_do_not_cover_each_other():
    cells = [
        (x, y)
        for panel in BOARD["panels"]
        for grid in [panel["gridPos"]]
        for x in range(grid["x"], grid["x"] + grid["w"])
        for y in range(grid["y"], grid["y"] + grid["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_the_source_of_data_is_the_provisioned_one():
    provisioned = (DEPLOY / "grafana/provisioning/datasources/prometheus.yaml").read_text("utf-8")
    assert f"uid: {BOARD['uid']}" in provisioned
    used = {target["datasource"]["uid"] for _, target in TARGETS}
    assert used == {"forewave"}


def test_every_alarm_has_an_explanation():
    assert RULES.count("- alert:") == RULES.count("summary:") == RULES.count("expr:") > 5
