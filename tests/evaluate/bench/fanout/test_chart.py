from forewave.evaluate.bench.fanout import chart
from tests.evaluate.bench.fanout.synthetic import synthetic_fanout


def test_each_server_has_a_line_through_its_figures():
    (axes,) = chart.draw(synthetic_fanout()).axes
    drawn = {each.get_label(): each.lines[0] for each in axes.containers}
    assert set(drawn) == {
        "C and epoll (floor)",
        "forewave gateway",
        "C and epoll (floor), TLS",
        "forewave gateway, TLS",
    }
    assert list(drawn["C and epoll (floor)"].get_xydata().ravel()) == [1000, 8.0, 10_000, 70.0]
    assert axes.get_xlabel() == "connected clients"


def test_it_is_saved_as_its_name_says(tmp_path):
    chart.save(synthetic_fanout(), tmp_path / "chart.svg")
    assert "<svg" in (tmp_path / "chart.svg").read_text()
