import pytest

from tests.mutations.run import Copy, Result, RunError
from tests.mutations.table import Defect

pytestmark = pytest.mark.slow


@pytest.fixture
def tree(tmp_path):
    """A tree with one package and one test of it."""
    source = tmp_path / "source"
    (source / "src" / "forewave").mkdir(parents=True)
    (source / "tests").mkdir()
    (source / "src" / "forewave" / "__init__.py").write_text("def half(x):\n    return x / 2\n")
    (source / "tests" / "test_half.py").write_text(
        "from forewave import half\n\ndef test_half():\n    assert half(4) == 2\n"
    )
    return source


def defect(new, **more):
    return Defect(
        "r", "i", "src/forewave/__init__.py", "x / 2", new, ("tests/test_half.py",), **more
    )


def test_defects_are_caught_or_survive_and_the_tree_stays_as_it_was(tree, tmp_path):
    before = {file: file.read_bytes() for file in tree.rglob("*") if file.is_file()}
    copy = Copy(tmp_path / "copy", tree)
    assert copy.failure(["tests/test_half.py"]) is None
    assert copy.result(defect("x * 2")) == Result("caught", "tests/test_half.py::test_half")
    assert copy.result(defect("x - 2")) == Result("survived")
    assert copy.result(defect("x * 2", equivalent="why")) == Result("equivalent")
    assert copy.failure(["tests/test_half.py"]) is None
    assert before == {file: file.read_bytes() for file in tree.rglob("*") if file.is_file()}


def test_tests_that_cannot_be_run_are_an_error(tree, tmp_path):
    with pytest.raises(RunError, match=r"tests/test_none\.py: exit code 4"):
        Copy(tmp_path / "copy", tree).failure(["tests/test_none.py"])


def test_a_copy_that_would_not_be_imported_is_an_error(tree, tmp_path):
    (tree / "src" / "forewave" / "__init__.py").unlink()
    (tree / "src" / "forewave").rmdir()
    with pytest.raises(RunError, match="not the copy"):
        Copy(tmp_path / "copy", tree)
