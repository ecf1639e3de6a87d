"""The last minutes of each station: picks, peaks and states.

Times are absolute; amplitudes keep the pick that they belong to. Nothing older than a few
minutes is kept, so the memory depends on the last minutes of input alone and does not grow: a
station's peaks are dropped in time even if it never picks again.
"""

from bisect import bisect_left, insort
from collections.abc import Container, Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from forewave.events.discrimination import knock
from forewave.events.memory.phone_sightings import Sightings
from forewave.types import Amplitude, Pick, PickWithdrawn, Station, StationState

Floats = NDArray[np.float64]

MEMORY = 180.0  # s that picks are kept, and peaks after the last one of their pick
# s after which a station's last picks are dropped too. An event is updated for 120 s and uses what
# was picked in the MEMORY before it, so this changes no result.
KEPT = 400.0
CURRENT = 10.0  # s behind the newest data of the network after which a feed is not current
EARLY = 4.0  # s after a pick whose motion tells what made it, before other waves join in
STILL_MOVES = 2.5  # s since the last peaks of a pick: the ground there is not calm
MOVING = 3.0  # times its usual noise: the ground there is not calm
BLIND_HEALTH = ("calibrating", "stuck", "unusable")  # it cannot detect what passes
SILENT_HEALTH = ("good", "noisy")  # what a station must be for its silence to mean calm


@dataclass(slots=True)
class Watch:
    """One station as it is now."""

    station: Station
    index: int
    latest: float = -np.inf
    health: str = "unusable"
    log_noise: float = np.nan  # log10 of the usual vertical acceleration peak
    noise_pd_m: float = np.nan
    noise_pd3_m: float = np.nan
    picks: list[Pick] = field(default_factory=list)  # by time
    amplitudes: dict[str, list[Amplitude]] = field(default_factory=dict)  # by pick
    withdrawn: str | None = None  # the last pick that was taken back


class Network:
    """All stations of a region, with their last minutes.

    lat, lon, latest (time of the last sample), log_noise and log_noise_d (log10 of the usual peak
    of vertical acceleration and displacement, m/s^2 and m) are (stations,) in the order of the
    inventory. phones: what phones have detected.
    """

    def __init__(self, stations: Sequence[Station]) -> None:
        self.watches = {s.code: Watch(s, i) for i, s in enumerate(stations)}
        self.lat = np.array([s.lat for s in stations])
        self.lon = np.array([s.lon for s in stations])
        self.newest = -np.inf
        self.count = len(stations)
        self.phones = Sightings()
        self._picks: list[tuple[float, str, Pick]] = []  # all picks in memory, by time
        self.latest = np.full(len(stations), -np.inf)
        self.log_noise = np.full(len(stations), np.nan)
        self.log_noise_d = np.full(len(stations), np.nan)
        self._healthy = np.zeros(len(stations), bool)
        self._blind = np.full(len(stations), -np.inf)  # the last time it was blind
        self._moving = np.full(len(stations), -np.inf)  # the last time of a pick's peaks
        self._log_peak = np.full(len(stations), np.nan)  # the largest since the last pick
        self._log_first = np.full(len(stations), np.nan)  # the largest in its first second

    def add_pick(self, pick: Pick) -> None:
        """Remember a pick, once, and forget the station's old ones."""
        watch = self.watches[pick.station]
        if any(known.id == pick.id for known in watch.picks):
            return
        watch.picks = [p for p in watch.picks if p.time > pick.time - MEMORY] + [pick]
        watch.picks.sort(key=lambda p: p.time)
        self._log_first[watch.index] = np.nan
        known = {p.id for p in watch.picks}
        watch.amplitudes = {k: v for k, v in watch.amplitudes.items() if k in known}
        insort(self._picks, (pick.time, pick.id, pick))
        del self._picks[: bisect_left(self._picks, (pick.time - MEMORY,))]

    def withdraw_pick(self, withdrawn: PickWithdrawn) -> None:
        """Forget a pick, and that the ground moved by its peaks."""
        watch = self.watches[withdrawn.station]
        watch.withdrawn = withdrawn.pick  # peaks of it may still be on their way
        watch.picks = [p for p in watch.picks if p.id != withdrawn.pick]
        self._picks = [each for each in self._picks if each[1] != withdrawn.pick]
        if watch.amplitudes.pop(withdrawn.pick, None) is not None:
            self._moving[watch.index] = -np.inf

    def add_amplitude(self, amplitude: Amplitude) -> None:
        """Remember the peaks of a pick as they grow."""
        watch = self.watches[amplitude.station]
        if amplitude.pick is not None and amplitude.pick != watch.withdrawn:
            watch.amplitudes.setdefault(amplitude.pick, []).append(amplitude)
            self._moving[watch.index] = max(self._moving[watch.index], amplitude.time)
            self._log_peak[watch.index] = _log10(amplitude.pa_ms2)
            if (amplitude.since_pick or 0.0) <= knock.FIRST:
                self._log_first[watch.index] = self._log_peak[watch.index]

    def add_state(self, state: StationState) -> None:
        """Remember the station's health, noise and latest time."""
        watch = self.watches[state.station]
        watch.latest = max(watch.latest, state.latest)
        watch.health = state.health
        watch.noise_pd_m, watch.noise_pd3_m = state.noise_pd_m, state.noise_pd3_m
        watch.log_noise = _log10(state.noise_pa_ms2)
        self.newest = max(self.newest, state.latest)
        self.latest[watch.index] = watch.latest
        self.log_noise[watch.index] = watch.log_noise
        self.log_noise_d[watch.index] = _log10(state.noise_pd3_m)
        self._healthy[watch.index] = state.health in SILENT_HEALTH
        if state.health in BLIND_HEALTH:
            self._blind[watch.index] = state.latest
        _forget(watch)

    def recent_picks(self, since: float) -> list[Pick]:
        """Picks after a time, by time."""
        return [pick for _, _, pick in self._picks[bisect_left(self._picks, (since,)) :]]

    def unassociated(self, station: str, before: float, explained: Container[str]) -> list[Pick]:
        """A station's picks of the last minutes before a time that no event explains."""
        picks = self.watches[station].picks
        return [p for p in picks if before - MEMORY < p.time < before and p.id not in explained]

    def able(self) -> NDArray[np.bool_]:
        """(stations,) without a pick of which no wave has arrived: healthy, current, with a known
        noise level.
        """
        current = self.latest > self.newest - CURRENT
        return np.asarray(self._healthy & current & np.isfinite(self.log_noise))

    def able_since(self, since: float) -> NDArray[np.bool_]:
        """(stations,) that have been able to detect a wave ever since a time."""
        return np.asarray(self.able() & (self._blind < since))

    def loudness(self, shows: float = 0.0) -> Floats:
        """(stations,) log10 of vertical acceleration that a new wave must rise above, m/s^2.

        The usual noise; while the ground moves from an earlier pick, the peak since that, less
        `shows` (log10) where it has not grown.
        """
        moving = self.latest <= self._moving + STILL_MOVES
        grown = self._log_peak > self._log_first + knock.STILL
        peak = np.where(grown, self._log_peak, self._log_peak - shows)
        return np.where(moving, np.fmax(self.log_noise, peak), self.log_noise)

    def early_peak(self, pick: Pick) -> float:
        """log10 of the vertical acceleration in the first seconds since a pick; nan if unknown."""
        series = self.watches[pick.station].amplitudes.get(pick.id, ())
        early = [a.pa_ms2 for a in series if (a.since_pick or 0.0) <= EARLY]
        return _log10(early[-1]) if early else np.nan

    def grown(self, pick: Pick) -> float:
        """log10 by which a pick's peak has grown after its first second; nan if that is unknown."""
        series = self.watches[pick.station].amplitudes.get(pick.id, ())
        early = [a for a in series if (a.since_pick or 0.0) <= knock.LAST]
        first = [a for a in early if (a.since_pick or 0.0) <= knock.FIRST]
        if not first or (early[-1].since_pick or 0.0) < knock.KNOWN:
            return np.nan
        return _log10(early[-1].pa_ms2) - _log10(first[-1].pa_ms2)

    def peaks(self, pick: Pick, own: Container[str] = ()) -> list[Amplitude]:
        """Peaks since a pick by time, up to the station's next pick that is not among `own`.

        What comes after that may be the motion of another earthquake. A detector counts anew
        from each pick; later picks of the same event carry the first one's peaks on.
        """
        watch = self.watches[pick.station]
        series: list[Amplitude] = []
        for later in (p for p in watch.picks if p.time >= pick.time):
            if later is not pick and later.id not in own:
                break
            before = series[-1] if series else None
            series += [_joined(a, before, pick) for a in watch.amplitudes.get(later.id, ())]
        return series


