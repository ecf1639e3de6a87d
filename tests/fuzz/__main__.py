"""`python -m tests.fuzz`: so many inputs to every parser, and which of them it does not bear."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.fuzz.run import BATCH, Fuzzer
from tests.fuzz.targets import TARGETS
from tests.fuzz.worker import Batch, Fault, make

KEPT = 20  # inputs of a kind of fault that are saved


class Report:
    """What came of it, by target."""

    def __init__(self) -> None:
        self.inputs: Counter[str] = Counter()
        self.kinds: Counter[tuple[str, str, str]] = Counter()
        self.slowest: dict[str, float] = {}
        self.grown: dict[str, int] = {}

    def add(self, batch: Batch) -> None:
        """One batch."""
        name = batch.target
        self.inputs[name] += batch.inputs
        self.slowest[name] = max(batch.slowest, self.slowest.get(name, 0.0))
        self.grown[name] = max(batch.grown, self.grown.get(name, 0))

    def is_new(self, fault: Fault) -> bool:
        """Whether there are few of its kind so far."""
        kind = (fault.target, fault.what.partition(":")[0], fault.where)
        self.kinds[kind] += 1
        return self.kinds[kind] <= KEPT

    def lines(self) -> Iterator[str]:
        """The table, and every kind of fault."""
        yield f"{'target':20} {'inputs':>9} {'slowest ms':>11} {'grown MB':>9} {'faults':>7}"
        for name, count in self.inputs.items():
            faults = sum(n for (target, _, _), n in self.kinds.items() if target == name)
            times = f"{1e3 * self.slowest[name]:11.1f} {self.grown[name] / 2**20:9.0f}"
            yield f"{name:20} {count:9} {times} {faults:7}"
        yield f"{self.inputs.total()} inputs, {self.kinds.total()} faults"
        for (target, what, where), count in self.kinds.most_common():
            yield f"  {target}: {what} {where} ({count} times)"


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where every input was borne, else 1."""
    options = _options(arguments)
    names = options.only.split(",") if options.only else list(TARGETS)
    ends = time.monotonic() + 60.0 * options.minutes
    report, began = Report(), time.monotonic()
    with Fuzzer(TARGETS, options.seed) as fuzzer:
        for name, first, count in _orders(names, options.inputs, options.first):
            for batch in fuzzer.batches(name, first, count):
                report.add(batch)
                for fault in batch.faults:
                    if report.is_new(fault):
                        _save(options.failures, options.seed, fault)
            _progress(report, options.inputs, began)
            if time.monotonic() > ends:
                break
    print("\n" + "\n".join(report.lines()))
    return int(report.kinds.total() > 0)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="of all targets together")
    parser.add_argument("--seed", type=int, default=1, help="another one: other inputs")
    parser.add_argument("--only", default="", help=f"targets, with commas: {', '.join(TARGETS)}")
    parser.add_argument("--first", type=int, default=0, help="number of each target's first input")
    parser.add_argument("--minutes", type=float, default=1e6, help="end after these")
    parser.add_argument("--failures", type=Path, default=Path("out/fuzz"), help="folder for them")
    return parser.parse_args(arguments)


def _orders(names: Sequence[str], inputs: int, begin: int) -> Iterator[tuple[str, int, int]]:
    """A batch of each target in turn, so that all have had alike when the time is over."""
    each = -(-inputs // len(names))
    for first in range(begin, begin + each, BATCH):
        for name in names:
            yield name, first, min(BATCH, begin + each - first)


def _save(folder: Path, seed: int, fault: Fault) -> None:
    """The input in a file of its own, and one line that says what it does."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{fault.target}-{seed}-{fault.index}"
    file.write_bytes(make(fault.target, seed, fault.index))
    print(f"\n{file}: {fault.what} {fault.where}")


def _progress(report: Report, inputs: int, began: float) -> None:
    done = report.inputs.total()
    rate = done / (time.monotonic() - began)
    said = f"\r{done} of {inputs} inputs, {rate:.0f} a second, {report.kinds.total()} faults"
    print(said, end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
