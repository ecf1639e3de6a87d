"""The fuzzer in short, and that it would see what it looks for."""

import ctypes
import os
import time

import numpy as np
import pytest

from forewave.errors import FormatError
from tests.fuzz import __main__ as command
from tests.fuzz import corpus as good
from tests.fuzz import run, target, worker
from tests.fuzz.run import Fuzzer
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS
from tests.fuzz.worker import make

pytestmark = pytest.mark.slow

SHORT = 250  # inputs of each target, besides the good ones


def test_there_are_good_inputs_of_every_target_and_of_no_other():
    assert {folder.name for folder in target.CORPUS.iterdir()} == set(TARGETS)


def test_the_good_inputs_are_written_again_as_they_were(tmp_path):
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(good.inputs(tmp_path / name))
    assert made[0].keys() == set(TARGETS)
    assert [name for name in TARGETS if made[0][name] != made[1][name]] == []


def test_only_the_inputs_that_are_asked_for_are_written(tmp_path):
    (tmp_path / "scratch").mkdir()
    good.main(tmp_path / "corpus", tmp_path / "scratch", ["shake", "key"])
    assert {folder.name for folder in (tmp_path / "corpus").iterdir()} == {"shake", "key"}


@pytest.mark.parametrize("name", TARGETS)
def test_a_good_input_is_taken(name, tmp_path):
    """Or what is made from it would stop at the first door."""
    take, refused = TARGETS[name].make(tmp_path), []
    for data in target.seeds(name):
        try:
            take(data)
        except TARGETS[name].allowed as why:
            refused.append(str(why))
    # Of two targets one input is as it lies in a file, and one is what is packed within.
    assert len(refused) <= (name in ("tail", "receipts")), refused


def test_no_input_does_harm():
    """The same 250 inputs of each target as ever; `python -m tests.fuzz` has others."""
    faults = []
    with Fuzzer(TARGETS, seed=1) as fuzzer:
        for name in TARGETS:
            for batch in fuzzer.batches(name, 0, SHORT + len(target.seeds(name))):
                faults += batch.faults
    assert faults == []


def test_an_input_is_made_again_by_its_number():
    made = [make("settings", 1, index) for index in range(50)]
    assert made == [make("settings", 1, index) for index in range(50)]
    assert made[0] == target.seeds("settings")[0]
    assert len({*made}) > 40
    assert made[10] != make("settings", 2, 10)


def planted(take):
    return {"planted": Target(lambda folder: take)}


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "00").write_bytes(b"good")
    monkeypatch.setattr(target, "CORPUS", tmp_path)


def found(take, count=10):
    with Fuzzer(planted(take), seed=1) as fuzzer:
        batches = list(fuzzer.batches("planted", 0, count))
    assert sum(batch.inputs for batch in batches) == count
    return [fault for batch in batches for fault in batch.faults]


def of(harm):
    """Only inputs that are changed do it, and the third of all is."""

    def take(data):
        if data != b"good" and data == make("planted", 1, 2):
            harm()

    return take


def raises(error):
    def harm():
        raise error

    return harm


def busy():
    ends = time.process_time() + 0.15
    while time.process_time() < ends:
        pass


def large():
    np.ones(40 << 20, np.float64)


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (raises(KeyError("x")), "KeyError: 'x'"),
        (raises(RecursionError("deep")), "RecursionError: deep"),
        (raises(SystemExit(3)), "SystemExit: 3"),
        (lambda: np.ones(1 << 40, np.float64), "MemoryError"),
        (busy, "takes 0.1"),
        (large, "grows by 3"),
        (lambda: os._exit(3), "ends the process (exit code 3)"),
        (lambda: ctypes.string_at(0), "ends the process (SIGSEGV)"),
    ],
    ids=["KeyError", "recursion", "exit", "endless memory", "slow", "large", "ends", "crash"],
)
def test_what_does_harm_is_found(corpus, harm, says):
    (fault,) = found(of(harm))
    assert fault.index == 2
    assert says in fault.what


def test_what_never_ends_is_left(corpus, monkeypatch):
    monkeypatch.setattr(run, "STUCK", 3.0)  # a worker may take a second to begin
    (fault,) = found(of(lambda: time.sleep(60.0)))
    assert (fault.index, fault.what) == (2, "never ends (left after 3 s)")


def test_what_is_documented_is_no_harm(corpus):
    assert found(of(raises(FormatError("x")))) == []
    assert found(lambda data: None) == []


def test_what_holds_a_loop_is_judged_by_its_longest_turn(corpus):
    assert found(lambda data: 0.05 if data == b"good" else 0.09) == []
    assert len(found(lambda data: 0.05 if data == b"good" else 0.11)) == 9


def test_the_command_saves_what_does_harm_and_says_so(corpus, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "TARGETS", planted(of(raises(KeyError("x")))))
    typed = ["--inputs", "10", "--seed", "1", "--failures", str(tmp_path / "out")]
    assert command.main(typed) == 1
    saved = tmp_path / "out" / "planted-1-2"
    assert saved.read_bytes() == make("planted", 1, 2)
    said = capsys.readouterr().out
    assert f"{saved}: KeyError: 'x'" in said
    assert "10 inputs, 1 faults" in said
    assert command.main([*typed, "--first", "3"]) == 0


def test_a_fault_that_is_only_slow_once_is_none(corpus):
    """Another process, or the first use of something."""
    slow = [True]

    def take(data):
        if data != b"good" and slow:
            slow.clear()
            busy()

    assert found(take) == []
    assert worker.SLOWEST == 0.1
