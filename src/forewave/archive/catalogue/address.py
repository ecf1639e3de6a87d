"""The address of a catalogue's database: a file, or a PostgreSQL server by URL."""

import importlib.util
from pathlib import Path
from urllib.parse import urlsplit

from forewave.errors import ConfigError

POSTGRESQL = ("postgresql://", "postgres://")
KEY = "catalogue.database"


def address(text: str, folder: Path | None) -> str:
    """What SQLAlchemy opens, "" if no catalogue is wanted.

    text: the setting: a file, or postgresql://USER:PASSWORD@HOST:PORT/NAME. folder: what a file is
    relative to; None: there is none, and then a relative file is not kept. Raises ConfigError.
    """
    if text.startswith(POSTGRESQL):
        return _postgresql(text)
    if "://" in text and not text.startswith("sqlite:///"):
        scheme = text.partition(":")[0]
        raise ConfigError(f"{KEY}: expected a file or postgresql://..., found {scheme:.20}://...")
    name = text.removeprefix("sqlite:///")
    if not name or (folder is None and not Path(name).is_absolute()):
        return ""
    return f"sqlite:///{(folder or Path()) / name}"


def shown(url: str) -> str:
    """The address without its password, for logs."""
    if url.startswith("sqlite:///"):
        return url.removeprefix("sqlite:///")
    parts = urlsplit(url)
    return f"{parts.scheme.partition('+')[0]}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def is_file(url: str) -> bool:
    """Whether it is SQLite's."""
    return url.startswith("sqlite:")


def _postgresql(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ConfigError(f"{KEY}: expected postgresql://USER@HOST:PORT/NAME") from None
    if not parts.path.strip("/"):
        raise ConfigError(f"{KEY}: expected postgresql://USER@HOST:PORT/NAME, found no name")
    if importlib.util.find_spec("psycopg") is None:
        raise ConfigError(f"{KEY}: PostgreSQL needs the package psycopg: forewave[postgresql]")
    return f"postgresql+psycopg://{text.partition('://')[2]}"
