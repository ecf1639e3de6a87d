"""Why an earthquake was not told: what was picked, what was found, and where it stopped."""

from msgspec import Struct

from forewave.evaluate.scoring.catalogue import Quake
from forewave.evaluate.scoring.match import separation
from forewave.evaluate.scoring.playback import Run
from forewave.types import Pick, Solution

NEAR_P_S = 3.0  # a pick so near the predicted P is taken for this earthquake's


class Miss(Struct, frozen=True):
    """What there was to go on. best: the likeliest solution that matches, None if there is none."""

    picks: int
    stations: int
    p_picks: int
    best: Solution | None
    strays: int
    dropped: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        return f"{self._found()}; {self.p_picks} P picked of {self.stations} stations{self._said()}"

    def _found(self) -> str:
        if self.best is None:
            return "no event found" if not self.strays else f"only {self.strays} events elsewhere"
        size, sources = self.best.magnitude, len({a.station for a in self.best.picks})
        return (
            f"found as M{size.value:.1f} from {sources} stations, "
            f"likelihood {self.best.likelihood:.2f}, but not told"
        )

    def _said(self) -> str:
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
