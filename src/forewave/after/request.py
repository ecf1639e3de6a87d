"""What `forewave after` is asked to do, and what it has done."""

from pathlib import Path

from msgspec import Struct

from forewave.after.report.report import Report
from forewave.after.versions import Versions
from forewave.config import Settings
from forewave.replay.on_pages import Pace


class Request(Struct, frozen=True):
    """event: an event directory, or the record of a live machine. out: the folder to write.

    name: of the event, where a record has several. catalogue: a file or address with the solution
    to compare with.
    """

    event: Path
    out: Path
    name: str | None = None
    catalogue: str | None = None
    settings: Settings = Settings()
    pace: Pace = Pace()


class Done(Struct, frozen=True):
    """files: names in the folder, in the order of importance. told: what a person should know."""

    report: Report
    versions: Versions
    files: tuple[str, ...]
    told: tuple[str, ...]
