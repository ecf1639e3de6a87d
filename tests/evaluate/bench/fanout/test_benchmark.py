import pytest

from forewave.errors import ConfigError
from forewave.evaluate.bench.fanout import benchmark
from forewave.evaluate.bench.fanout.benchmark import Plan
from tests.evaluate.bench.fanout.synthetic import synthetic_fanout


def test_sizes_beyond_the_limit_of_descriptors_are_left_out():
    assert benchmark.possible((1000, 19_000, 30_000), 20_000) == [1000, 19_000]


def test_a_limit_that_allows_no_size_is_one_line():
    with pytest.raises(ConfigError, match="5000 clients need 5100 file descriptors") as error:
        benchmark.possible((5000, 10_000), 1024)
    assert "\n" not in str(error.value)


def test_another_system_and_a_missing_compiler_are_told_before_anything_is_run(monkeypatch):
    monkeypatch.setattr(benchmark.compiler, "COMPILERS", ())
    monkeypatch.setattr(benchmark.compiler, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="no C compiler"):
        benchmark.check(Plan())
    monkeypatch.delattr(benchmark.os, "sched_setaffinity")
    with pytest.raises(ConfigError, match="needs Linux"):
        benchmark.check(Plan())


def test_figures_survive_their_file(tmp_path):
    benchmark.write(synthetic_fanout(), tmp_path / "fanout.json")
    assert benchmark.read(tmp_path / "fanout.json") == synthetic_fanout()


@pytest.mark.parametrize("content", ["", "{}", "[1]"])
def test_another_file_is_refused_by_name(tmp_path, content):
    path = tmp_path / "other.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match=r"other\.json"):
        benchmark.read(path)


@pytest.mark.slow
@pytest.mark.thorough
def test_a_small_run_has_every_chosen_row_plain_and_with_tls():
    calls = []
    plan = Plan((20,), ("picows",), tls=True, repetitions=2, alerts=3)
    found = benchmark.measure(plan, lambda done, of, what: calls.append((done, of)))
    lines = {(each.row, each.tls, each.clients) for each in found.lines}
    assert lines == {(row, tls, 20) for row in ("floor", "picows") for tls in (False, True)}
    assert found.invalid == ()
    assert calls == [(i, 8) for i in range(8)]
    for line in found.lines:
        assert line.valid == 2
        assert line.row != "floor" or line.ratio == 1.0
        assert line.least_last_ms <= line.last_ms <= line.most_last_ms <= line.worst_ms
