from forewave.evaluate.bench.fanout import chart
from tests.evaluate.bench.fanout.synthetic import synthetic_fanout


def test_each_server_has_a_line_through_its_figures_in_the_panel_of_its_kind():
    plain, tls = chart.draw(synthetic_fanout()).axes
    for axes, factor in ((plain, 1.0), (tls, 2.0)):
        drawn = {each.get_label(): each.lines[0] for each in axes.containers}
        assert set(drawn) == {"C and epoll (floor)", "forewave gateway"}
        floor = list(drawn["C and epoll (floor)"].get_xydata().ravel())
        assert floor == [1000, 8.0 * factor, 10_000, 70.0 * factor]
    assert (plain.get_title(), tls.get_title()) == ("without TLS", "with TLS")


def test_without_tls_there_is_one_panel():
    lines = tuple(line for line in synthetic_fanout().lines if not line.tls)
    (axes,) = chart.draw(synthetic_fanout(lines=lines)).axes
    assert axes.get_xlabel() == "connected clients"


def test_it_is_saved_as_its_name_says(tmp_path):
    chart.save(synthetic_fanout(), tmp_path / "chart.svg")
    assert "<svg" in (tmp_path / "chart.svg").read_text()
