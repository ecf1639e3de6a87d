"""The scripts of a folder, unchanged, against `forewave run` and a relay on loopback.

They run in a copy of the folder, one at a time. Some ask for the ports of a machine and its process
id as arguments; see ARGUMENTS. A script over the time limit is killed and marked.
"""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import click

from benchmarks.attack.kills import free_ports, write_settings
from benchmarks.attack.supervised import Supervised
from forewave.formats.recordings import event_directory
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate

# By the beginning of a script's name. {http} {stream} {pid}: of a live machine; {relay}: its relay;
# {free}: any free port.
ARGUMENTS: Mapping[str, str] = {
    "02": "{http}",
    "04": "{relay} {http} {pid} info 2000",
    "05": "3",
    "07": "gz3",
    "12": "1",
    "fuzz1": "1 2000",
    "gw": "{http} {stream} {pid}",
    "loopfuzz": "1 2000",
}
# Servers that wait for a machine, and what other scripts import or run.
PARTS = ("01", "evilms", "mkrun", "emfile", "faults", "cpu")
LAST = 150  # characters of the last line


@click.command("scripts")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--only", help="Names that begin so, with commas between.")
@click.option("--seconds", default=600.0, show_default=True, help="Time for each.")
@click.option("--logs", type=click.Path(path_type=Path, file_okay=False), help="Their output.")
def main(folder: Path, only: str | None, seconds: float, logs: Path | None) -> None:
    """The scripts of FOLDER, unchanged; what came out of each in a line."""
    if logs is not None:
        logs.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name) / "attacks"
        shutil.copytree(folder, scratch)
        begins = tuple(only.split(",")) if only else ("",)
        wanted = [f for f in sorted(scratch.iterdir()) if _is_script(f, begins)]
        recording = simulate(load_scenario("small"))
        event = scratch / "ev_small"
        event_directory.write(event, recording.info, recording.stations, recording.segments)
        shutil.copytree(event, scratch / "machine" / "event")
        asyncio.run(run(scratch, wanted, seconds, logs))


def _is_script(file: Path, begins: tuple[str, ...]) -> bool:
    is_part = file.name.startswith(PARTS)
    return file.suffix in (".py", ".sh") and not is_part and file.name.startswith(begins)


async def run(scratch: Path, wanted: list[Path], seconds: float, logs: Path | None) -> None:
    """One after the other beside a live machine."""
    source, relay, http, stream, free = free_ports(5)
    folder = scratch / "machine"
    write_settings(folder, source, http, stream)
    with (folder / "forewave.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"[relay]\non = true\nport = {relay}\n")
    machine = Supervised(folder / "forewave.toml", folder / "run.log")
    running = asyncio.create_task(machine.run())
    try:
        await machine.until_ready()
        for file in wanted:
            ports = {"relay": relay, "http": http, "stream": stream, "free": free}
            typed = _typed(file, {**ports, "pid": machine.pid})
            await _one(file, typed, seconds, logs)
            ended = machine.refused
            click.echo(
                f"{'':24s} the machine has ended {ended} times" if ended else "", nl=ended > 0
            )
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _typed(file: Path, known: Mapping[str, int]) -> list[str]:
    text = next((given for name, given in ARGUMENTS.items() if file.name.startswith(name)), "")
    return text.format_map(known).split()


async def _one(file: Path, typed: list[str], seconds: float, logs: Path | None) -> None:
    """Run a script and summarise its result."""
    began = time.monotonic()
    program = ["bash"] if file.suffix == ".sh" else [sys.executable]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    process = await asyncio.create_subprocess_exec(
        *program,
        file.name,
        *typed,
        cwd=file.parent,
        env={**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    output = bytearray()
    how = "too long"
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while chunk := await process.stdout.read(1 << 16):
                output += chunk
            how = f"rc {await process.wait()}"
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        await process.wait()
    text = output.decode("utf-8", "replace")
    if logs is not None:
        (logs / f"{file.name}.txt").write_text(text, "utf-8")
    click.echo(f"{file.name:24s} {how}, {time.monotonic() - began:.0f} s: {_outcome(text)}")


def _outcome(text: str) -> str:
    """Verdicts counted, where a script gives them at the beginning of lines; else the last line."""
    lines = [line for line in text.splitlines() if line.strip()]
    words = ("ok ", "FALSE", "MISSED", " MISSED", "DUPLICATE")
    checks = [line for line in lines if line.startswith(words)]
    if checks:
        bad = [line for line in checks if not line.startswith("ok ")]
        first = f"; first: {bad[0][:LAST]}" if bad else ""
        return f"{len(checks) - len(bad)} of {len(checks)} right{first}"
    return lines[-1][:LAST] if lines else "no output"
