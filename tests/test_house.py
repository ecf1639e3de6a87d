"""The manners of the house that a machine can check: a mirror of tests, short files, names."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "forewave"
MODULES = sorted(p.relative_to(SOURCE).as_posix() for p in SOURCE.rglob("*.py"))
LONGEST_FILE = 300
LONGEST_FUNCTION = 60
FORBIDDEN_FILES = {"utils", "helpers", "common", "manager", "misc"}

# A name says its unit, unless it is seconds or degrees.
BARE = {"distance", "depth", "pga", "pgv", "pd", "pv", "pa", "vs30"}

# Modules whose tests are another module's, because they mean nothing without it.
TESTED_BY: dict[str, str] = {}


@pytest.mark.parametrize("module", [m for m in MODULES if not m.endswith("__init__.py")])
def test_every_module_has_its_tests(module):
    assert any((ROOT / "tests" / place).exists() for place in mirrors(module))


def test_the_exceptions_of_the_mirror_are_still_needed():
    assert set(TESTED_BY) <= set(MODULES)
    assert not [module for module in TESTED_BY if (ROOT / "tests" / mirrors(module)[0]).exists()]


def mirrors(module):
    """Where its tests may be, in the tree below tests/: its own file first.

    Cards may be tested together: shaking/gmm/*.py in shaking/test_gmm.py.
    """
    path = Path(module)
    places = [path.with_name(f"test_{path.name}")]
    if len(path.parts) == 3:
        places.append(path.parent.with_name(f"test_{path.parent.name}.py"))
    if module in TESTED_BY:
        places.append(Path(TESTED_BY[module]))
    return places


@pytest.mark.parametrize("module", MODULES)
def test_a_file_is_one_noun(module):
    assert Path(module).stem not in FORBIDDEN_FILES
    assert len((SOURCE / module).read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("module", MODULES)
def test_a_function_has_one_thought(module):
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


@pytest.mark.parametrize("module", MODULES)
def test_names_say_their_unit(module):
    assert bare(tree(module)) == []


def test_a_bare_name_is_found():
    made = ast.parse("def f(x, *, pga): ...\nclass C:\n    depth: float\n    depth_km: float\n")
    assert bare(made) == ["line 1: pga", "line 3: depth"]


def bare(module):
    """Parameters and fields that should say their unit, with their lines."""
    named = [(n.lineno, n.arg) for n in ast.walk(module) if isinstance(n, ast.arg)]
    classes = [each for each in ast.walk(module) if isinstance(each, ast.ClassDef)]
    fields = [each for c in classes for each in c.body if isinstance(each, ast.AnnAssign)]
    named += [(each.lineno, ast.unparse(each.target)) for each in fields]
    return [f"line {line}: {name}" for line, name in named if name in BARE]


def tree(module):
    return ast.parse((SOURCE / module).read_text())