def log_level(watch: Watch, pick: Pick) -> tuple[float, float]:
    """log10 of what a pick's acceleration and displacement (m) must rise above.

    The usual noise; where the ground moved already before the pick, the peaks of that.
    """
    usual = (10.0**watch.log_noise, watch.noise_pd3_m)
    before = (pick.noise_pa_ms2, pick.noise_pd3_m)
    levels = (b if b > MOVING * u else u for b, u in zip(before, usual, strict=True))
    acceleration, displacement = map(_log10, levels)
    return acceleration, displacement


def log_before(pick: Pick) -> float:
    """log10 of the vertical acceleration just before a pick; nan if that is unknown."""
    return _log10(pick.noise_pa_ms2)


def _forget(watch: Watch) -> None:
    """Drop what no event that is updated can use any more."""
    while watch.picks and watch.picks[0].time < watch.latest - KEPT:
        del watch.picks[0]
    if watch.amplitudes:
        since = watch.latest - MEMORY
        watch.amplitudes = {k: v for k, v in watch.amplitudes.items() if v[-1].time >= since}


def _joined(now: Amplitude, before: Amplitude | None, pick: Pick) -> Amplitude:
    """A later pick's peaks as the first pick's: the larger of both."""
    if before is None or now.pick == pick.id:
        return now
    return replace(
        now,
        pick=pick.id,
        since_pick=now.time - pick.time,
        pd_m=max(now.pd_m, before.pd_m),
        pv_ms=max(now.pv_ms, before.pv_ms),
        pa_ms2=max(now.pa_ms2, before.pa_ms2),
        pga_ms2=max(now.pga_ms2, before.pga_ms2),
        pgv_ms=max(now.pgv_ms, before.pgv_ms),
        clipped=now.clipped or before.clipped,
        pd3_m=max(now.pd3_m, before.pd3_m),
    )


def _log10(value: float) -> float:
    return float(np.log10(value)) if value > 0 else np.nan
