import pytest

from forewave.client.town import find_town
from forewave.errors import InputError
from forewave.types import Place

TOWNS = [
    Place("Chengdu, CN", 30.66, 104.06),
    Place("San José, CR", 9.93, -84.08),
    Place("Springfield, US", 37.2, -93.3),
    Place("Springfield, US", 39.8, -89.6),
    Place("Springfield, CA", 49.9, -96.7),
]


@pytest.mark.parametrize("name", ["Chengdu", "chengdu, cn", "  CHENGDU,CN "])
def test_a_town_is_found_with_and_without_its_country(name):
    assert find_town(name, TOWNS) == TOWNS[0]


def test_of_several_countries_one_may_be_named():
    assert find_town("Springfield, CA", TOWNS) == TOWNS[4]


@pytest.mark.parametrize(("name", "count"), [("Springfield", 3), ("Springfield, US", 2)])
def test_a_name_of_several_towns_is_refused_with_all_of_them(name, count):
    with pytest.raises(InputError, match=f"{count} towns have this name") as refused:
        find_town(name, TOWNS)
    assert "(37.2,-93.3)" in str(refused.value)


def test_an_unknown_name_is_refused_with_similar_ones():
    with pytest.raises(InputError, match="no such town; similar: San José, CR"):
        find_town("San", TOWNS)
    with pytest.raises(InputError, match="no such town; expected"):
        find_town("Atlantis", TOWNS)
