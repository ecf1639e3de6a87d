"""Histograms of latencies, for Prometheus and the status page."""

from bisect import bisect_left

from msgspec import Struct

BOUNDS = (
    0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5,
    1.0, 2.0, 5.0, 10.0, 30.0,
)  # fmt: skip


class Counts(Struct, frozen=True):
    """A snapshot of a histogram, in seconds.

    boxes: counts in (previous bound, bound] for each of BOUNDS, and last those above. total: sum.
    """

    boxes: tuple[int, ...]
    count: int
    total: float
    largest: float

    def quantile(self, share: float) -> float | None:
        """The smallest bound that at least this share does not exceed; None: empty."""
        wanted, seen = share * self.count, 0
        for bound, inside in zip(BOUNDS, self.boxes, strict=False):
            seen += inside
            if self.count and seen >= wanted:
                return min(bound, self.largest)
        return self.largest if self.count else None


class Histogram:
    """Counts durations in seconds; negative ones (a fast clock) count as 0."""

    def __init__(self) -> None:
        self._boxes = [0] * (len(BOUNDS) + 1)
        self._total = self._largest = 0.0

    def add(self, seconds: float) -> None:
        """Add a duration; nan is ignored."""
        if seconds != seconds:
            return
        seconds = max(0.0, seconds)
        self._boxes[bisect_left(BOUNDS, seconds)] += 1
        self._total += seconds
        self._largest = max(self._largest, seconds)

    def counts(self) -> Counts:
        """A snapshot."""
        return Counts(tuple(self._boxes), sum(self._boxes), self._total, self._largest)
