"""Room on the disk, for files that follow each other and of which the oldest may go."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path


def make_room(
    root: Path, found: Sequence[Path], is_old: Callable[[Path], bool], most: float, spare_gb: float
) -> None:
    """Remove files while they are old, or all of them have more than `most` bytes.

    found: the files of the folder, the oldest first. The folder is made where there is none.
    Raises OSError where less than spare_gb is left free for everything else.
    """
    root.mkdir(parents=True, exist_ok=True)
    sizes = {file: file.stat().st_size for file in found}
    total = sum(sizes.values())
    for file, size in sizes.items():
        if is_old(file) or total > most:
            file.unlink()
            total -= size
    if shutil.disk_usage(root).free < spare_gb * 1e9:
        raise OSError(0, "disk full")
