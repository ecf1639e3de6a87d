"""Map of lead times for one intensity level."""

from typing import TYPE_CHECKING

from forewave.earth.distance import LocalPlane
from forewave.evaluate.report.case import Case
from forewave.evaluate.report.figures import INK, OURS, P_BLUE, S_RED, SOFT, SUN, canvas
from forewave.evaluate.scoring.users import Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAP_LEVEL = "IV"
KINDS = {
    "hit": ("o", OURS, "hit"),
    "late": ("v", SUN, "late"),
    "miss": ("X", S_RED, "miss"),
    "false": ("s", P_BLUE, "false"),
}
MOST_NAMED = 40  # labelled lead times; more would overlap


def lead_map(case: Case) -> "Figure":
    """Stations by the outcome of the warning of MMI IV, labelled with the lead time in s."""
    figure, ax = canvas(5.6, 6.0)
    quake = case.truth.quake
    assert quake is not None, "only an earthquake has lead times"
    plane = LocalPlane(quake.lat, quake.lon)
    where = {m.station: _km(plane, m.lat, m.lon) for m in case.truth.motions}
    here = [o for o in case.outcomes if o.level == MAP_LEVEL]
    east, north = zip(*where.values(), strict=True) if where else ((), ())
    ax.plot(east, north, ".", ms=4, color=SOFT, ls="none", label="station")
    for kind, (shape, colour, name) in KINDS.items():
        _marks(ax, [o for o in here if o.kind == kind], where, shape, colour, name)
    ax.plot(0, 0, "*", ms=18, mfc=SUN, mec=INK, mew=1.2, label="epicentre", zorder=1)
    ax.set(xlabel="km east", ylabel="km north", aspect="equal")
    figure.legend(loc="outside lower center", ncol=3, title=f"MMI {MAP_LEVEL}")
    return figure


def _km(plane: LocalPlane, lat: float, lon: float) -> tuple[float, float]:
    east, north = plane.to_km(lat, lon)
    return float(east), float(north)


def _marks(
    ax: "Axes",
    here: list[Outcome],
    where: dict[str, tuple[float, float]],
    shape: str,
    colour: str,
    name: str,
) -> None:
    if not here:
        return
    east, north = zip(*(where[o.station] for o in here), strict=True)
    ax.plot(east, north, shape, ms=9, mfc=colour, mec=INK, mew=0.7, ls="none", label=name)
    timed = [o for o in here if o.lead_s is not None]
    for outcome in timed if len(timed) <= MOST_NAMED else ():
        ax.annotate(
            f"{outcome.lead_s:+.0f}",
            where[outcome.station],
            xytext=(6, 4),
            textcoords="offset points",
            fontsize=8.5,
        )
