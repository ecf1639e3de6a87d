"""Room on the disk, for files that follow each other and of which the oldest may go."""

import errno
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO


def hold(root: Path) -> int | None:
    """Keep a folder for this process: a descriptor, which holds it until it is closed.

    However the process ends, another may have the folder then. None where the folder cannot be
    opened or locked, which is nobody's fault who would use it alone. Raises BlockingIOError where
    another process holds it.
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
    """Remove files while they are old, or all of them have more than `most` bytes.

    found: the files of the folder, the oldest first. The folder is made where there is none.
    Raises OSError as `refuse` does.
    """
    root.mkdir(parents=True, exist_ok=True)
    sizes = {file: file.stat().st_size for file in found}
    total = sum(sizes.values())
    for file, size in sizes.items():
        if is_old(file) or total > most:
            file.unlink()
            total -= size
    refuse(root, spare_gb)


def is_there(file: BinaryIO) -> bool:
    """Whether an open file is still found under its name.

    What is written to one that was removed or moved away goes on without an error, and is read by
    nobody. Raises OSError where its folder cannot be looked at.
    """
    try:
        return os.path.samestat(os.stat(file.name), os.fstat(file.fileno()))
    except (FileNotFoundError, NotADirectoryError):
        return False


def refuse(root: Path, spare_gb: float) -> None:
    """Raises OSError with the true reason where nothing can be written to a folder.

    Read-only comes first: such a disk often has no room either, and no room would help. spare_gb:
    what is left free there for everything else.
    """
    if hasattr(os, "statvfs") and os.statvfs(root).f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))
    if not os.access(root, os.W_OK | os.X_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    if shutil.disk_usage(root).free < spare_gb * 1e9:
        raise OSError(errno.ENOSPC, "disk full")
