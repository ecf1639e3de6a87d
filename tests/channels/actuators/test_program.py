import asyncio
import os
import sys
import time

import pytest

from forewave.channels.actuators.program import run
from forewave.channels.card import DeliveryError

pytestmark = pytest.mark.live


def ran(command, seconds=10.0, given=b"", **more):
    asyncio.run(run(command, seconds, given, more))


def python(text):
    return [sys.executable, "-c", text]


def is_alive(pid):
    """Whether it runs; a process that has ended and waits to be reaped does not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def gone(pid):
    ends = time.monotonic() + 10.0
    while is_alive(pid) and time.monotonic() < ends:
        time.sleep(0.01)
    return not is_alive(pid)


def test_it_gets_its_input_and_variables(tmp_path):
    to = tmp_path / "out"
    text = f"import os, sys; open({str(to)!r}, 'w').write(sys.stdin.read() + os.environ['MORE'])"
    ran(python(text), given=b"given ", MORE="more")
    assert to.read_text() == "given more"


def test_one_that_fails_or_is_not_there_says_so():
    with pytest.raises(DeliveryError, match="exit code 3"):
        ran(python("raise SystemExit(3)"))
    with pytest.raises(DeliveryError, match="cannot be started") as caught:
        ran(["/no/such/program"])
    assert not caught.value.retry


def test_one_that_hangs_and_ignores_being_asked_is_ended(tmp_path):
    to = tmp_path / "pid"
    text = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"open({str(to)!r}, 'w').write(str(os.getpid())); time.sleep(1000)"
    )
    with pytest.raises(DeliveryError, match="timeout"):
        ran(python(text), 2.0)
    assert gone(int(to.read_text()))


def test_what_it_has_started_is_ended_with_it(tmp_path):
    to = tmp_path / "pid"
    ran(["sh", "-c", f"sleep 1000 & echo $! > {to}"])
    assert gone(int(to.read_text()))


def test_it_is_ended_where_the_caller_is_cancelled(tmp_path):
    to = tmp_path / "pid"

    async def main():
        command = ["sh", "-c", f"echo $$ > {to}; exec sleep 1000"]
        task = asyncio.create_task(run(command, 1000.0, b"", {}))
        while not (to.exists() and to.read_text()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())
    assert gone(int(to.read_text()))


def test_a_program_that_does_not_read_its_input_does_no_harm():
    ran(["true"], given=b"x" * 1_000_000)
    assert os.getpid()
