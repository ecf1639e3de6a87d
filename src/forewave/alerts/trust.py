"""The alert level that the sources of an event's stations allow.

The address of a datagram, an open broker and a phone do not authenticate anybody: one machine can
imitate many. Stations whose packets come from an authenticated source are *vouched for*
(`Packet.vouched`). The highest level by the stations of an event (all phones count as one other):

    vouched for   others          highest level
    two or more   any             action
    one           none            action, as a single-station alert (single_station.py)
    one           some            aware
    none          two stations    aware
    none          one station     no alert, with phones or without
    none          none            no alert: the event has lost its picks

Phones alone (`phones.alone`) may alert only where the operator has asked for it, and at most at
level "aware". A level already issued holds: authenticated stations reached it.
"""

from forewave.alerts import single_station
from forewave.types import PHONES, Level, Solution


def may_speak(solution: Solution) -> bool:
    """Whether the stations of an event allow a first alert."""
    codes = single_station.codes(solution)
    return bool(_vouched(solution)) or codes == {PHONES} or len(codes - {PHONES}) > 1


def highest(solution: Solution, held: Level | None) -> Level:
    """The highest level that the stations of an event allow. held: the level already issued."""
    return "action" if held == "action" or _may_act(solution) else "aware"


def _may_act(solution: Solution) -> bool:
    """Whether it has two stations that are vouched for, or one such station only."""
    vouched = len(_vouched(solution))
    return vouched > 1 or vouched == len(single_station.codes(solution)) == 1


def _vouched(solution: Solution) -> set[str]:
    return {a.station for a in solution.picks if a.weight > 0 and a.vouched and a.station != PHONES}
