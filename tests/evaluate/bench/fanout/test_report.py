from forewave.evaluate.bench.fanout import benchmark, report
from tests.evaluate.bench.fanout.synthetic import synthetic_fanout


def test_json_and_chart_are_written_where_asked(tmp_path):
    figures, picture = tmp_path / "a" / "fanout.json", tmp_path / "b" / "fanout.svg"
    report.write(synthetic_fanout(), figures, picture)
    assert benchmark.read(figures) == synthetic_fanout()
    assert "<svg" in picture.read_text()


def test_nothing_is_written_without_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report.write(synthetic_fanout(), None, None)
    assert list(tmp_path.iterdir()) == []
