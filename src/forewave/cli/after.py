"""The command for what follows an earthquake. Heavy modules are imported when it runs."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forewave.cli.option_types import Source, Target, Text
from forewave.cli.options import configuration, latency, one_line_errors, packet

if TYPE_CHECKING:
    from forewave.after.request import Done, Request


@click.command()
@click.argument("event", type=Source("folder"), metavar="EVENT")
@click.option(
    "--event",
    "name",
    type=Text("the name of an event"),
    help="Which event of a record; not needed if it has only one.",
)
@click.option(
    "--out", type=Target("folder"), help="Folder to write (default: the name of EVENT with -after)."
)
@click.option(
    "--catalogue",
    metavar="FILE|URL",
    type=Text("a file, or an http(s) address"),
    help="Solution to compare with: event.json, QuakeML, FDSN text, or an FDSN event service.",
)
@click.option(
    "--follow",
    is_flag=True,
    help="Of a record: report every event two minutes after its last message, until Ctrl-C.",
)
@latency
@packet
@configuration
@one_line_errors
def after(
    event: Path,
    name: str | None,
    out: Path | None,
    catalogue: str | None,
    follow: bool,
    latency: float,
    packet_s: float,
    config: Path | None,
) -> None:
    """Write the account of an earthquake: report, pages and PDF.

    EVENT is an event directory, or the record folder of `forewave run`. The folder that is written
    has the report as a page and as a PDF. A second run with the same input gives the same bytes; a
    run with other input says what changed.

    \b
    Examples:
      forewave after ridgecrest                                 a recording
      forewave after record --event 20190706031953              of a live machine
      forewave after record --follow                            of every event, as they end
      forewave after ridgecrest --catalogue quakeml.xml         another solution to compare with
    """
    from rich.console import Console

    from forewave import config as reader
    from forewave.after import run
    from forewave.after.request import Request
    from forewave.replay.on_pages import Pace

    _require_catalogue(catalogue)
    settings = reader.read(config, os.environ) if config else reader.Settings()
    request = Request(
        event=event,
        out=out or run.folder_of(event, name),
        name=name,
        catalogue=catalogue,
        settings=settings,
        pace=Pace(packet_s, latency),
    )
    if follow:
        _follow(request)
        return
    console = Console(stderr=True)
    with console.status("Reading") as status:
        done = run.run(request, status.update)
    print_done(done, request.out)


def _follow(request: "Request") -> None:
    """Write reports until Ctrl-C."""
    import asyncio
    import time

    from forewave.after.follow import PAUSE_S, Follower
    from forewave.after.gather.from_record import is_record
    from forewave.process.signals import until_interrupted

    if request.name is not None:
        raise click.UsageError(f"--event {request.name}: expected without --follow")
    if not is_record(request.event):
        why = f"{request.event}: expected the record folder of a live machine"
        raise click.BadParameter(why, param_hint="'EVENT'")
    follower = Follower(request, click.echo)

    async def run() -> None:
        while True:
            await asyncio.to_thread(follower.step, time.time())
            await asyncio.sleep(PAUSE_S)

    click.echo(f"Reports are written to {request.out}. Ctrl-C ends.")
    until_interrupted(run())


def _require_catalogue(catalogue: str | None) -> None:
    """Refuse a file that does not exist."""
    if catalogue is None or catalogue.startswith(("http://", "https://")):
        return
    if not os.access(catalogue, os.R_OK) or Path(catalogue).is_dir():
        why = f"{catalogue}: expected an existing file that can be read, or an http(s) address"
        raise click.BadParameter(why, param_hint="'--catalogue'")


def print_done(done: "Done", out: Path) -> None:
    """What was refused or lost first, then the summary."""
    report = done.report
    for line in (*done.told, report.title, report.verdict.sentence, report.final.text):
        click.echo(_printable(line))
    version = done.versions
    if version.is_new:
        click.echo(f"Version {version.this.number}.")
        for change in version.changes:
            before, now = change.before or "none", change.now or "none"
            click.echo(_printable(f"  {change.name}: {before} -> {now}"))
    else:
        click.echo(f"Version {version.this.number}, as before: nothing has changed.")
    for name in done.files:
        click.echo(f"{out / name}")


def _printable(text: str) -> str:
    """Text of files without what a terminal would obey."""
    return "".join(each if each.isprintable() else "?" for each in text)
