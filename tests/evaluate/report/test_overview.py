from msgspec.structs import replace

from forewave.evaluate.report.figures import data_uri
from forewave.evaluate.report.overview import first_alerts


def texts(figure):
    return {t.get_text() for legend in figure.legends for t in legend.get_texts()}


def test_a_new_recording_has_ours_and_the_bar_alone(case):
    assert texts(first_alerts([case])) == {"forewave", "P arrived, 1st to 4th station"}


def test_a_published_one_has_the_others_beside(case):
    score = replace(case.score, id="tw-20210418-hualien")
    figure = first_alerts([replace(case, score=score)])
    assert {"goal", "EPIC lenient", "PLUM 60 km", "SeisComP"} < texts(figure)
    assert data_uri(figure).startswith("data:image/svg+xml")
