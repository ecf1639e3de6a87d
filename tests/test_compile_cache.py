"""The cache of compiled code: an edit of anything that is compiled in makes it compile again."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from forewave import compile_cache
from forewave.delivery.connections import send_loop
from forewave.events.location import likelihood
from forewave.stations import kernel

SOURCE = Path(__file__).parents[1] / "src"
COMPILED = [kernel, likelihood]
ALONE = send_loop.__name__  # compiles nothing of another file, when a gateway is made
ENTRIES = ("run_station", "_score", "_detection_probability")
ANYTHING = "*"


@pytest.mark.parametrize("entry", COMPILED, ids=lambda module: module.__name__)
def test_all_that_is_compiled_in_is_listed(entry):
    assert {module for module, _ in compiled_in(entry.__name__)} == set(entry.COMPILED_FROM)


def test_no_function_is_compiled_outside_the_lists():
    """One that is called from Python without an entry is compiled when it is first needed."""
    listed = {name for module in COMPILED for name in module.COMPILED_FROM}
    assert {name for name in modules() if uses_compiler(name)} <= listed | {ALONE}


def test_constants_and_callees_of_other_files_are_found():
    found = compiled_in(likelihood.__name__)
    assert ("forewave.events.location.source_duration", "HALF_DURATION_M5") in found
    assert ("forewave.events.relations.cua_heaton_2007", "GROWTH") in found
    assert ("forewave.stations.layout", "CLIPPED") in compiled_in(kernel.__name__)


def test_an_edit_of_a_callee_is_compiled_and_nothing_is_compiled_twice(tmp_path):
    (tmp_path / "callee.py").write_text("FACTOR = 2.0\n")
    (tmp_path / "entry.py").write_text(
        "from numba import njit\n"
        "from forewave import compile_cache\n"
        "from callee import FACTOR\n"
        "def _entry(digest):\n"
        "    @njit('f8(f8)', cache=True)\n"
        "    def scaled(x):\n"
        "        assert digest\n"
        "        return FACTOR * x\n"
        "    return scaled\n"
        "scaled = _entry(compile_cache.digest(['callee', 'entry']))\n"
        "print(scaled(1.0), sum(scaled.stats.cache_misses.values()))\n"
    )

    def run():
        command = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(SOURCE)!r}]; import entry"
        done = subprocess.run(
            [sys.executable, "-B", "-c", command], capture_output=True, text=True, check=True
        )
        return done.stdout.split()

    assert run() == ["2.0", "1"]
    assert run() == ["2.0", "0"]
    (tmp_path / "callee.py").write_text("FACTOR = 3.0\n")
    assert run() == ["3.0", "1"]
    assert run() == ["3.0", "0"]


def test_a_module_that_is_not_there_is_an_error():
    with pytest.raises(ModuleNotFoundError):
        compile_cache.digest(["forewave.stations.nowhere"])


def compiled_in(module):
    """(module, name) of all functions and constants of this house that the entries of a module use.

    Found in the text: names that are used, to the statements that define them, through imports.
    """
    found = set()
    wanted = [(module, name) for name in ENTRIES if name in definitions(module)]
    while wanted:
        module, name = wanted.pop()
        if (module, name) in found or module == compile_cache.__name__:
            continue
        if name == ANYTHING:
            found.add((module, name))
        elif name in imports(module):
            wanted.append(imports(module)[name])
        elif name in definitions(module):
            found.add((module, name))
            wanted += [(module, used) for used in names(definitions(module)[name])]
    return found


def modules():
    """The names of all modules."""
    files = (path.relative_to(SOURCE).with_suffix("") for path in SOURCE.rglob("*.py"))
    return {".".join(path.parts).removesuffix(".__init__") for path in files}


def uses_compiler(module):
    """Whether it imports numba, or the house's own decorator."""
    lines = [
        node for node in ast.walk(tree(module)) if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    found = {alias.name for node in lines for alias in node.names}
    found |= {node.module for node in lines if isinstance(node, ast.ImportFrom)}
    return "inner" in found or any(str(name).split(".")[0] == "numba" for name in found)


@cache
def tree(module):
    path = SOURCE / Path(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text())


@cache
def definitions(module):
    """By name: the statements at the top of a module that define or change it."""
    found = {}
    for node in tree(module).body:
        for name in defined(node):
            found.setdefault(name, []).append(node)
    return found


def defined(node):
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [each.id for t in targets for each in ast.walk(t) if isinstance(each, ast.Name)]
    return []


@cache
def imports(module):
    """By name in a module: (module, name) of this house that it stands for; a whole module has
    ANYTHING for a name.
    """
    found = {}
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == "forewave":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                origin = (whole, ANYTHING) if whole in modules() else (node.module, alias.name)
                found[alias.asname or alias.name] = origin
    return found


def names(nodes):
    return {each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)}
