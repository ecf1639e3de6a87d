"""One recording, judged: all that the table, the scoreboard and the report tell of it."""

import time
from pathlib import Path

from msgspec import Struct

from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.explain import Miss, why_missed
from forewave.evaluate.match import Matching, match
from forewave.evaluate.run import USUAL, Clock, Replay, Run, data_seconds, floors, listen, places
from forewave.evaluate.score import EventScore, errors, score, versions_of
from forewave.evaluate.truth import Truth, predicted, truth
from forewave.evaluate.users import Outcome, outcomes
from forewave.formats import event_directory
from forewave.formats.event_directory import EventInfo, Recording
from forewave.pipeline import Pipeline, PipelineSettings
from forewave.sources.replay import arrivals
from forewave.types import Packet, Station

Arrivals = list[tuple[float, Packet]]


class Case(Struct, frozen=True):
    """A judged recording. p_times and s_times: predicted arrivals by station (no quake: none)."""

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
    packets = arrivals(recording, replay.packet_s, replay.latency_s)
    pipeline = Pipeline(recording.stations, places(recording), travel_times, settings)
    run = listen(pipeline, packets, clock)
    run.data_s = data_seconds(recording)
    facts = truth(recording, travel_times)
    return _case(recording, facts, run, packets, travel_times), recording


def _case(
    recording: Recording, facts: Truth, run: Run, packets: Arrivals, travel_times: TravelTimes
) -> Case:
    quake, stations = facts.quake, recording.stations
    p_times = predicted("P", stations, quake, travel_times) if quake else {}
    s_times = predicted("S", stations, quake, travel_times) if quake else {}
    in_hand = floors(packets, p_times, quake) if quake else []
    info = recording.info
    row = score(info.id, info.event_type, len(stations), facts, run, in_hand)
    return Case(
        info=info,
        stations=stations,
        truth=facts,
        run=run,
        matching=match((m.alert for m in run.told), quake, facts.others),
        outcomes=tuple(outcomes(facts, run.told)),
        score=row,
        p_times=p_times,
        s_times=s_times,
        miss=why_missed(quake, run, p_times) if quake and not row.matched else None,
    )
