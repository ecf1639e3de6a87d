"""`forewave after`: reads an event, and writes the folder with report, pages and PDF."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from forewave.after import versions
from forewave.after.documents.html import html
from forewave.after.documents.pdf import pdf
from forewave.after.gather import catalogue, from_record, from_recording
from forewave.after.history import EventHistory
from forewave.after.pages import whole
from forewave.after.pages.part import Part
from forewave.after.report.build import report as report_of
from forewave.after.report.report import Report
from forewave.after.request import Done, Request
from forewave.after.shaking.part import part as shaking_map
from forewave.archive import travel_time
from forewave.formats.recordings import event_directory
from forewave.formats.storage import whole_file

REPORT, PDF, JSON = "index.html", "report.pdf", "report.json"
LONGEST = 60  # characters of a text that is named in the terminal
Say = Callable[[str], None]


def run(request: Request, say: Say = lambda line: None) -> Done:
    """Write the folder. say: called at the begin of each part. Raises ForewaveError, OSError."""
    history = gathered(request, say)
    say("Writing the report")
    return account(request, history)


def account(request: Request, history: EventHistory) -> Done:
    """Write the folder of an event whose history is known."""
    report = report_of(history, travel_time.load())
    return write(request, report, shaking_map(history, report))


def gathered(request: Request, say: Say) -> EventHistory:
    """The history of the event. Raises ForewaveError."""
    choose = None
    if request.catalogue is not None:
        say("Reading the catalogue")
        choose = catalogue.chooser(request.catalogue)
    if from_record.is_record(request.event):
        say("Reading the record")
        return from_record.history(request.event, request.name, choose)
    say("Replaying the recording")
    recording = event_directory.read(request.event)
    return from_recording.history(recording, request.settings, request.pace, choose)


def write(request: Request, report: Report, parts: Sequence[Part] = ()) -> Done:
    """Write all files of a report and of the parts beside it."""
    content = msgspec.json.encode(report)
    digest = versions.digest_of(content, *(data for part in parts for data in part.files.values()))
    known = versions.read(request.out)
    now = versions.next_version(known, digest, whole.figures(report, parts))
    request.out.mkdir(parents=True, exist_ok=True)
    made, told = _made(report, now, content, parts)
    for name, data in made.items():
        whole_file.replace(request.out / name, data)
    versions.write(request.out, now.all)
    return Done(report, now, tuple(made), told)


def _made(
    report: Report, now: versions.Versions, content: bytes, parts: Sequence[Part]
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The files by name, and what a person should know of them: what was refused first."""
    documents = whole.documents(report, now, parts)
    printed = pdf(documents.pdf, whole.date_of(report))
    refused = [line for part in parts for line in part.told]
    unprintable = [
        f"{PDF}: no font can print all of {shortened(text)}; code points stand for the rest"
        for text in printed.unprintable
    ]
    files = {
        **{name: html(page).encode() for name, page in documents.pages.items()},
        PDF: printed.content,
        JSON: msgspec.json.format(content, indent=1) + b"\n",
        **{name: data for part in parts for name, data in part.files.items()},
    }
    return files, (*refused, *unprintable)


def shortened(text: str) -> str:
    """A text on one line, cut where it is long."""
    line = " ".join(text.split())
    return ascii(line if len(line) <= LONGEST else f"{line[:LONGEST]}...")


def folder_of(event: Path, name: str | None) -> Path:
    """Where the folder is written if nobody says: beside the recording, with its name."""
    return Path(f"{name or event.resolve().name}-after")
