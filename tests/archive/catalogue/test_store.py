import random

import pytest

from forewave.archive.catalogue.query import EventQuery
from forewave.archive.catalogue.reader import Reader
from forewave.archive.catalogue.store import Store
from tests.archive.catalogue.conftest import T0, record

pytestmark = pytest.mark.xdist_group("postgresql")
EVERY = EventQuery(withdrawn=None, mode=None)


def test_in_any_order_and_any_number_of_times_the_same_is_kept(url):
    wanted = [record(f"fw{n % 3}", 1 + n // 3, magnitude=5.0 + n / 10) for n in range(12)]
    shuffled = wanted * 2
    random.Random(1).shuffle(shuffled)
    store = Store(url)
    for first in range(0, len(shuffled), 5):
        store.write(shuffled[first : first + 5])
    store.close()
    found = Reader(url).events(EVERY, 10, every_version=True)
    assert {event.id for event in found} == {"fw0", "fw1", "fw2"}
    for event in found:
        assert [version.number for version in event.versions] == [1, 2, 3, 4]
        assert (event.first, event.updated) == (T0 + 6.0, T0 + 9.0)
        assert event.latest.magnitude.value == pytest.approx(5.9 + int(event.id[2]) / 10)


def test_the_first_of_two_that_claim_the_same_version_stays(url):
    store = Store(url)
    store.write([record(magnitude=5.0)])
    store.write([record(magnitude=6.0, issued=T0 + 99.0)])
    store.close()
    (event,) = Reader(url).events(EVERY, 10)
    assert (event.latest.magnitude.value, event.updated) == (5.0, T0 + 6.0)


def test_a_drill_with_the_id_of_an_event_is_another_event(url):
    store = Store(url)
    store.write([record(), record(mode="drill")])
    store.close()
    reader = Reader(url)
    assert {event.mode for event in reader.events(EVERY, 10)} == {"actual", "drill"}
    assert [event.mode for event in reader.events(EventQuery(), 10)] == ["actual"]


def test_records_are_written_all_or_none(url):
    store = Store(url)
    with pytest.raises(Exception, match=r"NULL|null"):
        store.write([record("fw1"), record("fw2", magnitude=None)], complete_to=5.0)
    assert store.complete_to() is None
    store.close()
    assert Reader(url).events(EVERY, 10) == []


def test_the_mark_only_goes_forward(url):
    store = Store(url)
    store.write([], complete_to=5.0)
    store.write([], complete_to=4.0)
    assert store.complete_to() == 5.0
    store.close()
