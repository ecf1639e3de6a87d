"""Every parser that takes bytes from outside."""

from tests.fuzz import targets_files, targets_live
from tests.fuzz.target import Target

TARGETS: dict[str, Target] = {**targets_files.TARGETS, **targets_live.TARGETS}
