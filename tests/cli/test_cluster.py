"""`forewave cluster-demo`, and what is said where NATS is not installed."""

import pytest
from click.testing import CliRunner

from forewave.cli import cluster
from forewave.cli.main import main
from forewave.errors import ConfigError


def test_without_nats_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="forewave\\[cluster\\]"):
        cluster.require_nats()
    done = CliRunner().invoke(main, ["cluster-demo"])
    assert done.exit_code == 1
    assert done.output.count("\n") == 1


def test_a_scenario_that_does_not_exist_is_refused():
    done = CliRunner().invoke(main, ["cluster-demo", "--scenario", "nowhere"])
    assert done.exit_code == 2
    assert "nowhere" in done.output


def test_help_says_what_it_starts():
    done = CliRunner().invoke(main, ["cluster-demo", "--help"])
    assert "three NATS nodes" in done.output
