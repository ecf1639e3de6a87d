"""The manners of the house that a machine can check: a mirror of tests, names, the drawing."""

import ast
import re
from pathlib import Path

import pytest

from scripts import drawing, figures

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "forewave"
MODULES = sorted(p.relative_to(SOURCE).as_posix() for p in SOURCE.rglob("*.py"))
FORBIDDEN_FILES = {"utils", "helpers", "common", "manager", "misc"}

# A name says its unit, unless it is seconds or degrees.
BARE = {"distance", "depth", "pga", "pgv", "pd", "pv", "pa", "vs30"}

NUMBER = re.compile(r"\b(float|int|Floats?|ArrayLike|NDArray|ndarray)\b")

# Modules whose tests are another module's, because they mean nothing without it.
_SERVICES = "archive/web_services"
_FANOUT = "evaluate/bench/fanout"
TESTED_BY: dict[str, str] = {
    f"{_FANOUT}/servers/{name}.py": f"{_FANOUT}/test_servers.py"
    for name in (
        *("__main__", "base", "gateway", "picows_alone"),
        *("websockets_broadcast", "starlette_uvicorn", "aiohttp_loop"),
    )
} | {
    "after/history.py": "after/test_gather.py",
    "after/request.py": "after/test_run.py",
    "channels/home_assistant/settings.py": "channels/home_assistant/test_channel.py",
    "archive/catalogue/query.py": "archive/catalogue/test_reader.py",
    **{
        f"archive/catalogue/migrations/{name}.py": "archive/catalogue/test_database.py"
        for name in ("env", "versions/events_0001", "versions/acts_0002")
    },
    **{
        f"{_SERVICES}/{name}.py": f"{_SERVICES}/{name.partition('/')[0]}/test_service.py"
        for name in (
            *("events/formats", "events/request", "stations/choice", "stations/request"),
            *("stations/text", "waveforms/files", "waveforms/request"),
        )
    },
}


def test_every_module_has_its_tests():
    alone = [m for m in MODULES if not m.endswith("__init__.py") and not is_tested(m)]
    assert alone == []


def test_the_exceptions_of_the_mirror_are_still_needed():
    assert set(TESTED_BY) <= set(MODULES)
    assert not [module for module in TESTED_BY if (ROOT / "tests" / mirrors(module)[0]).exists()]


def is_tested(module):
    return any((ROOT / "tests" / place).exists() for place in mirrors(module))


def mirrors(module):
    """Where its tests may be, in the tree below tests/: its own file first.

    Cards may be tested together: earth/gmm/*.py in earth/test_gmm.py.
    """
    path = Path(module)
    places = [path.with_name(f"test_{path.name}")]
    if len(path.parts) == 3:
        places.append(path.parent.with_name(f"test_{path.parent.name}.py"))
    if module in TESTED_BY:
        places.append(Path(TESTED_BY[module]))
    return places


def test_a_file_is_one_noun():
    assert [m for m in MODULES if Path(m).stem in FORBIDDEN_FILES] == []


def test_the_drawing_in_architecture_is_that_of_the_imports():
    page = drawing.PAGE.read_text()
    assert page == drawing.replaced(page, drawing.drawing()), "python scripts/drawing.py --write"


def test_circular_imports_cannot_be_drawn():
    needs = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    with pytest.raises(ValueError, match="a, b, c, d"):
        drawing.rows(needs)
    assert drawing.rows(needs | {"c": set()}) == [["c"], ["b"], ["a"], ["d"]]


def test_every_folder_says_in_a_sentence_what_it_is_for():
    folders = [SOURCE / m for m in MODULES if m.endswith("__init__.py") and "/" in m]
    without = [f.parent.name for f in folders if not ast.get_docstring(ast.parse(f.read_text()))]
    assert without == []


def test_the_figures_of_the_house_are_counted():
    """By a script; the figures are no limits."""
    tables = (figures.long_files, figures.long_functions, figures.full_folders, figures.words)
    for count, name in (row for table in tables for row in table()):
        assert count >= 0
        assert name


def test_names_say_their_unit():
    assert {module: found for module in MODULES if (found := bare(tree(module)))} == {}


def test_a_bare_name_is_found():
    made = ast.parse(
        "def f(x, pd, *, pga: float | None, distance: Spread): ...\n"
        "class C:\n    depth: Floats\n    depth_km: float\n    distance: Literal['rupture']\n"
    )
    assert bare(made) == ["line 1: pd", "line 1: pga", "line 3: depth"]


def bare(module):
    """Numeric parameters and fields that should say their unit, with their lines."""
    named = [
        (node.lineno, node.arg, node.annotation)
        for node in ast.walk(module)
        if isinstance(node, ast.arg)
    ]
    classes = [each for each in ast.walk(module) if isinstance(each, ast.ClassDef)]
    fields = [each for c in classes for each in c.body if isinstance(each, ast.AnnAssign)]
    named += [(each.lineno, ast.unparse(each.target), each.annotation) for each in fields]
    return [f"line {line}: {name}" for line, name, kind in named if name in BARE and number(kind)]


def number(annotation):
    """Whether something so annotated may be a number; without annotation it may be anything."""
    return annotation is None or NUMBER.search(ast.unparse(annotation)) is not None


def tree(module):
    return ast.parse((SOURCE / module).read_text())
