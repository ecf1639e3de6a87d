"""`forewave bench ingest` as a script."""

from forewave.evaluate.bench.ingest import measure

if __name__ == "__main__":
    print(measure())
