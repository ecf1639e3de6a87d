"""Problems of this computer: ports that are taken, folders, disk, clock."""

import errno
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from forewave.archive.catalogue.address import address, is_file, shown
from forewave.check.finding import Finding
from forewave.errors import ConfigError
from forewave.health import ntp
from forewave.settings import Settings

FEWEST_GB = 1.0  # free space below which a disk counts as full
GB = 1e9
EARLIEST, LATEST = 1.76e9, 4.1e9  # POSIX seconds between which forewave is used: 2025 to 2099


def machine(settings: Settings, root: Path) -> Iterator[Finding]:
    """All of them. root: what paths in the settings are relative to."""
    server, relay = settings.server, settings.relay
    yield from _port("server.port", server.host, server.port)
    yield from _port("server.stream_port", server.host, server.stream_port)
    if relay.on:
        yield from _port("relay.port", relay.host, relay.port)
    yield from _folder("waveforms", root, settings.waveforms.folder, settings.waveforms.gb)
    yield from _folder("record", root, settings.record.folder, settings.record.gb)
    yield from _database(settings, root)
    yield from _clock()


def _clock() -> Iterator[Finding]:
    """A computer without a battery starts in 1970, until NTP has set its clock."""
    now = time.time()
    if not EARLIEST < now < LATEST:
        what = f"the date of this computer is {datetime.fromtimestamp(now, UTC):%Y-%m-%d}"
        yield Finding("error", "clock", what, "set the clock: run chrony or another NTP service")
    elif ntp.synchronised() is False:
        what = "the clock is not synchronised"
        yield Finding("warning", "clock", what, "run chrony or another NTP service")


def _port(key: str, host: str, port: int) -> Iterator[Finding]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        what = f"port {port} of {host} cannot be opened: {why}"
        remedy = "choose another port, or stop the program that uses it (is forewave running?)"
        yield Finding("error", key, what, remedy)


def _folder(section: str, root: Path, name: str, wanted_gb: float) -> Iterator[Finding]:
    """A folder that cannot be written, or whose disk is full; neither stops alerts."""
    if not name:
        return
    key, folder = f"{section}.folder", root / name
    try:
        there = _nearest(folder)
        with tempfile.TemporaryFile(dir=there):
            pass
        free_gb = shutil.disk_usage(there).free / GB
    except OSError as error:
        what = f"{folder} cannot be written: {error.strerror or error}"
        yield Finding(
            "warning", key, what, "change its owner or permissions, or use another folder"
        )
        return
    if free_gb < FEWEST_GB:
        what = f"the disk of {folder} is full: {free_gb:.2f} GB are free"
        yield Finding("warning", key, what, "free some space, or set a folder on another disk")
    elif free_gb < wanted_gb:
        what = f"may take {wanted_gb:g} GB, but {free_gb:.0f} GB are free"
        yield Finding("note", f"{section}.gb", what, "lower it, or free some space")


def _database(settings: Settings, root: Path) -> Iterator[Finding]:
    """A catalogue that cannot be opened; only an address that is none ends a start."""
    record, key = settings.record.folder, "catalogue.database"
    try:
        url = address(settings.catalogue.database, root / record if record else None)
    except ConfigError as error:
        what = str(error).removeprefix(f"{key}: ")
        yield Finding("error", key, what, "correct it, or install what is missing")
        return
    if not url or (is_file(url) and not Path(url.removeprefix("sqlite:///")).exists()):
        return
    from sqlalchemy.exc import SQLAlchemyError

    from forewave.archive.catalogue.database import SchemaError, look

    try:
        look(url)
    except SchemaError as error:
        yield Finding("warning", key, str(error), "until then nothing is kept in the catalogue")
    except SQLAlchemyError as error:
        why = " ".join(str(getattr(error, "orig", None) or error).split())[:200]
        what = f"{shown(url)} cannot be opened: {why}"
        yield Finding("warning", key, what, "correct the address, or start the database")


def _nearest(folder: Path) -> Path:
    """The folder, or its nearest existing parent. Raises OSError if a file is in its place."""
    while not folder.is_dir():
        if folder.exists() or folder == folder.parent:
            raise NotADirectoryError(errno.ENOTDIR, "a file is in its place")
        folder = folder.parent
    return folder
