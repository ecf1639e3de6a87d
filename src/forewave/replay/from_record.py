"""The event log of a live machine replayed: `forewave replay --from-log`."""

from collections.abc import Callable
from pathlib import Path

from forewave.live.log import alert_line
from forewave.live.persistence import recovery
from forewave.live.persistence.recovery import Replayed
from forewave.replay import json_lines
from forewave.types import Alert, Message


def replay(root: Path, write: Callable[[str], None], as_json: bool) -> None:
    """Write a line for each alert, then how they compare with the alerts in the event log.

    Raises FormatError where there is no event log.
    """
    tally = json_lines.Tally()

    def on_word(now: float, word: Message) -> None:
        tally.add(word)
        if isinstance(word, Alert):
            write(json_lines.alert_line(word, None) if as_json else alert_line(word))

    replayed = recovery.replay(root, on_word)
    if as_json:
        compared = {"differ": replayed.differ, "exact": replayed.exact}
        write(tally.summary_line(None, id=root.name, stations=replayed.stations, **compared))
    else:
        write(_summary(replayed))


def _summary(replayed: Replayed) -> str:
    same = "all as recorded" if not replayed.differ else f"{replayed.differ} differ"
    gaps = (
        ""
        if replayed.exact
        else "; the event log has gaps, or does not begin with the start of the process"
    )
    return f"{replayed.alerts} alerts, {same}{gaps}"
