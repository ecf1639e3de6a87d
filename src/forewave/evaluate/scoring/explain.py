"""Why an earthquake was missed: its picks, its solutions, and what was dropped."""

from msgspec import Struct

from forewave.evaluate.scoring.catalogue import Quake
from forewave.evaluate.scoring.match import separation
from forewave.evaluate.scoring.playback import Run
from forewave.types import Pick, Solution

NEAR_P_S = 3.0  # a pick within this time of the predicted P counts as a P pick of the earthquake


class Miss(Struct, frozen=True):
    """Evidence on a missed earthquake.

    best: the matching solution with the largest likelihood, None without one. strays: events
    found elsewhere. dropped: the most frequent reasons for dropped input, with their counts.
    """

    picks: int
    stations: int
    p_picks: int
    best: Solution | None
    strays: int
    dropped: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        return (
            f"{self._found()}; {self.p_picks} P picks at {self.stations} stations{self._dropped()}"
        )

    def _found(self) -> str:
        if self.best is None:
            return "no event found" if not self.strays else f"only {self.strays} events elsewhere"
        size, sources = self.best.magnitude, len({a.station for a in self.best.picks})
        return (
            f"found as M{size.value:.1f} from {sources} stations, "
            f"likelihood {self.best.likelihood:.2f}, but not issued"
        )

    def _dropped(self) -> str:
        return "".join(f"; {count} x {reason}" for reason, count in self.dropped)


def why_missed(quake: Quake, run: Run, p_times: dict[str, float]) -> Miss:
    """p_times: predicted P by station, for all stations of the recording."""
    matching = [s for _, s in run.solutions if separation(s.origin, quake) <= 1]
    near = {pick.station for pick in run.picks if _is_p(pick, p_times)}
    elsewhere = {s.event for _, s in run.solutions} - {s.event for s in matching}
    return Miss(
        picks=len(run.picks),
        stations=len(p_times),
        p_picks=len(near),
        best=max(matching, key=lambda s: s.likelihood, default=None),
        strays=len(elsewhere),
        dropped=tuple(run.dropped.most_common(3)),
    )


def _is_p(pick: Pick, p_times: dict[str, float]) -> bool:
    return abs(pick.time - p_times.get(pick.station, float("inf"))) <= NEAR_P_S
