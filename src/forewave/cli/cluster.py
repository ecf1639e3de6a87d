"""Commands of a cluster over NATS, beside `forewave run --role`.

Heavy modules are imported by the command that needs them.
"""

from importlib.util import find_spec

import click

from forewave.cli.option_types import BuiltInOrFile
from forewave.cli.options import one_line_errors, seconds
from forewave.errors import ConfigError


def require_nats() -> None:
    """Raises ConfigError where the extra `cluster` is not installed."""
    if find_spec("nats") is None:
        raise ConfigError("nats-py is missing; pip install 'forewave[cluster]'")


@click.command("cluster-demo")
@click.option(
    "--scenario",
    default="sichuan",
    show_default=True,
    type=BuiltInOrFile(),
    help="Built-in scenario, or a scenario file.",
)
@seconds("--seconds", None, "Seconds for which it runs once all is up (default: until Ctrl-C).")
@one_line_errors
def cluster_demo(scenario: str, seconds: float | None) -> None:
    """Show a cluster on this computer, and how it survives failures.

    Starts three NATS nodes, one ingest, two decide and three gateways, plays a simulated earthquake
    as a drill again and again, and kills one part every few seconds. Shows who leads, what is up,
    and how long screens waited for alerts. Needs the extra "cluster" and no settings.
    """
    require_nats()
    from rich.console import Console

    from forewave.cluster.demo.nodes import server_binary
    from forewave.cluster.demo.show import show
    from forewave.process.signals import until_interrupted

    server_binary()

    async def play() -> None:
        await show(Console(), scenario, seconds=seconds)

    until_interrupted(play())
