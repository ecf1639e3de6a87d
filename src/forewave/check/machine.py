"""What of this machine would not do: ports that are taken, folders, the disk, the clock."""

import errno
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from forewave.check.finding import Finding
from forewave.health import ntp
from forewave.settings import Settings

FEWEST_GB = 1.0  # free, below which an archive is as good as full
GB = 1e9
EARLIEST, LATEST = 1.76e9, 4.1e9  # POSIX seconds between which forewave is used: 2025 to 2099


def machine(settings: Settings, root: Path) -> Iterator[Finding]:
    """Everything; root: what the settings' paths are relative to."""
    server, relay = settings.server, settings.relay
    yield from _port("server.port", server.host, server.port)
    yield from _port("server.stream_port", server.host, server.stream_port)
    if relay.on:
        yield from _port("relay.port", relay.host, relay.port)
    yield from _folder("waveforms", root, settings.waveforms.folder, settings.waveforms.gb)
    yield from _folder("record", root, settings.record.folder, settings.record.gb)
    yield from _clock()


def _clock() -> Iterator[Finding]:
    """A computer without a battery begins in 1970, and is wrong until NTP has set it."""
    now = time.time()
    if not EARLIEST < now < LATEST:
        what = f"this machine believes that it is {datetime.fromtimestamp(now, UTC):%Y-%m-%d}"
        yield Finding("error", "clock", what, "set it right: run chrony or another NTP service")
    elif ntp.synchronised() is False:
        what = "nothing keeps the time of this machine right"
        yield Finding("warning", "clock", what, "run chrony or another NTP service")


def _port(key: str, host: str, port: int) -> Iterator[Finding]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        what = f"port {port} of {host} cannot be opened: {why}"
        remedy = "choose another port, or stop the program that has it (is forewave running?)"
        yield Finding("error", key, what, remedy)


def _folder(section: str, root: Path, name: str, wanted_gb: float) -> Iterator[Finding]:
    """An archive that cannot be written, or whose disk is full; neither stops a warning."""
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
        yield Finding("warning", key, what, "change its owner or permissions, or name another")
        return
    if free_gb < FEWEST_GB:
        what = f"the disk of {folder} is full: {free_gb:.2f} GB are free"
        yield Finding("warning", key, what, "make room, or name a folder of another disk")
    elif free_gb < wanted_gb:
        what = f"may take {wanted_gb:g} GB, but {free_gb:.0f} GB are free"
        yield Finding("note", f"{section}.gb", what, "lower it, or make room")


def _nearest(folder: Path) -> Path:
    """The folder, or the one that it would be made in. Raises OSError where a file is there."""
    while not folder.is_dir():
        if folder.exists() or folder == folder.parent:
            raise NotADirectoryError(errno.ENOTDIR, "a file is in its place")
        folder = folder.parent
    return folder
