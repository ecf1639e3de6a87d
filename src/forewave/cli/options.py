"""What the commands share: one line for wrong use, and the options that several have.

The types of the options are in option_types.py.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from forewave.cli.option_types import PORT_MOST, Number, Source, Whole
from forewave.errors import ConfigError, ForewaveError

DAY_S = 86400.0


class OneLine(click.Group):
    """A group of commands in which wrong use is one line: without the usage, which -h prints."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """As of any group."""
        made: click.Context = _without_usage(super().make_context, *args, **more)
        return made

    def invoke(self, ctx: click.Context) -> Any:
        """As of any group."""
        return _without_usage(super().invoke, ctx)


def _without_usage(call: Callable[..., Any], *args: Any, **more: Any) -> Any:
    try:
        return call(*args, **more)
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise _OneLineError(" ".join(error.format_message().split())) from error


class _OneLineError(click.UsageError):
    """A wrong use, without the context that prints the usage."""


def plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Errors that are meant for people are one line, without a traceback."""

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
    """Refuse --port where one of the ports cannot be opened. ports: by what each is for.

    host_option: the option that names the host, where there is one.
    """
    from forewave.delivery.ports import bind, check

    try:
        if host_option:
            bind(host, 0, "server").close()
    except ConfigError:
        why = f"{host}: expected an address of this machine"
        raise click.BadParameter(why, param_hint=f"'{host_option}'") from None
    try:
        check(host, ports)
    except ConfigError as error:
        why = f"{error}; expected a port that is free, or 0 for any"
        raise click.BadParameter(why, param_hint="'--port'") from None


packet = click.option(
    "--packet",
    "packet_s",
    default=1.0,
    show_default=True,
    type=Number(0.05, 60, "s"),
    help="Length of a packet in seconds, where the recording does not know it.",
)
latency = click.option(
    "--latency",
    default=0.5,
    show_default=True,
    type=Number(0, 600, "s"),
    help="Seconds from a packet's last sample to its arrival, where not recorded.",
)
configuration = click.option("-c", "--config", type=Source("file"), help="A forewave.toml.")


def port(default: int = 8460, most: int = PORT_MOST - 1, what: str = "") -> Callable[..., Any]:
    """--port; by default of the pages, whose stream has the next one."""
    return click.option(
        "--port",
        default=default,
        show_default=True,
        type=Whole(0, most, "(0: any free one)"),
        help=what or "HTTP port; the WebSocket uses the next one.",
    )


def seconds(name: str, default: float | None, what: str, most: float = DAY_S) -> Callable[..., Any]:
    """An option that is a time in seconds."""
    return click.option(
        name,
        default=default,
        show_default=default is not None,
        type=Number(0, most, "s"),
        help=what,
    )
