"""False alarms per night and missed earthquakes of 100,000 phones.

    python benchmarks/phones.py [NIGHTS]

Nights of eight hours: phones in cities and villages of a region of 400 km, each with a false rate
of its own (log-normal, one trigger in ten hours on average), and besides: alarm clocks that ring
in every phone at the full hour, lorries and parties that shake one cell for minutes, thunder that
runs 0.34 km/s, a power cut that moves every phone of a city at once. Earthquakes of M3.5 to M6.0
shake the phones of such a night: S and sometimes P, with probability and delay after what
MyShake and Earthquake Network have published; half the phones that could do not trigger.

Then the same phones beside a sparse network: two stations 60 km from the epicentre, or one at 60
and one at 110 km, simulated waveforms through the whole pipeline: without phones, with them, and
where phones may warn alone.

Takes about three minutes of one core.
"""

import math
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime

import numpy as np

from forewave.archive import travel_time
from forewave.earth import geohash
from forewave.events.discrimination import hypotheses
from forewave.phones.detector import PhoneNetwork, PhoneTrigger
from forewave.phones.settings import PhoneSettings
from forewave.pipeline import Pipeline, PipelineSettings
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.network import Listed
from forewave.simulate.scenario import Scenario
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals
from forewave.types import Alert, PhoneSighting

PHONES = 100_000
NIGHT = 8 * 3600.0
NIGHTS = 5
EARTHQUAKES = 60
MAGNITUDES = (3.5, 4.0, 4.5, 5.0, 6.0)
DELAY = 0.5  # s from a trigger to the server
PER_PHONE = 0.1 / 3600.0  # false triggers per second
LAT, LON = 35.0, -118.0
HALF_KM = 200.0
LIKELY = 0.5  # probability from which a candidate counts
LEARNED = 2400.0  # seconds of the night before an earthquake
SPARSE, SPARSE_KM = 48, ((60.0, 60.0), (60.0, 110.0))  # earthquakes; how far off two stations are
SPARSE_MAGNITUDES = (4.5, 4.5, 5.0, 5.0)
QUIET, LISTENED = 60.0, 60.0  # seconds before and after their origin

Rows = list[tuple[float, int]]  # time, phone
Far = tuple[float, float]  # km of two stations


