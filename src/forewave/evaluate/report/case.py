"""One evaluated recording: the data of the table, the scoreboard and the report."""

import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.reference_algorithms import ALGORITHMS
from forewave.evaluate.scoring.coverage import fourth_km, in_network
from forewave.evaluate.scoring.explain import Miss, why_missed
from forewave.evaluate.scoring.match import Matching
from forewave.evaluate.scoring.playback import (
    USUAL,
    Clock,
    IssuedAlert,
    Replay,
    Run,
    data_seconds,
    floors,
    places,
    play,
)
from forewave.evaluate.scoring.score import (
    EventScore,
    errors,
    further,
    matching_of,
    reference_score,
    score,
    versions_of,
)
from forewave.evaluate.scoring.truth import Truth, predicted, truth
from forewave.evaluate.scoring.users import Outcome, outcomes
from forewave.formats.recordings import event_directory
from forewave.formats.recordings.event_directory import EventInfo, Recording
from forewave.pipeline import Pipeline, PipelineSettings
from forewave.sources.replay import arrivals
from forewave.types import Packet, Station

Arrivals = list[tuple[float, Packet]]


class Case(Struct, frozen=True):
    """An evaluated recording. p_times, s_times: predicted arrivals by station; empty for noise.

    further: rows of its other earthquakes. references: alerts of the reference algorithms.
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
    references: dict[str, list[IssuedAlert]] = {}

    @property
    def rows(self) -> tuple[EventScore, ...]:
        """A row for each earthquake, the recording's own first."""
        return (self.score, *self.further)

    @property
    def worst_epicentre_km(self) -> float | None:
        """The largest epicentre error of any issued version."""
        quake = self.truth.quake
        versions = versions_of(self.matching.found, self.run.alerts)
        if quake is None or not versions:
            return None
        return max(errors(message, quake).epicentre_km for message in versions)


def evaluate_folder(
    folder: Path,
    settings: PipelineSettings,
    travel_times: TravelTimes,
    replay: Replay = USUAL,
    clock: Clock = time.process_time,
) -> tuple[Case, Recording]:
    """Read, replay and score one event directory. Raises FormatError where it cannot be read."""
    recording = event_directory.read(folder)
    return evaluate_recording(recording, settings, travel_times, replay, clock), recording


def evaluate_recording(
    recording: Recording,
    settings: PipelineSettings,
    travel_times: TravelTimes,
    replay: Replay = USUAL,
    clock: Clock = time.process_time,
) -> Case:
    """Replay and score."""
    packets = arrivals(recording, replay.packet_s, replay.latency_s)
    pipeline = Pipeline(recording.stations, places(recording), travel_times, settings)
    run = play(pipeline, packets, clock)
    run.data_s = data_seconds(recording)
    facts = truth(recording, travel_times)
    return _case(recording, facts, run, packets, travel_times)


def _case(
    recording: Recording, facts: Truth, run: Run, packets: Arrivals, travel_times: TravelTimes
) -> Case:
    quake, stations = facts.quake, recording.stations
    p_times = predicted("P", stations, quake, travel_times) if quake else {}
    s_times = predicted("S", stations, quake, travel_times) if quake else {}
    references = {
        name: algorithm(stations, run.observations, travel_times)
        for name, algorithm in ALGORITHMS.items()
    }
    row = _row(recording, facts, run, floors(packets, p_times, quake) if quake else [], references)
    return Case(
        info=recording.info,
        stations=stations,
        truth=facts,
        run=run,
        matching=matching_of(facts, run.alerts),
        outcomes=tuple(outcomes(facts, run.alerts)),
        score=row,
        p_times=p_times,
        s_times=s_times,
        miss=why_missed(quake, run, p_times) if quake and not row.matched else None,
        further=tuple(
            replace(other, in_network=in_network(its_quake, stations))
            for other, its_quake in zip(further(row, facts, run), facts.quakes[1:], strict=True)
        ),
        references=references,
    )


def _row(
    recording: Recording,
    facts: Truth,
    run: Run,
    in_hand: Sequence[float],
    references: dict[str, list[IssuedAlert]],
) -> EventScore:
    info, quake = recording.info, facts.quake
    return replace(
        score(info.id, info.event_type, len(recording.stations), facts, run, in_hand),
        in_network=in_network(quake, recording.stations) if quake else None,
        fourth_km=fourth_km(quake, recording.stations) if quake else None,
        references={name: reference_score(facts, alerts) for name, alerts in references.items()},
    )
