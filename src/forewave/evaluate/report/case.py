"""One recording, judged: all that the table, the scoreboard and the report tell of it."""

import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.judge.coverage import fourth_km, in_network
from forewave.evaluate.judge.explain import Miss, why_missed
from forewave.evaluate.judge.match import Matching
from forewave.evaluate.judge.playback import (
    USUAL,
    Clock,
    Replay,
    Run,
    Told,
    data_seconds,
    floors,
    listen,
    places,
)
from forewave.evaluate.judge.score import (
    EventScore,
    errors,
    further,
    matching_of,
    peer_score,
    score,
    versions_of,
)
from forewave.evaluate.judge.truth import Truth, predicted, truth
from forewave.evaluate.judge.users import Outcome, outcomes
from forewave.evaluate.peers import PEERS
from forewave.formats.recordings import event_directory
from forewave.formats.recordings.event_directory import EventInfo, Recording
from forewave.pipeline import Pipeline, PipelineSettings
from forewave.sources.replay import arrivals
from forewave.types import Packet, Station

Arrivals = list[tuple[float, Packet]]


class Case(Struct, frozen=True):
    """A judged recording. p_times and s_times: predicted arrivals by station (no quake: none).

    further: the rows of its other earthquakes. peers: what others would have told.
    """

    info: EventInfo
    stations: tuple[Station, ...]
    truth: Truth
    run: Run
    matching: Matching
    outcomes: tuple[Outcome, ...]
    score: EventScore
    p_times: dict[str, float]
    s_times: dict[str, float]
    miss: Miss | None
    further: tuple[EventScore, ...] = ()
    peers: dict[str, list[Told]] = {}

    @property
    def rows(self) -> tuple[EventScore, ...]:
        """A row for every earthquake, the recording's own first."""
        return (self.score, *self.further)

    @property
    def worst_epicentre_km(self) -> float | None:
        """The largest epicentre error of any version that people were told."""
        quake = self.truth.quake
        versions = versions_of(self.matching.found, self.run.told)
        if quake is None or not versions:
            return None
        return max(errors(message, quake).epicentre_km for message in versions)


def judge(
    folder: Path,
    settings: PipelineSettings,
    travel_times: TravelTimes,
    replay: Replay = USUAL,
    clock: Clock = time.process_time,
) -> tuple[Case, Recording]:
    """Read, replay and judge one event directory. Raises FormatError where it cannot be read."""
    recording = event_directory.read(folder)
    return judged(recording, settings, travel_times, replay, clock), recording


def judged(
    recording: Recording,
    settings: PipelineSettings,
    travel_times: TravelTimes,
    replay: Replay = USUAL,
    clock: Clock = time.process_time,
) -> Case:
    """Replay and judge."""
    packets = arrivals(recording, replay.packet_s, replay.latency_s)
    pipeline = Pipeline(recording.stations, places(recording), travel_times, settings)
    run = listen(pipeline, packets, clock)
    run.data_s = data_seconds(recording)
    facts = truth(recording, travel_times)
    return _case(recording, facts, run, packets, travel_times)


def _case(
    recording: Recording, facts: Truth, run: Run, packets: Arrivals, travel_times: TravelTimes
) -> Case:
    quake, stations = facts.quake, recording.stations
    p_times = predicted("P", stations, quake, travel_times) if quake else {}
    s_times = predicted("S", stations, quake, travel_times) if quake else {}
    peers = {name: tell(stations, run.heard, travel_times) for name, tell in PEERS.items()}
    row = _row(recording, facts, run, floors(packets, p_times, quake) if quake else [], peers)
    return Case(
        info=recording.info,
        stations=stations,
        truth=facts,
        run=run,
        matching=matching_of(facts, run.told),
        outcomes=tuple(outcomes(facts, run.told)),
        score=row,
        p_times=p_times,
        s_times=s_times,
        miss=why_missed(quake, run, p_times) if quake and not row.matched else None,
        further=tuple(
            replace(other, in_network=in_network(its_quake, stations))
            for other, its_quake in zip(further(row, facts, run), facts.quakes[1:], strict=True)
        ),
        peers=peers,
    )


def _row(
    recording: Recording,
    facts: Truth,
    run: Run,
    in_hand: Sequence[float],
    peers: dict[str, list[Told]],
) -> EventScore:
    info, quake = recording.info, facts.quake
    return replace(
        score(info.id, info.event_type, len(recording.stations), facts, run, in_hand),
        in_network=in_network(quake, recording.stations) if quake else None,
        fourth_km=fourth_km(quake, recording.stations) if quake else None,
        peers={name: peer_score(facts, told) for name, told in peers.items()},
    )
