"""Robustness tests of a whole machine: `python -m benchmarks.attack COMMAND --help`.

    kills    SIGKILL at random moments of a sequence of earthquakes
    all      faulty servers, many sockets, hostile clients, clock steps, a full disk, failing tasks
    storm    independent pulses at every station, with and without an earthquake
    scripts  the scripts of a folder, unchanged, each summarised in a line

Every command prints its seeds and a table, and shows its progress. Only loopback is used.
"""

import click

from benchmarks.attack import everything, kills, scripts, storm


@click.group(help=__doc__.split("\n\n")[0])
def main() -> None:
    """Nothing besides the commands."""


for command in (kills.main, everything.main, storm.main, scripts.main):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m benchmarks.attack")
