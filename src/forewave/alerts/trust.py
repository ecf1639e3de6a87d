"""How far those whom an event stands on may be believed.

A datagram's address, an open broker and a phone prove nothing: one machine can be many of them.
Stations whose packets come from an authenticated source are *vouched for* (`Packet.vouched`).
What an event may say, by the stations that it stands on (phones together are one of them):

    vouched for   others          most
    two or more   any             action
    one           none            action, as a single-station alert (single_station.py)
    one           some            aware
    none          two stations    aware
    none          one station     nothing, with phones or without
    none          none            nothing: the picks it had stand no more

Phones alone (`phones.alone`) may alert only where the operator has asked for it, and at most at
level "aware". A level already issued holds: authenticated stations reached it.
"""

from forewave.alerts import single_station
from forewave.types import PHONES, Level, Solution


def may_speak(solution: Solution) -> bool:
    """Whether it stands on enough for a first alert."""
    codes = single_station.codes(solution)
    return bool(_vouched(solution)) or codes == {PHONES} or len(codes - {PHONES}) > 1


def highest(solution: Solution, held: Level | None) -> Level:
    """The highest level that those whom the event stands on may bring it to."""
    return "action" if held == "action" or _may_act(solution) else "aware"


def _may_act(solution: Solution) -> bool:
    """Whether it stands on two stations that are vouched for, or on one and nothing besides."""
    vouched = len(_vouched(solution))
    return vouched > 1 or vouched == len(single_station.codes(solution)) == 1


def _vouched(solution: Solution) -> set[str]:
    return {a.station for a in solution.picks if a.weight > 0 and a.vouched and a.station != PHONES}
