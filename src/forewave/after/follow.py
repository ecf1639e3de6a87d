"""Reports of a live machine as its events end: `forewave after RECORD --follow`.

An event is reported when its last message is QUIET_S old, and again when a message follows. With a
catalogue the report is repeated until the catalogue has the earthquake, for a day. A page lists
all reports, the right and the wrong.
"""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from forewave.after import run
from forewave.after.documents.html import html
from forewave.after.gather import from_record
from forewave.after.gather.from_record import Issued
from forewave.after.pages import all_events
from forewave.after.request import Request
from forewave.archive import alert_archive
from forewave.errors import ForewaveError
from forewave.formats.storage import whole_file

QUIET_S = 120.0  # since the last message of an event
AGAIN_S, GIVEN_UP_S = 300.0, 86_400.0  # how often, and how long, a catalogue is asked
PAUSE_S = 5.0  # between two looks at the record

Say = Callable[[str], None]


class _Written(Struct):
    """The last report of an event: of which message, when, and whether a catalogue was in it."""

    message: int
    at: float
    compared: bool


class Follower:
    """Writes the reports that are due, each in a folder with the name of its event.

    request: as for a single event; `out` is the folder of all. say: takes a line for each report.
    """

    def __init__(self, request: Request, say: Say) -> None:
        self._request, self._say = request, say
        self._written: dict[str, _Written] = {}
        self._file: tuple[int, int] | None = None
        self._known: dict[str, Issued] = {}

    def step(self, now: float) -> None:
        """Write what is due. now: POSIX seconds. Raises OSError where nothing can be written."""
        known = self._sent()
        due = [name for name, issued in known.items() if self._is_due(name, issued, now)]
        for name in due:
            self._write(name, known[name], now)
        if due:
            self._write_list()

    def _sent(self) -> dict[str, Issued]:
        """The events with signed messages; the file is read again only when it has changed."""
        try:
            state = (self._request.event / alert_archive.NAME).stat()
        except OSError:
            return {}
        if self._file != (state.st_mtime_ns, state.st_size):
            self._file = state.st_mtime_ns, state.st_size
            self._known = from_record.sent(self._request.event)
        return self._known

    def _is_due(self, name: str, issued: Issued, now: float) -> bool:
        if issued.mode == "drill" or now < issued.issued + QUIET_S:
            return False
        last = self._written.get(name)
        if last is None or last.message < issued.version:
            return True
        waits = self._request.catalogue is not None and not last.compared
        return waits and now >= last.at + AGAIN_S and now < issued.time + GIVEN_UP_S

    def _write(self, name: str, issued: Issued, now: float) -> None:
        """Write one report, without the catalogue where that has no answer."""
        one = replace(self._request, name=name, out=self._request.out / name)
        try:
            done = run.run(one)
        except ForewaveError as error:
            if one.catalogue is None:
                self._say(f"{name}: {error}")
                self._written[name] = _Written(issued.version, now, compared=True)
                return
            self._say(f"{name}: {error}; reported without a catalogue")
            self._write_without(one)
            self._written[name] = _Written(issued.version, now, compared=False)
            return
        self._written[name] = _Written(issued.version, now, compared=True)
        self._say(f"{name}: version {done.versions.this.number}: {done.report.verdict.sentence}")

    def _write_without(self, one: Request) -> None:
        try:
            run.run(replace(one, catalogue=None))
        except ForewaveError as error:
            self._say(f"{one.name}: {error}")

    def _write_list(self) -> None:
        out: Path = self._request.out
        page = html(all_events.page(all_events.read(out)))
        whole_file.replace(out / run.REPORT, page.encode())
