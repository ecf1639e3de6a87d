"""Types of command-line options and arguments: each refuses a wrong value with one line.

A value is refused while the command line is parsed, before any work begins. The line names the
option, the value and what is expected; the exit code is 2. Heavy modules are imported only where a
value needs them.
"""

import math
import os
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, NoReturn

import click

from forewave.errors import ConfigError

Parameter = click.Parameter | None
Context = click.Context | None
PORT_MOST = 65535


class _UnusableError(ValueError):
    """What is wrong with a value, in words that follow it."""


class Checked(click.ParamType[Any]):
    """Base of the types. Subclasses define `allowed` and `parse`."""

    name = "value"
    allowed = ""

    @property
    def expected(self) -> str:
        """What is expected, for the error message."""
        return self.allowed

    def parse(self, value: Any) -> Any:
        """The value as the command gets it. Raises ValueError where it is not allowed."""
        raise NotImplementedError

    def convert(self, value: Any, param: Parameter, ctx: Context) -> Any:
        """As click calls it: the parsed value, or the error of one line."""
        try:
            return self.parse(value)
        except _UnusableError as error:
            self.refuse(value, param, ctx, f"{error}; ")
        except (ValueError, OverflowError, OSError):
            self.refuse(value, param, ctx)

    def refuse(self, value: Any, param: Parameter, ctx: Context, why: str = "") -> NoReturn:
        """Raise the error of one line. why: what is wrong with the value, where that is known."""
        shown = str(value) if str(value).isprintable() and str(value).strip() else repr(value)
        self.fail(f"{shown}: {why}expected {self.expected}", param, ctx)


class Number(Checked):
    """A finite number within limits, both included. above: the lower limit is excluded."""

    def __init__(self, least: float, most: float, unit: str = "", *, above: bool = False) -> None:
        self.least, self.most, self.above = least, most, above
        span = f"above {least:g} and at most" if above else f"from {least:g} to"
        self.allowed = f"a number {span} {most:g} {unit}".rstrip()
        self.name = {"s": "seconds"}.get(unit, unit if unit.isalpha() else "number")

    def parse(self, value: Any) -> float:
        """The number; nan and inf are outside of all limits."""
        number = float(value)
        within = self.least < number if self.above else self.least <= number
        if not (within and number <= self.most):
            raise ValueError
        return number


class Whole(Checked):
    """An integer within limits, both included."""

    def __init__(self, least: int, most: int, unit: str = "") -> None:
        self.least, self.most = least, most
        self.allowed = f"an integer from {least} to {most} {unit}".rstrip()
        self.name = "integer"

    def parse(self, value: Any) -> int:
        """The number."""
        number = int(value)
        if not self.least <= number <= self.most:
            raise ValueError
        return number


class Speed(Checked):
    """Playback speed: a multiple of real time, or max (as fast as possible, infinity)."""

    name, allowed = "speed", "a number above 0, or max"

    def parse(self, value: Any) -> float:
        """The multiple."""
        times = math.inf if value == "max" else float(value)
        if not times > 0:
            raise ValueError
        return times


class Wholes(Checked):
    """Integers within limits, both included, separated by commas; each counts once."""

    def __init__(self, least: int, most: int, unit: str = "") -> None:
        self.one = Whole(least, most, unit)
        self.name = "n,n,..."
        self.allowed = f"integers from {least} to {most} {unit}".rstrip() + ", separated by commas"

    def parse(self, value: Any) -> tuple[int, ...]:
        """The numbers, smallest first."""
        if isinstance(value, tuple):
            return value
        return tuple(sorted({self.one.parse(each.strip()) for each in str(value).split(",")}))


class Choices(Checked):
    """Some of the names of a list, separated by commas. names: called when a value is parsed."""

    name = "name,name,..."

    def __init__(self, names: Callable[[], Collection[str]], allowed: str) -> None:
        self._names, self.allowed = names, allowed

    def parse(self, value: Any) -> tuple[str, ...]:
        """The names, in the order given."""
        if isinstance(value, tuple):
            return value
        found = tuple(each.strip() for each in str(value).split(","))
        if unknown := [each for each in found if each not in self._names()]:
            raise _UnusableError(f"unknown name {', '.join(unknown)}")
        return found


class Text(Checked):
    """Text that is not empty."""

    name = "text"

    def __init__(self, what: str) -> None:
        self.allowed = what

    def parse(self, value: Any) -> str:
        """Without surrounding blanks."""
        if not str(value).strip():
            raise ValueError
        return str(value).strip()


