"""The README's decision time: `python benchmarks/decide.py`, the same as `forewave bench decide`."""

from forewave.evaluate import bench_decide

if __name__ == "__main__":
    print(bench_decide.measure())
