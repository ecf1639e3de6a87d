"""A place by the name of a town."""

from collections.abc import Sequence

from forewave.errors import InputError
from forewave.types import Place

SHOWN = 5  # towns of an error message


def find_town(name: str, towns: Sequence[Place]) -> Place:
    """The town of this name, "Chengdu" or "Chengdu, CN". Case does not count.

    towns: as Service.towns. Raises InputError, of one line, where there is none or more than one.
    """
    wanted = _plain(name)
    found = [town for town in towns if wanted in (_plain(town.name), _plain(town.name[:-4]))]
    if not found:
        like = [town for town in towns if _plain(town.name).startswith(wanted)]
        raise InputError(f"{name}: no such town{_list('; similar', like)}")
    if len(found) > 1:
        raise InputError(
            f"{name}: {len(found)} towns have this name; expected LAT,LON of one" + _list("", found)
        )
    return found[0]


def _plain(name: str) -> str:
    return "".join(name.casefold().split())


def _list(what: str, towns: Sequence[Place]) -> str:
    shown = "; ".join(f"{town.name} ({town.lat:g},{town.lon:g})" for town in towns[:SHOWN])
    return f"{what}: {shown}" if towns else "; expected a name as on the pages, or LAT,LON"
