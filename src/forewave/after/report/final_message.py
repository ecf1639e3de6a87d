"""The final message: what people are told when all is known."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from forewave.after.report.report import FinalMessage, Source
from forewave.evaluate.scoring.playback import IssuedAlert

SIMULATION = "Simulation, not a real earthquake."
CORRECTED = 0.5  # difference of magnitude from the first message that is told as a correction


def final_message(
    source: Source | None,
    quiet: bool,
    messages: Sequence[IssuedAlert],
    simulated: bool = False,
) -> FinalMessage:
    """The final message. source: of the catalogue, otherwise the last solution.

    quiet: the catalogue says that there was no earthquake. messages: of the event. simulated: the
    earthquake did not happen, and the text says so first.
    """
    found = _final(source, quiet, messages)
    return replace(found, text=f"{SIMULATION} {found.text}") if simulated else found


def _final(source: Source | None, quiet: bool, messages: Sequence[IssuedAlert]) -> FinalMessage:
    last = messages[-1].alert if messages else None
    false = quiet or (last is not None and last.kind == "cancel" and last.why == "false")
    if last is None and (quiet or source is None):
        return FinalMessage("quiet", "There was no alert, and no earthquake here is known.")
    if source is None or (false and last is not None):
        when = "" if last is None else f" of {utc(messages[0].issued)}"
        return FinalMessage("none", f"There was no earthquake. The alert{when} was false.")
    what = f"There was an earthquake{_size(source)}: {source.place}, {utc(source.time)}."
    if last is None:
        return FinalMessage("missed", f"{what} No warning was issued for it.")
    first = messages[0].alert.magnitude.value
    now = last.magnitude.value if source.magnitude is None else source.magnitude
    if abs(first - now) > CORRECTED:
        size = "smaller" if now < first else "larger"
        return FinalMessage(
            "corrected", f"{what} It was {size} than the first message said ({first:.1f})."
        )
    return FinalMessage("true", f"{what} The warning was for this earthquake.")


def utc(time: float) -> str:
    """A time as people read it, to the second."""
    return datetime.fromtimestamp(round(time), UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _size(source: Source) -> str:
    return "" if source.magnitude is None else f" of magnitude {source.magnitude:.1f}"
