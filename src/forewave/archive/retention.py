"""Disk space for series of files of which the oldest are removed, and locks on their folders."""

import errno
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO


def hold(root: Path) -> int | None:
    """Lock a folder for this process; the descriptor that holds the lock until it is closed.

    The lock ends with the process, however that ends. None if the folder cannot be opened or the
    file system has no locks. Raises BlockingIOError if another process holds the lock.
    """
    if os.name != "posix":
        return None
    import fcntl

    try:
        root.mkdir(parents=True, exist_ok=True)
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(folder)
        if isinstance(error, BlockingIOError):
            raise
        return None
    return folder


def make_room(
    root: Path, found: Sequence[Path], is_old: Callable[[Path], bool], most: float, spare_gb: float
) -> None:
    """Remove files that are old, and the oldest while all together exceed `most` bytes.

    found: the files of the folder, oldest first. The folder is created if missing. Raises OSError
    as `check_writable` does.
    """
    root.mkdir(parents=True, exist_ok=True)
    sizes = {file: file.stat().st_size for file in found}
    total = sum(sizes.values())
    for file, size in sizes.items():
        if is_old(file) or total > most:
            file.unlink()
            total -= size
    check_writable(root, spare_gb)


def is_there(file: BinaryIO) -> bool:
    """Whether an open file still exists under its name.

    Writing to a file that was removed or moved raises no error. Raises OSError if its folder cannot
    be read.
    """
    try:
        return os.path.samestat(os.stat(file.name), os.fstat(file.fileno()))
    except (FileNotFoundError, NotADirectoryError):
        return False


def check_writable(root: Path, spare_gb: float) -> None:
    """Raise OSError with the reason if nothing can be written to a folder.

    A read-only file system is checked first, since it often has no free space either. spare_gb:
    space that must stay free.
    """
    if hasattr(os, "statvfs") and os.statvfs(root).f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))
    if not os.access(root, os.W_OK | os.X_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    if shutil.disk_usage(root).free < spare_gb * 1e9:
        raise OSError(errno.ENOSPC, "disk full")
