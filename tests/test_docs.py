"""The pages for people name only what exists."""

import re
from pathlib import Path

import click
import pytest

from forewave.cli.main import main

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
CODE = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"`((?:[\w.-]+/)*[\w.-]+(?:/|\.(?:py|md|toml|csv|ts|json|txt)))`")


def page_ids(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_the_files_it_names_exist(name):
    named = set(PATH.findall((ROOT / name).read_text()))
    assert not [path for path in named if not exists(path)]


def test_architecture_names_every_package():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    packages = [p.parent.name for p in (ROOT / "src" / "forewave").glob("*/__init__.py")]
    assert not [package for package in packages if f"{package}/" not in text]


def test_each_life_has_six_stops_at_most_and_none_twice():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    lives = re.findall(r"## The life of an? \w+\n(.*?)(?=\n## )", text, re.DOTALL)
    assert len(lives) == 4
    for life in lives:
        stops = re.findall(r"^\d+\. .*?`([\w/.]+)`", life, re.MULTILINE)
        assert len(stops) == len(re.findall(r"^\d+\. ", life, re.MULTILINE)) <= 6
        assert len(set(stops)) == len(stops)


def exists(path):
    """Paths are from the repository's top, or from the package's."""
    return (ROOT / path).exists() or (ROOT / "src" / "forewave" / path).exists()


@pytest.mark.parametrize("page", PAGES, ids=page_ids)
def test_its_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:\s]+)[^):]*\)|src=\"([^\":]+)\"", page.read_text())
    targets = [a or b for a, b in links]
    assert not [target for target in targets if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=page_ids)
def test_its_commands_exist(page):
    for line in code_lines(page):
        if found := re.match(r"(?:\.venv/bin/)?forewave (.+)", line):
            check_command(found[1].split())


@pytest.mark.parametrize("page", PAGES, ids=page_ids)
def test_its_make_targets_exist(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {word for line in code_lines(page) if line.startswith("make") for word in words(line)}
    assert named <= targets


def test_an_unknown_command_or_option_is_found():
    with pytest.raises(AssertionError):
        check_command(["no-such-command"])
    with pytest.raises(AssertionError):
        check_command(["replay", "--no-such-option"])


def code_lines(page):
    """The commands in a page's code blocks and backticks, without prompts and comments."""
    text = page.read_text()
    blocks = [line for block in CODE.findall(text) for line in block.splitlines()]
    spans = re.findall(r"`([^`\n]+)`", CODE.sub("", text))
    return [re.sub(r"^\$ |\s+#.*$", "", each).strip() for each in blocks + spans]


def words(line):
    return [word for word in line.split()[1:] if re.fullmatch(r"[a-z-]+", word)]


def check_command(typed):
    """That every option in what is typed belongs to the command it is typed after."""
    command: click.Command = main
    while isinstance(command, click.Group):
        assert typed, "a group needs a command"
        assert typed[0] in command.commands, typed[0]
        command, typed = command.commands[typed[0]], typed[1:]
    known = {name for each in command.params for name in each.opts} | {"--help"}
    options = {word.partition("=")[0] for word in typed if word.startswith("-")}
    assert options <= known, options - known


def test_every_document_is_in_the_index():
    index = ROOT / "docs" / "index.md"
    pages = [p.relative_to(index.parent).as_posix() for p in sorted(index.parent.glob("*/*.md"))]
    assert not [page for page in pages if f"({page})" not in index.read_text()]


@pytest.mark.parametrize("page", PAGES, ids=page_ids)
def test_its_python_is_python(page):
    for block in re.findall(r"^```python\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE):
        compile(block, str(page), "exec")
