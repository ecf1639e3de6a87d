"""Charts: forecast against observed intensity, warning time by distance, magnitude over time."""

from typing import TYPE_CHECKING

from forewave.after.documents.document import Figure as Picture
from forewave.after.figures.theme import Theme, drawn
from forewave.after.report.report import Report, TimelineRow
from forewave.evaluate.scoring.station_intensity import SILENCE
from forewave.process.plural import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FEWEST = 3  # towns for a chart: fewer stand in the table
ROMAN = {2: "II", 3: "III", 4: "IV", 5: "V", 6: "VI", 7: "VII", 8: "VIII", 9: "IX", 10: "X"}


def intensities(report: Report) -> Picture | None:
    """Forecast against observed intensity at the stations; None without any."""
    rows = [
        (row, max(SILENCE, row.observed), max(SILENCE, row.final or SILENCE))
        for row in report.stations
    ]
    if not rows or not report.timeline:
        return None
    first = [(max(SILENCE, r.observed), max(SILENCE, r.first)) for r, *_ in rows if r.first]
    most = max(7, *(int(max(x, y)) + 1 for _, x, y in rows))

    def draw(figure: "Figure", ax: "Axes", theme: Theme) -> None:
        span = [2, most]
        ax.fill_between(span, [1, most - 1], [3, most + 1], color=theme.grid, lw=0)
        ax.plot(span, span, color=theme.second, lw=1)
        if first:
            x, y = zip(*first, strict=True)
            ax.plot(x, y, "s", ms=5, mfc="none", mec=theme.bad, label="first message")
        ax.plot(
            [x for _, x, _ in rows], [y for *_, y in rows], "o", ms=6.5, color=theme.accent,
            label="last message",
        )  # fmt: skip
        ticks = [n for n in ROMAN if n <= most]
        ax.set(xlim=(1.8, most + 0.2), ylim=(1.8, most + 0.2), aspect="equal")
        ax.set_xticks(ticks, [ROMAN[n] for n in ticks])
        ax.set_yticks(ticks, [ROMAN[n] for n in ticks])
        ax.set(xlabel="observed intensity (MMI)", ylabel="forecast intensity (MMI)")
        figure.legend(loc="outside lower center", ncols=2)

    light, dark = drawn(draw, 5.2, 5.4)
    near = sum(abs(y - x) <= 1.0 for _, x, y in rows)
    words = (
        f"At {near} of {counted(len(rows), 'station')} the last forecast is within one unit of "
        "intensity (the shaded band) of what was observed. Intensities below II count as II. The "
        "last forecast already contains motion that stations had observed; the first does not."
    )
    return Picture("Forecast and observed intensity", words, light, dark)


def warning_times(report: Report) -> Picture | None:
    """Seconds of warning by distance at the towns that were asked to act; None with few of them."""
    asked = [(row.distance_km, row.seconds) for row in report.towns if row.seconds is not None]
    if len(asked) < FEWEST:
        return None
    in_time = [each for each in asked if each[1] > 0.0]
    late = [each for each in asked if each[1] <= 0.0]

    def draw(figure: "Figure", ax: "Axes", theme: Theme) -> None:
        ax.axhline(0.0, color=theme.ink, lw=1.2)
        for points, marker, colour, name in (
            (in_time, "o", theme.good, "asked to act before S waves"),
            (late, "v", theme.bad, "S waves came first"),
        ):
            if points:
                x, y = zip(*points, strict=True)
                ax.plot(x, y, marker, ms=7, mec=theme.card, mew=0.6, color=colour, label=name)
        ax.set(xlabel="distance from the epicentre, km", ylabel="warning, seconds")
        ax.set_xlim(left=0.0)
        figure.legend(loc="outside lower center", ncols=1)

    light, dark = drawn(draw, 5.2, 4.4)
    longest = max(seconds for _, seconds in asked)
    words = (
        f"{len(asked)} towns were asked to act: {len(in_time)} before the S waves (circles), "
        f"{len(late)} after them (triangles)."
    )
    if longest > 0.0:
        words += f" The longest warning is {longest:.0f} s."
    return Picture("Warning time by distance", words, light, dark)


def magnitudes(report: Report) -> Picture | None:
    """Magnitude of the messages over time; None with fewer than two of them."""
    rows = [row for row in report.timeline if row.event == report.event and row.kind != "cancel"]
    if len(rows) < 2:
        return None
    true = None if report.catalogue is None else report.catalogue.magnitude

    def draw(figure: "Figure", ax: "Axes", theme: Theme) -> None:
        x, y = [row.after for row in rows], [row.magnitude for row in rows]
        low = [row.magnitude - row.sigma for row in rows]
        high = [row.magnitude + row.sigma for row in rows]
        ax.fill_between(x, low, high, step="post", color=theme.grid, lw=0)
        ax.step(
            x, y, "o-", where="post", ms=5, lw=2, color=theme.accent, label="messages, ± 1 sigma"
        )
        if true is not None:
            ax.axhline(true, color=theme.bad, ls="--", lw=1.5, label=f"catalogue, {true:.1f}")
        ax.set(xlabel="seconds after the origin", ylabel="magnitude")
        ax.set_xlim(left=0.0)
        figure.legend(loc="outside lower center", ncols=2)

    light, dark = drawn(draw, 5.2, 4.4)
    return Picture("Magnitude over time", _growth(rows, true), light, dark)


def _growth(rows: list[TimelineRow], true: float | None) -> str:
    first, last = rows[0], rows[-1]
    text = (
        f"The first message, {first.after:.1f} s after the origin, says magnitude "
        f"{first.magnitude:.1f}; the last, at {last.after:.1f} s, {last.magnitude:.1f}."
    )
    return text if true is None else f"{text} The catalogue says {true:.1f}."
