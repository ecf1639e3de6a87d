"""What follows for people when an event's shaking forecast changes: one pure function."""

import math
from typing import Literal, TypeAlias

from msgspec import Struct

from forewave.alerts import policy, single_station
from forewave.alerts.policy import AlertSettings
from forewave.types import Alert, Kind, Level, ShakingForecast

Why: TypeAlias = Literal["false", "smaller"] | None


class Decision(Struct, frozen=True):
    """What to do with a forecast.

    ignore: no effect; a waiting change keeps waiting. nothing: issue nothing and drop a waiting
    change. wait: review it when a change may follow. close: no more alerts for this event. issue:
    issue an alert of this kind and level now; after why "false" the event is closed.
    """

    act: Literal["ignore", "nothing", "wait", "issue", "close"]
    kind: Kind = "update"
    level: Level | None = None
    why: Why = None


IGNORE, NOTHING, WAIT, CLOSE = (
    Decision("ignore"),
    Decision("nothing"),
    Decision("wait"),
    Decision("close"),
)


def decide(
    issued: Alert | None,
    shaking: ShakingForecast,
    now: float,
    settings: AlertSettings,
    strongest: float = -math.inf,
) -> Decision:
    """issued: the event's last message, if any. strongest: of all its messages (policy.strength).

    The whole policy; the first row that fits holds:

    | issued            | shaking forecast                        | decision              |
    |-------------------|-----------------------------------------|-----------------------|
    | nothing or cancel | withdrawn                               | close                 |
    | a level           | withdrawn                               | issue cancel, false   |
    | nothing           | a level, and trusted                    | issue new             |
    | nothing           | anything else                           | ignore                |
    | anything          | of one station                          | ignore                |
    | one station's     | without a pick, as after a restart      | ignore                |
    | anything          | with a number missing                   | nothing               |
    | cancel            | a level, and trusted                    | issue update          |
    | cancel            | anything else                           | nothing               |
    | one station's     | a level, and trusted                    | issue update          |
    | one station's     | a level, and not trusted                | nothing               |
    | a level           | a higher level, and probable            | issue update          |
    | a level           | a higher level, and not probable        | nothing               |
    | a level           | the same, and no difference that counts | nothing               |
    | a level           | a change, too soon after the last       | wait                  |
    | a level           | below every level                       | issue cancel, smaller |
    | a level           | a change                                | issue update          |
    """
    if shaking.solution.withdrawn is not None:
        return _withdrawn(issued)
    if issued is None:
        level = policy.level(shaking, settings)
        return _if_trusted("new", level, shaking, settings) or IGNORE
    if single_station.is_single_station(shaking.solution) or _is_echo(issued, shaking):
        return IGNORE
    if not policy.complete(shaking):
        return NOTHING
    held = None if issued.kind == "cancel" else issued.level
    level = policy.level(shaking, settings, held)
    if held is None or (level is not None and issued.stations == 1):
        return _if_trusted("update", level, shaking, settings) or NOTHING
    if policy.rises(held, level):
        probable = policy.probable(shaking, settings)
        return Decision("issue", "update", level) if probable else NOTHING
    if level == held and not policy.differs(issued, shaking):
        return NOTHING
    if now < policy.next_time(issued, shaking, settings, strongest):
        return WAIT
    if level is None:
        return Decision("issue", "cancel", held, "smaller")
    return Decision("issue", "update", level)


def _withdrawn(issued: Alert | None) -> Decision:
    if issued is None or issued.kind == "cancel":
        return CLOSE
    return Decision("issue", "cancel", issued.level, "false")


def _if_trusted(
    kind: Kind, level: Level | None, shaking: ShakingForecast, settings: AlertSettings
) -> Decision | None:
    """The decision to issue, if there is a level and the event meets a first alert's criteria."""
    if level is None or not policy.trusted(shaking, settings):
        return None
    return Decision("issue", kind, level)


def _is_echo(issued: Alert, shaking: ShakingForecast) -> bool:
    """Whether a solution without picks (after a restart) follows a single-station alert."""
    return issued.stations == 1 and single_station.stations(shaking.solution) == 0
