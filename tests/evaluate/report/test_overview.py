from msgspec.structs import replace

from forewave.evaluate.report.figures import data_uri
from forewave.evaluate.report.overview import first_alerts


def texts(figure):
    return {t.get_text() for legend in figure.legends for t in legend.get_texts()}


def test_without_published_results_only_forewave_and_p_arrivals_are_drawn(case):
    assert texts(first_alerts([case])) == {"forewave", "P arrived, 1st to 4th station"}


def test_published_systems_are_drawn(case):
    score = replace(case.score, id="tw-20210418-hualien")
    figure = first_alerts([replace(case, score=score)])
    assert {"goal", "EPIC lenient", "PLUM 60 km", "SeisComP"} < texts(figure)
    assert data_uri(figure).startswith("data:image/svg+xml")
