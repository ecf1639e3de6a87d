"""The figure of `forewave bench ingest`, on its own."""

from forewave.evaluate.bench.ingest import measure

if __name__ == "__main__":
    print(measure())
