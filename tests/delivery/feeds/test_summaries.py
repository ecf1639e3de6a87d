from aio_geojson_usgs_earthquakes.consts import URLS

from forewave.delivery.feeds.summaries import SUMMARIES


def test_every_feed_of_usgs_is_there_under_its_name():
    names = {url.rpartition("/")[2].removesuffix(".geojson") for url in URLS.values()}
    assert names == set(SUMMARIES)


def test_they_differ_in_period_and_magnitude_and_have_actual_events_only():
    queries = [summary.query for summary in SUMMARIES.values()]
    assert len(set(queries)) == len(queries) == 20
    assert {query.mode for query in queries} == {"actual"}
    assert SUMMARIES["4.5_week"].query.minmagnitude == 4.5
    assert SUMMARIES["significant_day"].query.significant
