"""Benchmarks are run by hand; a renamed import must not wait until then."""

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = [
    ".".join(file.relative_to(ROOT).with_suffix("").parts)
    for file in sorted((ROOT / "benchmarks").rglob("*.py"))
    if file.stem != "__main__"
]


@pytest.mark.parametrize("module", MODULES)
def test_every_benchmark_can_be_imported(module, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    importlib.import_module(module)
