"""A finding of `forewave check`."""

from collections.abc import Iterable

from msgspec import Struct

from forewave.formats.faults import Severity

ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


class Finding(Struct, frozen=True):
    """One problem. severity: error (it does not work), warning (data or alerts are lost), note.

    subject: station, key or file. what: the problem. remedy: what to do.
    """

    severity: Severity
    subject: str
    what: str
    remedy: str


def errors_first(found: Iterable[Finding]) -> list[Finding]:
    """Sorted by severity: errors, warnings, notes."""
    return sorted(found, key=lambda finding: ORDER[finding.severity])
