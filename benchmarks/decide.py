"""Decision time, as in the README: what `forewave bench decide` measures."""

from forewave.evaluate import bench_decide

if __name__ == "__main__":
    print(bench_decide.measure())
