"""The command line. Each command parses its arguments, calls one function and prints.

Heavy modules are imported by the command that needs them, so that `forewave --help` is fast.
"""

import os
import sys
from pathlib import Path

import click

from forewave.cli import (
    after,
    bench,
    channels,
    cluster,
    evaluate,
    keys,
    listen,
    live,
    operators,
    replay,
    setup,
)
from forewave.cli.option_types import BuiltInOrFile, Source, Target
from forewave.cli.options import (
    OneLine,
    one_line_errors,
    seconds,
)

EVENT_FILES = (".json", ".csv", ".xml", ".gz", ".mseed")  # their folder is meant


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="forewave")
def main() -> None:
    """Earthquake early warning: from seismic stations to alerts on phones and TVs.

    \b
    Examples:
      forewave demo                              a simulated earthquake on this computer
      forewave replay DIR --serve                a recorded earthquake on the pages
      forewave init --stations stations.csv      settings for a network
      forewave check forewave.toml               problems with these settings
      forewave run                               process live data
      forewave listen URL --place Chengdu        receive its alerts in a program
    """


@main.command()
@click.argument("scenario", type=BuiltInOrFile())
@click.option(
    "-o",
    "--output",
    type=Target("folder", new=True),
    required=True,
    help="Event directory to write; it must not exist, or be empty.",
)
@one_line_errors
def simulate(scenario: str, output: Path) -> None:
    """Simulate an earthquake and write an event directory.

    SCENARIO is a built-in scenario or a file: source, network, noise and disturbances.
    """
    from rich.progress import Progress

    from forewave.formats.recordings import event_directory
    from forewave.simulate import simulator
    from forewave.simulate.scenario import load_scenario

    played = load_scenario(scenario)
    with Progress(transient=True) as progress:
        task = progress.add_task("Simulating", total=None)
        recording = simulator.simulate(
            played,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    event_directory.write(
        output, recording.info, recording.stations, recording.segments, recording.receipts
    )
    click.echo(f"{output}: {len(recording.stations)} stations")


@main.command()
@click.argument("path", type=Source("file or folder"))
@seconds("--seconds", 10.0, "Seconds to receive from the sources; 0: do not connect to them.", 3600)
@one_line_errors
def check(path: Path, seconds: float) -> None:
    """Report problems of an event directory or a forewave.toml.

    Prints one line per finding: severity, subject, what is wrong, what to do. Of a forewave.toml
    the inventory, key, ports, folders, clock and sources are checked too. Exit code 1: there are
    errors.
    """
    from forewave.check import check as checks

    if path.is_file() and path.suffix.lower() in EVENT_FILES:
        raise click.BadParameter(
            f"{path}: expected the folder of an event directory, or a forewave.toml",
            param_hint="'PATH'",
        )
    if path.is_dir():
        found = checks.check_recording(path)
    else:
        found = checks.check_config(path, os.environ, seconds)
    for finding in found:
        click.echo(f"{finding.severity:8} {finding.subject}: {finding.what}; {finding.remedy}")
    errors = sum(finding.severity == "error" for finding in found)
    click.echo(f"Findings: {len(found)}, errors: {errors}." if found else "No problems found.")
    sys.exit(1 if errors else 0)


for command in (
    *(replay.demo, replay.drill, replay.replay),
    *(after.after, evaluate.evaluate, evaluate.suite, bench.bench),
    *(live.run, live.relay, cluster.cluster_demo, listen.listen, channels.channels),
    *(setup.init, keys.keys, setup.fetch),
    *(operators.operators, operators.operator, operators.audit),
):
    main.add_command(command)
