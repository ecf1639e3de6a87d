from forewave.earth.distance import distance_km
from forewave.earth.towns import all_towns, towns_near


def test_the_list_is_the_worlds_largest_first():
    towns = all_towns()
    assert len(towns) > 20_000
    people = [town.population for town in towns]
    assert people == sorted(people, reverse=True)
    assert all(-90 <= t.lat <= 90 and -180 <= t.lon <= 180 for t in towns)
    assert all(t.name and len(t.country) == 2 for t in towns)


def test_towns_near_chengdu():
    places = towns_near(30.66, 104.06, 80.0, 100_000)
    assert places[0].name == "Chengdu"
    assert {place.kind for place in places} == {"town"}
    assert all(distance_km(30.66, 104.06, p.lat, p.lon) <= 80.0 for p in places)
    assert len(towns_near(30.66, 104.06, 80.0)) > len(places) > 1


def test_nowhere_there_is_none():
    assert towns_near(-50.0, -120.0, 200.0) == []
    assert towns_near(30.66, 104.06, 80.0, 10**9) == []
