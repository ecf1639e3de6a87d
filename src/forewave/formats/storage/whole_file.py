"""Files that are written whole or not at all, as their readers see them."""

import os
from pathlib import Path


def replace(path: Path, content: bytes, *, mode: int = 0o666, sync: bool = False) -> None:
    """Write a file beside it, and put that in its place. Raises OSError; the old one is then kept.

    mode: permissions, less those that the process withholds. sync: wait until the content is on
    the disk, so that it also outlives a loss of power.
    """
    aside = path.with_name(f"{path.name}.new")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        if sync:
            file.flush()
            os.fsync(file.fileno())
    os.replace(aside, path)
