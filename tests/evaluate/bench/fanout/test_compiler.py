import sys

import pytest

from forewave.errors import ConfigError
from forewave.evaluate.bench.fanout import compiler


def test_the_programs_compile_without_a_warning(tmp_path, monkeypatch):
    strict = [*compiler.compiler(), "-Wall", "-Wextra", "-Werror"]
    monkeypatch.setattr(compiler, "compiler", lambda: strict)
    for name in ("floor", "load"):
        assert compiler.build(name, tmp_path).stat().st_mode & 0o100


def test_without_a_compiler_on_the_path_that_of_ziglang_is_used(monkeypatch):
    monkeypatch.setattr(compiler.shutil, "which", lambda name: None)
    monkeypatch.setattr(compiler, "find_spec", lambda name: object())
    assert compiler.compiler() == [sys.executable, "-m", "ziglang", "cc"]


def test_without_any_compiler_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr(compiler.shutil, "which", lambda name: None)
    monkeypatch.setattr(compiler, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"forewave\[bench\]") as error:
        compiler.compiler()
    assert "\n" not in str(error.value)


def test_a_source_that_does_not_compile_is_named(tmp_path, monkeypatch):
    (tmp_path / "wrong.c").write_text("int main(void) { return nothing; }\n")
    monkeypatch.setattr(compiler, "SOURCES", tmp_path)
    with pytest.raises(ConfigError, match=r"wrong\.c does not compile") as error:
        compiler.build("wrong", tmp_path)
    assert "\n" not in str(error.value)
