"""`make install` and `make uninstall`, for real, below a folder that is not the machine's root."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.thorough]

ROOT = Path(__file__).parents[1]
OWN = "[[sources]]\n# mine\n"
LEFT = ["  systemctl daemon-reload", "  systemctl enable --now forewave"]


def make(root, target, **more):
    """Its exit code and output. What forewave needs is this interpreter's: nothing is fetched."""
    found = {"DESTDIR": root, "PYTHON": sys.executable}
    found |= {"PIP_FLAGS": "--no-deps --no-build-isolation --no-index"} | more
    needed = {"PYTHONPATH": sysconfig.get_path("purelib"), "NUMBA_CACHE_DIR": str(root / "numba")}
    done = subprocess.run(
        ["make", "-s", target, *(f"{name}={value}" for name, value in found.items())],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "VENV"} | needed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return SimpleNamespace(code=done.returncode, said=done.stdout, root=root, environ=needed)


def mode(path):
    return path.stat().st_mode & 0o777


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    done = make(tmp_path_factory.mktemp("root"), "install")
    assert done.code == 0, done.said
    return done


def test_the_command_that_was_installed_runs_from_there(installed):
    command = installed.root / "usr/local/bin/forewave"
    assert command.readlink() == Path("/opt/forewave/.venv/bin/forewave")
    typed = [installed.root / "opt/forewave/.venv/bin/forewave", "--version"]
    code = "import forewave; print(forewave.__file__)"
    python = [installed.root / "opt/forewave/.venv/bin/python", "-c", code]
    for words, expected in ((typed, "forewave"), (python, str(installed.root))):
        done = subprocess.run(
            words,
            env=installed.environ,
            cwd=installed.root,
            capture_output=True,
            text=True,
            check=True,
        )
        assert expected in done.stdout


def test_only_the_service_reads_the_key(installed):
    folder = installed.root / "etc/forewave"
    assert mode(folder) == mode(installed.root / "var/lib/forewave") == 0o750
    assert mode(folder / "forewave.key") == 0o600
    assert mode(folder / "forewave.toml") == 0o640


def test_the_first_settings_are_good_but_for_stations_and_sources(installed):
    from forewave import config

    settings = config.read(installed.root / "etc/forewave/forewave.toml", {})
    assert settings.alerts.mode == "test"
    assert settings.sources == ()
    assert settings.waveforms.folder == "/var/lib/forewave/waveforms"
    assert settings.record.folder == "/var/lib/forewave/record"


def test_the_unit_starts_what_is_there(installed):
    unit = (installed.root / "etc/systemd/system/forewave.service").read_text()
    start = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
    program, *_, settings = start.removeprefix("ExecStart=").split()
    assert (installed.root / program.lstrip("/")).exists()
    assert (installed.root / settings.lstrip("/")).exists()
    document = unit.partition("Documentation=file://")[2].partition("\n")[0]
    assert (installed.root / document.lstrip("/")).exists()


def test_without_systemd_two_commands_are_left(installed):
    assert installed.said.splitlines()[-2:] == LEFT


def test_a_second_run_keeps_settings_and_key_and_removing_keeps_what_is_recorded(installed):
    etc, state = installed.root / "etc/forewave", installed.root / "var/lib/forewave"
    key = (etc / "forewave.key").read_bytes()
    (etc / "forewave.toml").write_text(OWN)
    (state / "kept").touch()
    program = installed.root / "opt/forewave/.venv/lib"
    (module,) = program.glob("python3*/site-packages/forewave/types.py")
    module.write_text("a version before this one")
    again = make(installed.root, "install")
    assert again.code == 0, again.said
    assert again.said.splitlines()[-2:] == LEFT
    assert module.read_text() == (ROOT / "src/forewave/types.py").read_text()
    gone = make(installed.root, "uninstall")
    assert gone.code == 0, gone.said
    assert (etc / "forewave.toml").read_text() == OWN
    assert (etc / "forewave.key").read_bytes() == key
    assert (state / "kept").exists()
    left = {f.relative_to(installed.root).as_posix() for f in installed.root.rglob("*")}
    assert {name for name in left if not name.startswith("numba")} == {
        *("etc", "etc/forewave", "etc/forewave/forewave.toml", "etc/forewave/forewave.key"),
        *("etc/systemd", "etc/systemd/system", "opt", "usr", "usr/local", "usr/local/bin"),
        *("var", "var/lib", "var/lib/forewave", "var/lib/forewave/kept"),
    }


@pytest.mark.thorough
def test_other_places_and_another_user_are_written_into_the_unit(tmp_path):
    """Without a program to install: pip is told of a package that is not there, and fails."""
    places = {"PREFIX": "/srv/eew", "SYSCONFDIR": "/etc/eew", "SERVICE_USER": "eew"}
    done = make(tmp_path, "install", **places, PIP_FLAGS="--no-index no-such-package")
    assert done.code != 0
    assert "pip could not install it" in done.said
    assert not list(tmp_path.glob("etc/eew/*"))
    script = (ROOT / "deploy/install.sh").read_text()
    begin = script.index("placed()")
    function = script[begin : script.index("\n}\n", begin) + 3]
    said = subprocess.run(
        ["sh", "-c", f"{function}placed deploy/systemd/forewave.service"],
        cwd=ROOT,
        env=os.environ | places | {"STATEDIR": "/srv/record"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "\nExecStart=/srv/eew/.venv/bin/forewave run -c /etc/eew/forewave.toml\n" in said
    assert "\nUser=eew\nGroup=eew\n" in said
    assert "\nReadWritePaths=/srv/record\n" in said
    assert "/opt/forewave" not in said


def test_who_may_not_install_is_told(tmp_path):
    """The one thing of the machine's own root that may be tried here: that it is refused."""
    if os.geteuid() == 0:
        pytest.skip("this is root, who may")
    done = make(tmp_path, "install", DESTDIR="", PREFIX=tmp_path)
    assert done.code != 0
    assert "needs root: sudo make install" in done.said
