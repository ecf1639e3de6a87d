"""What several commands share: errors of one line, and options that more than one of them has.

The types of the options are in option_types.py.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from forewave.cli.option_types import PORT_MOST, Number, Source, Whole
from forewave.cli.start import INTERRUPTED
from forewave.errors import ConfigError, ForewaveError

DAY_S = 86400.0


class OneLine(click.Group):
    """A group of commands that reports wrong use in one line; -h prints the usage."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """As click.Group, with errors of one line."""
        context: click.Context = _without_usage(super().make_context, *args, **more)
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """As click.Group, with errors of one line."""
        return _without_usage(super().invoke, ctx)


def _without_usage(call: Callable[..., Any], *args: Any, **more: Any) -> Any:
    try:
        return call(*args, **more)
    except KeyboardInterrupt:
        click.echo("Interrupted.", err=True)
        raise SystemExit(INTERRUPTED) from None
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise _OneLineError(" ".join(error.format_message().split())) from error


class _OneLineError(click.UsageError):
    """Without the context, which would print the usage."""


def one_line_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Report a ForewaveError or OSError in one line, without a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except ForewaveError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:  # `| head` has read enough: click ends the program
            raise
        except OSError as error:
            what = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{what}{error.strerror or error}") from error

    return run


def require_free(host: str, ports: dict[str, int], host_option: str = "") -> None:
    """Refuse --port if one of the ports cannot be opened. ports: number by purpose.

    host_option: the option that names the host, if there is one.
    """
    from forewave.delivery.connections.ports import bind, check

    try:
        if host_option:
            bind(host, 0, "server").close()
    except ConfigError:
        why = f"{host}: expected an address of this computer"
        raise click.BadParameter(why, param_hint=f"'{host_option}'") from None
    try:
        check(host, ports)
    except ConfigError as error:
        why = f"{error}; expected a free port, or 0 for any free port"
        raise click.BadParameter(why, param_hint="'--port'") from None


packet = click.option(
    "--packet",
    "packet_s",
    default=1.0,
    show_default=True,
    type=Number(0.05, 60, "s"),
    help="Length of a packet in seconds, for stations without recorded packet times.",
)
latency = click.option(
    "--latency",
    default=0.5,
    show_default=True,
    type=Number(0, 600, "s"),
    help="Seconds from the last sample of a packet to its arrival, for stations without recorded "
    "packet times.",
)
configuration = click.option(
    "-c",
    "--config",
    type=Source("file"),
    help="Settings file, a forewave.toml (default: built-in settings).",
)


def port(default: int = 8460, most: int = PORT_MOST, what: str = "") -> Callable[..., Any]:
    """The option --port; unless `what` says otherwise, of the pages."""
    return click.option(
        "--port",
        default=default,
        show_default=True,
        type=Whole(0, most, "(0: any free port)"),
        help=what or "Port of pages and stream. 0: any free port.",
    )


def seconds(name: str, default: float | None, what: str, most: float = DAY_S) -> Callable[..., Any]:
    """An option with a duration in seconds, from 0 to `most`."""
    return click.option(
        name,
        default=default,
        show_default=default is not None,
        type=Number(0, most, "s"),
        help=what,
    )
