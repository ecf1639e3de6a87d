"""The container's files: what they copy, name and promise is there. No engine is needed."""

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from forewave import config
from forewave.settings import ServerSettings

ROOT = Path(__file__).parents[1]
FILE = (ROOT / "Containerfile").read_text().replace("\\\n", " ")
COMPOSE = (ROOT / "compose.yaml").read_text()
IGNORE = (ROOT / ".containerignore").read_text().split()


def steps(name):
    """The arguments of each step of a kind."""
    return re.findall(rf"^{name} +(.+)$", FILE, re.MULTILINE)


def copied():
    """What is copied from this checkout."""
    given = [step.split() for step in steps("COPY") if not step.startswith("--from")]
    return [source for *sources, _ in given for source in sources]


def environment():
    return dict(word.split("=", 1) for step in steps("ENV") for word in step.split())


@pytest.mark.parametrize("source", copied())
def test_what_is_copied_is_there_and_not_ignored(source):
    assert (ROOT / source).exists()
    assert f"!{source}" in IGNORE


def test_everything_that_the_package_is_built_from_is_copied():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {"pyproject.toml", "constraints.txt", "hatch_build.py", "src", "web"}
    assert needed | {"README.md", *project["license-files"]} <= set(copied())


@pytest.mark.parametrize(
    "path", ["src/forewave/web/index.html", "web/node_modules/x.js", "forewave.key", ".git/HEAD"]
)
def test_what_was_built_here_and_secrets_stay_out(path):
    """The last pattern that fits decides."""
    decided = False
    for pattern in IGNORE:
        bare = pattern.lstrip("!")
        if any(fnmatch(part, bare) for part in (path, *map(str, Path(path).parents))):
            decided = not pattern.startswith("!")
    assert decided


def test_docker_ignores_the_same():
    assert (ROOT / ".dockerignore").read_text() == (ROOT / ".containerignore").read_text()


def test_it_does_not_run_as_root():
    (user,) = steps("USER")
    assert user == "10001:10001"
    assert FILE.index("USER 10001") < FILE.index("ENTRYPOINT")
    assert "--uid 10001" in FILE


def test_the_ports_are_the_defaults_of_the_settings():
    assert ServerSettings().stream_port == 0
    ports = [ServerSettings().port]
    assert [step.split() for step in steps("EXPOSE")] == [[*map(str, ports)]]
    (check,) = steps("HEALTHCHECK")
    assert f"127.0.0.1:{ports[0]}/healthz" in check
    assert check.partition("CMD [")[2].rstrip("]") in COMPOSE
    for port in ports:
        assert f'"127.0.0.1:{port}:{port}"' in COMPOSE


def test_its_settings_from_the_environment_are_settings(tmp_path):
    file = tmp_path / "forewave.toml"
    file.write_text("")
    own = {name: value for name, value in environment().items() if name.startswith("FOREWAVE_")}
    assert config.read(file, own).server.host == "0.0.0.0"


def test_what_is_kept_is_in_a_volume_of_its_user():
    (volume,) = steps("VOLUME")
    assert f"data:{volume}" in COMPOSE
    assert f"cache:{environment()['NUMBA_CACHE_DIR']}" in COMPOSE
    owned = next(step for step in steps("RUN") if "install -d" in step)
    assert volume in owned
    assert environment()["NUMBA_CACHE_DIR"] in owned


def test_compose_mounts_what_is_there():
    mounted = re.findall(r"- \./(\S+?):(\S+?):ro$", COMPOSE, re.MULTILINE)
    assert len(mounted) == 3
    assert not [source for source, _ in mounted if not (ROOT / source).is_dir()]


def test_grafana_looks_where_compose_puts_the_dashboard():
    provider = (ROOT / "deploy/grafana/provisioning/dashboards/forewave.yaml").read_text()
    (path,) = re.findall(r"^ +path: (\S+)$", provider, re.MULTILINE)
    assert f"./deploy/grafana/dashboards:{path}:ro" in COMPOSE


def test_no_port_is_open_to_other_machines_unasked():
    published = re.findall(r'- "(\S+:\d+:\d+)"', COMPOSE)
    assert len(published) == 2
    assert all(port.startswith("127.0.0.1:") for port in published)
