"""What is in deploy/ for a cluster: valid, complete, and the same as what is tested."""

import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from forewave.cluster.demo.nodes import server_binary
from forewave.cluster.wire import ROLES
from forewave.config import read

DEPLOY = Path(__file__).parents[1] / "deploy"
MANIFESTS = [
    pytest.param(document, id=f"{file.stem} {document['kind']} {document['metadata']['name']}")
    for file in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(file.read_text())
    if document
]
COMPOSE = yaml.safe_load((DEPLOY / "cluster" / "compose.yaml").read_text())


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_a_manifest_is_valid_for_kubernetes(manifest):
    kubernetes_validate.validate(manifest, "1.31", strict=True)


def test_a_wrong_manifest_is_found():
    wrong = {**MANIFESTS[0].values[0], "spec": {"ports": "4222"}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.31", strict=True)


def containers():
    """(name, arguments, environment by name) of every container that runs forewave."""
    for each in (parameter.values[0] for parameter in MANIFESTS):
        pod = each.get("spec", {}).get("template", {}).get("spec", {})
        for container in pod.get("containers", ()):
            if container["name"] == "forewave":
                found = {env["name"]: env.get("value", "x") for env in container["env"]}
                yield each["metadata"]["name"], container["args"], found
    for name, service in COMPOSE["services"].items():
        if "--role" in service["command"]:
            yield name, service["command"], service["environment"]


def test_every_role_is_deployed_with_settings_that_exist(tmp_path):
    (tmp_path / "forewave.toml").write_text("")
    roles = {"compose": set(), "kubernetes": set()}
    for name, typed, environment in containers():
        role = typed[typed.index("--role") + 1]
        roles["kubernetes" if "-c" in typed else "compose"].add(role)
        settings = read(tmp_path / "forewave.toml", environment)
        assert settings.cluster.bus.count(",") == 2, name
        assert (settings.keys.file == "/run/forewave/forewave.key") == (role == "decide"), name
    assert roles["compose"] == roles["kubernetes"] == set(ROLES)


def test_the_nodes_of_compose_start_with_the_environment_that_it_has(tmp_path):
    """nats-server checks the configuration (-t) with what compose puts into the environment."""
    environment = dict(COMPOSE["services"]["n2"]["environment"])
    for key in ("FOREWAVE_ROUTES", "FOREWAVE_BUS_PASSWORD"):
        for variable in ("${FOREWAVE_BUS_PASSWORD:?}", "${FOREWAVE_BUS_PASSWORD}"):
            environment[key] = environment[key].replace(variable, "secret")
    environment["FOREWAVE_STORE"] = f'"{tmp_path}"'
    command = [server_binary(), "-t", "-c", str(DEPLOY / "nats" / "nats.conf")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_the_units_run_what_exists():
    unit = (DEPLOY / "systemd" / "forewave-role@.service").read_text()
    assert "forewave run -c /etc/forewave/forewave.toml --role ${ROLE}" in unit
    assert "WatchdogSec=" in unit
    nats = (DEPLOY / "systemd" / "forewave-nats.service").read_text()
    assert "deploy/nats/nats.conf" in nats
