"""Draws what forewave made of an event directory: picks, magnitude in time, forecast against S.

    python examples/draw_event.py tests/data/us-ci38457511-ridgecrest event.png

Can be read as a notebook: each block is a cell.
"""

import sys

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

import forewave


def draw(folder: str) -> Figure:
    """Three panels, seconds after the last solution's origin."""
    recording = forewave.read(folder)
    result = forewave.analyze(recording, places=[as_place(s) for s in recording.stations])
    if not result.shaking_forecasts:
        raise SystemExit(f"{folder}: no earthquake was found")
    last = result.shaking_forecasts[-1]
    zero = last.solution.origin.time
    figure, (stations, magnitude, forecast) = plt.subplots(1, 3, figsize=(13, 4))

    codes = [station.code for station in recording.stations]
    for pick in result.picks:
        stations.plot(pick.time - zero, codes.index(pick.station), "k|")
    stations.set(xlabel="s after origin", yticks=range(len(codes)), yticklabels=codes)
    stations.set_title("picks")

    known = [(t, m) for t, m in result.messages if isinstance(m, forewave.Solution)]
    times = [time - zero for time, _ in known]
    values = [solution.magnitude.value for _, solution in known]
    sigmas = [solution.magnitude.sigma for _, solution in known]
    magnitude.errorbar(times, values, sigmas, fmt=".")
    for alert in result.alerts:
        magnitude.axvline(alert.issued - zero, color="tab:red", linewidth=0.5)
    magnitude.set(xlabel="s after origin", title="magnitude, and alerts (red)")

    first = result.alerts[0].issued if result.alerts else zero
    there = [f for f in last.forecasts if f.place in codes]
    left = [f.s_arrival - first for f in there]
    forecast.errorbar(left, [f.intensity for f in there], [f.sigma for f in there], fmt="o")
    forecast.axvline(0.0, color="tab:red", linewidth=0.5)
    forecast.set(xlabel="s from first alert to S", ylabel="MMI", title="forecast at stations")
    figure.tight_layout()
    return figure


def as_place(station: forewave.Station) -> forewave.Place:
    """A station's site as a place that gets a forecast."""
    return forewave.Place(station.code, station.lat, station.lon, "station", station.vs30_ms)


if __name__ == "__main__":
    draw(sys.argv[1]).savefig(sys.argv[2])
