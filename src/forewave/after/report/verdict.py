"""Was the warning right? One sentence, and both lists: what was right, and what was wrong.

Judged at MMI IV, the level of the validation suite: a station counts as warned in time, late,
missed or false as in scoring/users.py. The grade is

    right    nothing in the list of what was wrong
    partly   something was
    wrong    a false alert, a missed earthquake, or nobody who reached MMI IV was warned in time
    unknown  neither a catalogue nor observed motion to compare with
"""

from collections.abc import Sequence

from msgspec import Struct

from forewave.after.report.report import Comparison, Grade, Source, Verdict
from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.evaluate.scoring.users import Users
from forewave.process.plural import counted

LEVEL = "IV"
MAGNITUDE, EPICENTRE_KM = 0.5, 20.0  # larger errors are named as wrong


class Evidence(Struct, frozen=True):
    """What a verdict is made from. quiet: the catalogue says that there was no earthquake.

    messages: of the event. false: number of other events that were no earthquake. felt: whether a
    station observed MMI IV.
    """

    catalogue: Source | None
    quiet: bool
    messages: Sequence[IssuedAlert]
    own: Source | None
    comparison: Comparison | None
    users: Users
    observed: int
    false: int
    duplicates: int
    first_after: float | None

    @property
    def reached(self) -> int:
        """Stations that reached MMI IV."""
        return self.users.hit + self.users.late + self.users.miss


def verdict(evidence: Evidence) -> Verdict:
    """The verdict on one event."""
    if evidence.quiet:
        return _no_earthquake(evidence)
    if not evidence.messages:
        return _no_alert(evidence)
    last = evidence.messages[-1].alert
    if last.kind == "cancel" and last.why == "false" and evidence.catalogue is None:
        seconds = last.issued - evidence.messages[0].issued
        sentence = (
            f"The warning was false; it was cancelled {seconds:.0f} s after the first message."
        )
        return Verdict("wrong", sentence, (), (sentence,))
    if evidence.catalogue is None and not evidence.observed:
        return Verdict(
            "unknown", "Nobody knows yet: there is no catalogue to compare with.", (), ()
        )
    return _alerted(evidence)


def _no_earthquake(evidence: Evidence) -> Verdict:
    count = evidence.false
    if not count and not evidence.messages:
        sentence = "There was no earthquake here, and no alert was issued."
        return Verdict("right", sentence, (sentence,), ())
    what = f"{counted(max(1, count), 'event')} caused an alert"
    sentence = f"The warning was wrong: there was no earthquake here, but {what}."
    return Verdict("wrong", sentence, (), (sentence,))


def _no_alert(evidence: Evidence) -> Verdict:
    quake = evidence.catalogue
    if quake is None:
        return Verdict("unknown", "No alert was issued, and no earthquake is known.", (), ())
    size = "" if quake.magnitude is None else f" of magnitude {quake.magnitude:.1f}"
    if not evidence.observed:
        sentence = f"No alert was issued for an earthquake{size}. Whether one was due is not "
        sentence += "known: no station has a usable record."
        return Verdict("unknown", sentence, (), _others(evidence))
    if not evidence.reached:
        sentence = f"No alert was issued for an earthquake{size}; no station observed MMI {LEVEL}."
        return Verdict("right", sentence, (sentence,), _others(evidence))
    sentence = (
        f"The warning is missing: an earthquake{size} brought MMI {LEVEL} or more to "
        f"{counted(evidence.reached, 'station')}, and no alert was issued for it."
    )
    return Verdict("wrong", sentence, (), (sentence, *_others(evidence)))


def _alerted(evidence: Evidence) -> Verdict:
    right, wrong = [*_right(evidence)], [*_wrong(evidence)]
    users, reached = evidence.users, evidence.reached
    grade: Grade = "partly" if wrong else "right"
    if reached and not users.hit:
        grade = "wrong"
    opening = {
        "right": "The warning was right",
        "partly": "The warning was right in part",
        "wrong": "The warning came too late for everybody who needed it",
    }[grade]
    return Verdict(grade, f"{opening}: {_counts(evidence)}.", tuple(right), tuple(wrong))


def _counts(evidence: Evidence) -> str:
    users, reached = evidence.users, evidence.reached
    if not evidence.observed:
        return "the earthquake was real; no station has a record to compare the shaking with"
    if not reached:
        text = f"no station observed MMI {LEVEL} or more"
    else:
        text = f"of {counted(reached, 'station')} that reached MMI {LEVEL}, {users.hit} "
        text += f"{'was' if users.hit == 1 else 'were'} warned in time, {users.late} too late "
        text += f"and {users.miss} not at all"
    if users.false:
        where = "station was" if users.false == 1 else "stations were"
        more = "more " if reached else ""
        text += f"; {users.false} {more}{where} warned of shaking that did not come"
    return text


def _right(evidence: Evidence) -> list[str]:
    parts, users = [], evidence.users
    if evidence.catalogue is not None:
        parts.append("There was an earthquake, and the alert was for it.")
    if evidence.first_after is not None:
        parts.append(f"The first message was issued {evidence.first_after:.1f} s after the origin.")
    if users.hit:
        lead = users.lead_time_median_s
        half = "" if lead is None else f", half of them by {lead:.0f} s or more"
        parts.append(f"{counted(users.hit, 'station')} got MMI {LEVEL} after the warning{half}.")
    off = evidence.comparison
    if off is not None and off.magnitude is not None and abs(off.magnitude) <= MAGNITUDE:
        parts.append(f"The last magnitude is {_off(off.magnitude)} the catalogue's.")
    if off is not None and off.epicentre_km <= EPICENTRE_KM:
        parts.append(f"The last epicentre is {away(off.epicentre_km)} from the catalogue's.")
    return parts


def _wrong(evidence: Evidence) -> list[str]:
    users, parts = evidence.users, []
    if users.late:
        parts.append(f"{counted(users.late, 'station')} reached MMI {LEVEL} before the warning.")
    if users.miss:
        parts.append(
            f"{counted(users.miss, 'station')} reached MMI {LEVEL} without a warning of it."
        )
    if users.false:
        parts.append(
            f"{counted(users.false, 'station')} stayed below MMI {LEVEL} against the forecast."
        )
    off = evidence.comparison
    if off is not None and off.magnitude is not None and abs(off.magnitude) > MAGNITUDE:
        parts.append(f"The last magnitude is {_off(off.magnitude)} the catalogue's.")
    if off is not None and off.epicentre_km > EPICENTRE_KM:
        parts.append(f"The last epicentre is {off.epicentre_km:.0f} km from the catalogue's.")
    return [*parts, *_others(evidence)]


def _others(evidence: Evidence) -> tuple[str, ...]:
    parts = []
    if evidence.false:
        parts.append(f"{counted(evidence.false, 'further event')} caused a false alert.")
    if evidence.duplicates:
        twice = counted(evidence.duplicates, "second event")
        parts.append(f"{twice} was issued for the same earthquake.")
    return tuple(parts)


def away(kilometres: float) -> str:
    """A distance in words."""
    return "less than 1 km" if kilometres < 1.0 else f"{kilometres:.0f} km"


def _off(difference: float) -> str:
    if abs(difference) < 0.05:
        return "the same as"
    return f"{abs(difference):.1f} {'above' if difference > 0 else 'below'}"
