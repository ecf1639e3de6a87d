"""The reference of every command, docs/reference/commands.md, made from the commands themselves.

python scripts/command_help.py           print it
python scripts/command_help.py --write   put it into docs/reference/commands.md
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import click
from click.core import UNSET

from forewave.cli.main import main as forewave
from forewave.cli.option_types import Checked

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "commands.md"
TITLE = """\
# Commands

<!-- Generated: python scripts/command_help.py --write -->

The option `--help` of a command prints the same. Values are checked before any work begins: a wrong
one ends the command with one line and exit code 2.
"""
HEAD = "| option | value | default | meaning |\n|---|---|---|---|\n"


def page() -> str:
    """The whole page."""
    return "\n".join([TITLE, *(_section(*found) for found in commands(forewave, "forewave"))])


def commands(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its full name, as the help lists them."""
    for word in sorted(group.commands):
        command, full = group.commands[word], f"{name} {word}"
        if isinstance(command, click.Group):
            yield from commands(command, full)
        else:
            yield full, command


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    parts = [f"## {name}\n", _prose(command.help or "") + "\n", f"```\n{usage}\n```\n"]
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    parts += [f"{_argument(each, context)}\n" for each in arguments if _allowed(each.type)]
    if options:
        parts.append(HEAD + "".join(_row(option, context) for option in options))
    return "\n".join(parts)


def _argument(argument: click.Argument, context: click.Context) -> str:
    shown = argument.make_metavar(context).strip("[]").removesuffix("...")
    return f"`{shown}`: {_allowed(argument.type)}."


def _row(option: click.Option, context: click.Context) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    cells = [names, _value(option), _default(option, context), _prose(option.help or "")]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _value(option: click.Option) -> str:
    """What may be typed."""
    if option.is_flag:
        return ""
    what = _allowed(option.type) or option.type.name
    return f"{what}; may be repeated" if option.multiple else what


def _allowed(kind: click.ParamType) -> str:
    if isinstance(kind, click.Choice):
        return ", ".join(map(str, kind.choices))
    return kind.expected if isinstance(kind, Checked) else ""


def _default(option: click.Option, context: click.Context) -> str:
    if option.required:
        return "required"
    value = option.get_default(context, call=False)
    if option.is_flag or value is None or value is UNSET or value == () or callable(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _prose(text: str) -> str:
    """Paragraphs on one line each; those after click's \\b as a block whose lines stay."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(map(_paragraph, paragraphs))


def _paragraph(text: str) -> str:
    if not text.lstrip().startswith("\b"):
        return " ".join(text.split())
    title, *lines = text.replace("\b", "").strip().splitlines()
    block = "\n".join(line.strip() for line in lines)
    return f"{title}\n\n```\n{block}\n```"


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description="The reference of every command.")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.name}")
    if parser.parse_args().write:
        PAGE.write_text(page(), "utf-8")
    else:
        print(page(), end="")


if __name__ == "__main__":
    main()
