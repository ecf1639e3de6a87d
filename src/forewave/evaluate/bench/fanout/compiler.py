"""Compiles the load client and the floor server, which are in C, with whatever compiler there is.

The sources are in `native/` of this package. `cc`, `gcc` and `clang` of the PATH are used, else the
compiler of the PyPI package `ziglang` (extra `bench`).
"""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from forewave.errors import ConfigError

SOURCES = Path(__file__).parent / "native"
COMPILERS = ("cc", "gcc", "clang")
PATIENCE_S = 300.0  # the first compilation by zig builds its C library


def compiler() -> list[str]:
    """The command of a C compiler. Raises ConfigError if there is none."""
    for name in COMPILERS:
        if found := shutil.which(name):
            return [found]
    if find_spec("ziglang"):
        return [sys.executable, "-m", "ziglang", "cc"]
    raise ConfigError(
        "bench fanout: the load client is written in C and there is no C compiler: install cc, "
        "or run: pip install 'forewave[bench]'"
    )


def build(name: str, folder: Path) -> Path:
    """Compile `native/NAME.c` into a folder; returns the program. Raises ConfigError."""
    program = folder / name
    source = SOURCES / f"{name}.c"
    done = subprocess.run(
        [*compiler(), "-O2", "-o", str(program), str(source), "-ldl"],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise ConfigError(f"bench fanout: {source.name} does not compile here: {lines[0]}")
    return program