class Region:
    """Phones by place, cell and false rate."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        sizes = self.random.pareto(1.1, 300) + 1.0
        towns = self.random.uniform(-HALF_KM, HALF_KM, (300, 2))
        chosen = self.random.choice(300, PHONES, p=sizes / sizes.sum())
        spread = 1.5 + 3.0 * np.log10(sizes)[chosen, None]
        self.km = towns[chosen] + self.random.normal(0.0, 1.0, (PHONES, 2)) * spread
        self.towns = towns
        lats = LAT + self.km[:, 1] / 111.19
        lons = LON + self.km[:, 0] / (111.19 * math.cos(math.radians(LAT)))
        self.cells = [geohash.encode(a, b, 5) for a, b in zip(lats, lons, strict=True)]
        rates = self.random.lognormal(-0.5, 1.0, PHONES)
        self.rates = PER_PHONE * rates / rates.mean()

    def noise(self, seconds: float) -> Rows:
        """False triggers of single phones and of what shakes several."""
        counts = self.random.poisson(self.rates * seconds)
        who = np.repeat(np.arange(PHONES), counts)
        rows = list(
            zip(self.random.uniform(0.0, seconds, len(who)).tolist(), who.tolist(), strict=True)
        )
        for disturbance in (self.clocks, self.lorries, self.thunder, self.power_cuts):
            rows += disturbance(seconds)
        return rows

    def clocks(self, seconds: float) -> Rows:
        """One phone in fifty, within a second of the full hour."""
        rows: Rows = []
        for hour in range(1, int(seconds // 3600) + 1):
            who = np.flatnonzero(self.random.random(PHONES) < 0.02)
            rows += self.at(hour * 3600.0 + self.random.normal(0.5, 0.4, len(who)), who)
        return rows

    def lorries(self, seconds: float) -> Rows:
        """Twenty places an hour where all within 3 km trigger now and then for three minutes."""
        rows: Rows = []
        for _ in range(int(20 * seconds / 3600)):
            who = self.near(self.km[self.random.integers(PHONES)], 3.0, 0.3)
            rows += self.at(
                self.random.uniform(0, seconds) + self.random.uniform(0, 180, len(who)), who
            )
        return rows

    def thunder(self, seconds: float) -> Rows:
        """Thirty strokes an hour, audible to 10 km, at the speed of sound."""
        rows: Rows = []
        for _ in range(int(30 * seconds / 3600)):
            where = self.km[self.random.integers(PHONES)]
            who = self.near(where, 10.0, 0.1)
            away = np.hypot(*(self.km[who] - where).T)
            rows += self.at(self.random.uniform(0, seconds) + away / 0.34, who)
        return rows

    def power_cuts(self, seconds: float) -> Rows:
        """One in four hours: one phone in five within 30 km, within two seconds."""
        rows: Rows = []
        for _ in range(int(seconds / 14400)):
            who = self.near(self.km[self.random.integers(PHONES)], 30.0, 0.2)
            rows += self.at(
                self.random.uniform(0, seconds) + self.random.uniform(0, 2, len(who)), who
            )
        return rows

    def shaken(self, origin: float, magnitude: float, epicentre: np.ndarray) -> Rows:
        """Triggers of an earthquake 10 km deep: P in few phones, S in more, each a little late."""
        away = np.sqrt(((self.km - epicentre) ** 2).sum(axis=1) + 100.0)
        # log10 of peak acceleration in m/s^2 after Cua and Heaton's shape, median rock, crude.
        strong = 0.72 * magnitude - 1.45 * np.log10(away) - 2.3 + self.random.normal(0, 0.3, PHONES)
        able = self.random.random(PHONES) < 0.5
        late = self.random.exponential(0.8, PHONES)
        by_p = able & (strong - 0.6 > -1.2)
        by_s = able & ~by_p & (strong > -1.2)
        rows = self.at(origin + away[by_p] / 6.0 + late[by_p], np.flatnonzero(by_p))
        return rows + self.at(origin + away[by_s] / 3.5 + late[by_s], np.flatnonzero(by_s))

    def near(self, where: np.ndarray, radius_km: float, share: float) -> np.ndarray:
        """Some of the phones around a place."""
        inside = np.hypot(*(self.km - where).T) < radius_km
        return np.flatnonzero(inside & (self.random.random(PHONES) < share))

    @staticmethod
    def at(times: np.ndarray, who: np.ndarray) -> Rows:
        """Rows of times and phones."""
        return list(zip(times.tolist(), who.tolist(), strict=True))

    def triggers(self, rows: Rows) -> Iterator[PhoneTrigger]:
        """In the order in which they arrive."""
        return (PhoneTrigger(1e9 + t, self.cells[who], 0.05) for t, who in sorted(rows))


def main() -> None:
    """Print both tables."""
    nights = int(sys.argv[1]) if len(sys.argv) > 1 else NIGHTS
    began, triggers, false, weighs = time.perf_counter(), 0, 0, 0
    for night in range(nights):
        region, network = Region(night), PhoneNetwork()
        found = []
        for trigger in region.triggers(region.noise(NIGHT)):
            triggers += 1
            found += [network.feed(trigger, trigger.time + DELAY)]
        seen = [sighting.probability for sighting in found if sighting]
        false += any(probability >= LIKELY for probability in seen)
        weighs += any(hypotheses.sighted(probability) > 0 for probability in seen)
        print(f"night {night}: {len(seen)} sightings, likeliest {max(seen, default=0):.4f}")
    print(f"{nights} nights of {PHONES} phones, {triggers / nights / NIGHT:.1f} triggers/s:")
    print(f"P(false) {false / nights:.2f} a night, at most {upper(false, nights):.2f} (95 %)")
    print(f"with any weight beside stations {weighs / nights:.2f}, {upper(weighs, nights):.2f}")
    region = Region(99)
    quiet = region.noise(LEARNED + LISTENED)
    learned = PhoneNetwork()
    for trigger in region.triggers([row for row in quiet if row[0] < LEARNED - 20.0]):
        learned.feed(trigger, trigger.time + DELAY)
    rest = [row for row in quiet if row[0] >= LEARNED - 20.0]
    earthquakes(region, learned, rest)
    sparse(region, learned, rest)
    print(f"{time.perf_counter() - began:.0f} s")


def upper(events: int, nights: int) -> float:
    """The rate that so few events leave possible at 95 % (rule of three where none)."""
    return (3.0 if events == 0 else events + 2.0 * math.sqrt(events) + 2.0) / nights


def limited(missed: list[bool]) -> str:
    """How many were missed, and the share that this leaves possible at 95 %."""
    most = min(1.0, upper(sum(missed), len(missed)))
    return f"{sum(missed)} of {len(missed)}, at most {most:.2f} (95 %)"


def earthquakes(region: Region, learned: PhoneNetwork, rest: Rows) -> None:
    """Missed ones and the first likely sighting, by magnitude and phones within 30 km."""
    rows: dict[tuple[float, int], list[tuple[float, float] | None]] = defaultdict(list)
    for number in range(EARTHQUAKES):
        magnitude = MAGNITUDES[number % len(MAGNITUDES)]
        epicentre = region.random.uniform(-0.8 * HALF_KM, 0.8 * HALF_KM, 2)
        count = int((np.hypot(*(region.km - epicentre).T) < 30.0).sum())
        group = next(least for least in (3000, 300, 30, 0) if count >= least)
        shaken = region.shaken(LEARNED, magnitude, epicentre)
        rows[magnitude, group].append(first(region, learned, rest + shaken, epicentre))
    felt = [hit is None for key, found in rows.items() if key[0] >= 4.0 for hit in found]
    print(f"P(miss) of M4 and more: {limited(felt)}")
    print("M    phones within 30 km   earthquakes  P(miss)  first (s)  off (km)")
    for (magnitude, group), found in sorted(rows.items()):
        print(f"{magnitude}  {group:6d} and more  {len(found):16d}  {summary(found)}")


def first(
    region: Region, learned: PhoneNetwork, rows: Rows, epicentre: np.ndarray
) -> tuple[float, float] | None:
    """Seconds after the origin and km off of the first likely sighting."""
    network = deepcopy(learned)
    for trigger in region.triggers(rows):
        found = network.feed(trigger, trigger.time + DELAY)
        if found and found.probability >= LIKELY and trigger.time >= 1e9 + LEARNED:
            off = off_km(found.lat, found.lon, epicentre)
            return trigger.time + DELAY - 1e9 - LEARNED, off
        if trigger.time > 1e9 + LEARNED + 40.0:
            break
    return None


def off_km(lat: float, lon: float, epicentre: np.ndarray) -> float:
    """From a place to an epicentre in km of the region."""
    east = (lon - LON) * 111.19 * math.cos(math.radians(LAT))
    return math.hypot(east - epicentre[0], (lat - LAT) * 111.19 - epicentre[1])


def degrees(km: np.ndarray) -> tuple[float, float]:
    """Latitude and longitude of a place of the region."""
    east = 111.19 * math.cos(math.radians(LAT))
    return LAT + float(km[1]) / 111.19, LON + float(km[0]) / east


def sparse(region: Region, learned: PhoneNetwork, rest: Rows) -> None:
    """First alert with two distant stations, alone and with phones."""
    tables = travel_time.load()
    rows: dict[tuple[float, Far, str], list[tuple[float, float] | None]] = defaultdict(list)
    number = 0
    while number < SPARSE:
        epicentre = region.random.uniform(-0.6 * HALF_KM, 0.6 * HALF_KM, 2)
        if (np.hypot(*(region.km - epicentre).T) < 30.0).sum() < 300:
            continue
        magnitude = SPARSE_MAGNITUDES[number % len(SPARSE_MAGNITUDES)]
        far = SPARSE_KM[number % len(SPARSE_KM)]
        recording = simulate(under_two(region, magnitude, epicentre, far, number))
        number += 1
        shaken = region.shaken(LEARNED, magnitude, epicentre)
        seen = sightings(region, learned, rest + shaken)
        for name, given, alone in (
            ("stations", [], False),
            ("and phones", seen, False),
            ("phones alone", seen, True),
        ):
            settings = PipelineSettings(phones=PhoneSettings(alone=alone))
            pipeline = Pipeline(recording.stations, (), tables, settings)
            rows[magnitude, far, name].append(
                first_alert(pipeline, arrivals(recording), given, epicentre)
            )
    for name in ("stations", "and phones", "phones alone"):
        missed = [hit is None for key, found in rows.items() if key[2] == name for hit in found]
        print(f"P(miss), {name}: {limited(missed)}")
    print("M    stations at  alerts from   earthquakes  P(miss)  first (s)  off (km)  earlier (s)")
    for (magnitude, far, name), found in rows.items():
        both = zip(rows[magnitude, far, "stations"], found, strict=True)
        earlier = [a[0] - b[0] for a, b in both if a and b]
        away = "{:.0f}, {:.0f} km".format(*far)
        gained = f"{np.median(earlier):11.1f} of {len(earlier)}" if earlier else ""
        print(f"{magnitude}  {away:11s}  {name:12s} {len(found):13d}  {summary(found)}  {gained}")


def under_two(
    region: Region, magnitude: float, epicentre: np.ndarray, far: Far, seed: int
) -> Scenario:
    """An earthquake with two stations at random azimuths, at least 60 degrees apart."""
    first = region.random.uniform(0.0, 2.0 * math.pi)
    second = first + region.random.uniform(math.pi / 3.0, math.pi * 5.0 / 3.0)
    azimuths = zip(far, (first, second), strict=True)
    places = [epicentre + km * np.array([math.sin(a), math.cos(a)]) for km, a in azimuths]
    lat, lon = degrees(epicentre)
    quake = Earthquake(after=QUIET, lat=lat, lon=lon, depth_km=10.0, magnitude=magnitude)
    return Scenario(
        start=datetime.fromtimestamp(1e9 + LEARNED - QUIET, UTC),
        duration=QUIET + LISTENED,
        seed=seed,
        network=Listed(stations=tuple((f"S{i}", *degrees(at)) for i, at in enumerate(places))),
        earthquake=(quake,),
    )


def sightings(
    region: Region, learned: PhoneNetwork, rows: Rows
) -> list[tuple[float, PhoneSighting]]:
    """All that phones see, with the time."""
    network, found = deepcopy(learned), []
    for trigger in region.triggers(rows):
        sighting = network.feed(trigger, trigger.time + DELAY)
        if sighting is not None:
            found.append((trigger.time + DELAY, sighting))
    return found


def first_alert(pipeline, packets, sightings, epicentre: np.ndarray) -> tuple[float, float] | None:  # type: ignore[no-untyped-def]
    """Seconds after the origin and km off of the first alert."""
    for now, item in sorted([*packets, *sightings], key=lambda pair: pair[0]):
        words = []
        while (deadline := pipeline.deadline()) is not None and deadline < now:
            words += [(deadline, word) for word in pipeline.tick(deadline)]
        sighted = isinstance(item, PhoneSighting)
        output = pipeline.decide([item], now) if sighted else pipeline.feed(item, now)
        for at, word in [*words, *((now, word) for word in output)]:
            if isinstance(word, Alert):
                off = off_km(word.origin.lat, word.origin.lon, epicentre)
                return at - 1e9 - LEARNED, off
    return None


def summary(found: list[tuple[float, float] | None]) -> str:
    """Share missed, median time and median error."""
    hits = np.array([f for f in found if f])
    missed = 1 - len(hits) / len(found)
    if not len(hits):
        return f"{missed:7.2f}"
    return f"{missed:7.2f}  {np.median(hits[:, 0]):9.1f}  {np.median(hits[:, 1]):8.0f}"


if __name__ == "__main__":
    main()
