"""Decision time, as in the README: what `forewave bench decide` measures."""

from forewave.evaluate.bench import decide

if __name__ == "__main__":
    print(decide.measure())
