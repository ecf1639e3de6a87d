import os
import sys
import time

import pytest

from forewave.evaluate.bench.fanout.child import Child, ChildError, busy_s

ECHO = "import sys\nfor line in sys.stdin: print(line.strip()[::-1], flush=True)"


def python(program, **more):
    return Child([sys.executable, "-c", program], **more)


def test_a_line_is_answered_with_words():
    with python(ECHO) as child:
        assert child.ask("cba fed") == ["def", "abc"]
        assert child.ask("1") == ["1"]


def test_several_lines_written_at_once_come_one_by_one():
    with python("print('one two\\nthree', flush=True); input()") as child:
        assert child.receive() == ["one", "two"]
        assert child.receive() == ["three"]


def test_a_child_that_ends_raises_with_its_last_words():
    with (
        python("raise SystemExit('no such port')") as child,
        pytest.raises(ChildError, match="no such port"),
    ):
        child.receive()


def test_a_child_that_is_silent_raises_in_time():
    with python("input()") as child, pytest.raises(ChildError, match=r"no answer in 0\.2 s"):
        child.receive(0.2)


def test_it_has_ended_after_the_block():
    with python(ECHO) as child:
        assert child.running
    assert not child.running


def test_its_processor_time_grows_with_its_work():
    loop = "while time.process_time() < 0.5: pass"
    work = f"import time\ninput()\n{loop}\nprint('done', flush=True)\ninput()"
    with python(work) as child:
        machine = busy_s()
        child.ask("go", 60.0)
        assert 0.45 < child.cpu_s() < 5.0
        assert busy_s() - machine > 0.3


def test_its_memory_grows_with_what_it_keeps():
    program = "import sys\nfor _ in sys.stdin: kept = b'1' * 50_000_000; print(2, flush=True)"
    with python(program.replace("for", "print(1, flush=True)\nfor", 1)) as child:
        child.receive()
        before = child.resident_bytes()
        child.ask("go")
        assert child.resident_bytes() - before > 45_000_000


def test_it_runs_on_its_cores_only_and_the_parent_on_all():
    before = os.sched_getaffinity(0)
    core = max(before)
    program = "import os; print(*os.sched_getaffinity(0), flush=True); input()"
    with python(program, cores=(core,)) as child:
        assert child.receive() == [str(core)]
    assert os.sched_getaffinity(0) == before


def test_the_clock_is_the_one_of_its_children():
    with python("import time\nfor _ in open(0): print(time.monotonic_ns(), flush=True)") as child:
        before = time.monotonic_ns()
        (told,) = child.ask("now")
        assert before < int(told) < time.monotonic_ns()
