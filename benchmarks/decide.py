"""`forewave bench decide` as a script."""

from forewave.evaluate.bench import decide

if __name__ == "__main__":
    print(decide.measure())
