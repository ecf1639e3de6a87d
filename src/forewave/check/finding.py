"""Something that would not work, in plain words: what `forewave check` finds."""

from collections.abc import Iterable

from msgspec import Struct

from forewave.formats.faults import Severity

ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


class Finding(Struct, frozen=True):
    """error: it will not run; warning: something is lost; note: good to know."""

    severity: Severity
    subject: str
    what: str
    remedy: str


def worst_first(found: Iterable[Finding]) -> list[Finding]:
    """In the order in which to look at them."""
    return sorted(found, key=lambda finding: ORDER[finding.severity])