class OneOf(Checked):
    """One of these words."""

    name = "choice"

    def __init__(self, *words: str) -> None:
        self._words = words
        self.allowed = ", ".join(words)

    def parse(self, value: object) -> str:
        """The word."""
        if value not in self._words:
            raise ValueError
        return str(value)


class Region(Checked):
    """west,south,east,north in degrees; it cannot cross the 180th meridian."""

    name = "region"
    allowed = "west,south,east,north in degrees, west below east and south below north"

    def parse(self, value: Any) -> tuple[float, float, float, float]:
        """The four numbers."""
        west, south, east, north = (float(number) for number in str(value).split(","))
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValueError
        return west, south, east, north


class Server(Checked):
    """Address of a SeedLink server: host or host:port."""

    name, allowed = "server", f"HOST or HOST:PORT, the port from 1 to {PORT_MOST}"

    def parse(self, value: Any) -> str:
        """As typed."""
        from forewave.sources.seedlink.settings import SeedLinkSettings, address

        text = str(value)
        try:
            host, _ = address(SeedLinkSettings(text, ()))
        except ConfigError:
            raise ValueError from None
        if not host or any(letter.isspace() for letter in text):
            raise ValueError
        return text


class DataCentre(Checked):
    """An FDSN data centre: a name that ObsPy knows, or an http(s) address."""

    name, allowed = "provider", "a data centre's name, such as IRIS or GEOFON, or http(s)://HOST"

    def parse(self, value: Any) -> str:
        """As typed."""
        text = str(value)
        scheme, slashes, host = text.partition("://")
        if slashes:
            if scheme not in ("http", "https") or not host.strip("/"):
                raise ValueError
            return text
        from obspy.clients.fdsn.header import URL_MAPPINGS

        if text.upper() not in URL_MAPPINGS:
            raise ValueError
        return text


class BuiltInOrFile(Checked):
    """A scenario: the name of a built-in one, or a file."""

    name = "scenario"

    @property
    def expected(self) -> str:
        """With the names of the built-in ones."""
        return f"a scenario file, or one of {', '.join(self._known())}"

    def parse(self, value: Any) -> str:
        """As typed."""
        if value not in self._known() and not Path(value).is_file():
            raise ValueError
        return str(value)

    def _known(self) -> list[str]:
        from forewave.simulate.scenario import built_in

        return built_in()


class Source(Checked):
    """An existing file or folder that can be read."""

    def __init__(self, kind: str) -> None:
        self._kind = kind  # "file", "folder" or "file or folder"
        self.name = kind.partition(" ")[0]
        self.allowed = f"an existing {kind} that can be read"

    def parse(self, value: Any) -> Path:
        """The path."""
        path = Path(value)
        wanted = (path.is_file() and "file" in self._kind) or (
            path.is_dir() and "folder" in self._kind
        )
        if not str(value).strip() or not wanted or not os.access(path, os.R_OK):
            raise ValueError
        return path


class Target(Checked):
    """A file or folder to write; parent folders are created. new: it must not exist yet."""

    def __init__(self, kind: str, *, new: bool = False) -> None:
        self._kind, self._new = kind, new
        self.name = kind
        least = "that does not exist yet, " if new else ""
        least = "that does not exist yet, or is empty, " if new and kind == "folder" else least
        self.allowed = f"a {kind} {least}in a place that can be written"

    def parse(self, value: Any) -> Path:
        """The path."""
        path = Path(value)
        if not str(value).strip():
            raise ValueError
        if path.exists() and (why := self._why_not(path)):
            raise _UnusableError(why)
        above = next(p for p in (path.absolute(), *path.absolute().parents) if p.exists())
        if above.is_file() and above != path.absolute():
            raise _UnusableError(f"{above} is a file")
        if not os.access(above, os.W_OK):
            raise _UnusableError(f"{above} cannot be written")
        if not above.is_file():
            # Permissions are not enough: /proc is writable to root, and accepts no file.
            try:
                tempfile.TemporaryDirectory(dir=above).cleanup()
            except OSError:
                raise _UnusableError(f"{above} cannot be written") from None
        return path

    def _why_not(self, path: Path) -> str:
        """Why a path that exists cannot be written or replaced; empty if it can."""
        if self._kind == "file":
            return "it exists" if self._new else "" if path.is_file() else "it is no file"
        if not path.is_dir():
            return "it is no folder"
        return "it is not empty" if self._new and any(path.iterdir()) else ""
