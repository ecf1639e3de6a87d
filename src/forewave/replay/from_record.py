"""A record decided again and told: `forewave replay --from-log`."""

from collections.abc import Callable
from pathlib import Path

from forewave.live import recovery
from forewave.live.log import alert_line
from forewave.live.recovery import Replayed
from forewave.replay import json_lines
from forewave.types import Alert, Word


def tell(root: Path, write: Callable[[str], None], as_json: bool) -> None:
    """Each alert as a line, then how they compare with what the record says was told.

    Raises FormatError where there is no record.
    """
    tally = json_lines.Tally()

    def on_word(now: float, word: Word) -> None:
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
    same = "as recorded" if not replayed.differ else f"{replayed.differ} not as recorded"
    gaps = "" if replayed.exact else "; the record does not begin with its process, or has gaps"
    return f"{replayed.alerts} alerts, {same}{gaps}"
