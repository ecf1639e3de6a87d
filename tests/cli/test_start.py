import subprocess
import sys

import click
from click.testing import CliRunner

from forewave.cli.options import OneLine
from forewave.cli.start import INTERRUPTED

CALLBACK = """
class Ends:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
Ends()
"""


def program(body, *, early=False):
    """Run the entry in another process; body: what is executed instead of (or before) a command."""
    lines = body.strip().replace("\n", "\n    ")
    text = f"""
import signal, sys, types
from forewave.cli import start
def main():
    {lines}
    print("went on")
class Commands(types.ModuleType):
    def __getattr__(self, name):
        if name != "main":
            raise AttributeError(name)
        {"signal.raise_signal(signal.SIGINT)" if early else "pass"}
        return main
sys.modules["forewave.cli.main"] = Commands("forewave.cli.main")
start.start()
"""
    command = [sys.executable, "-c", text]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_an_interrupt_while_it_is_imported_ends_it_with_one_line():
    done = program("pass", early=True)
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", "Interrupted.\n")


def test_an_interrupt_in_a_callback_ends_it_with_one_line():
    done = program(CALLBACK)
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", "Interrupted.\n")


def test_another_error_in_a_callback_is_printed_and_ends_nothing():
    done = program(CALLBACK.replace("signal.raise_signal(signal.SIGINT)", "raise ValueError(7)"))
    assert (done.returncode, done.stdout) == (0, "went on\n")
    assert "ValueError: 7" in done.stderr


def test_an_interrupt_of_a_command_ends_it_with_one_line():
    @click.group(cls=OneLine)
    def group():
        pass

    @group.command()
    def work():
        raise KeyboardInterrupt

    result = CliRunner().invoke(group, ["work"])
    assert (result.exit_code, result.stderr) == (INTERRUPTED, "Interrupted.\n")


def test_it_runs_the_commands():
    command = [sys.executable, "-c", "from forewave.cli.start import start; start()", "--help"]
    assert "forewave demo" in subprocess.check_output(command, text=True, timeout=60)
