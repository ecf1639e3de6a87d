"""One case of the suite, from its recording to what is kept of it; runs in a worker."""

import time

from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.errors import FormatError
from forewave.evaluate.judge.reliability import bins
from forewave.evaluate.judge.score import versions_of
from forewave.evaluate.report.case import Case, judged
from forewave.evaluate.report.page import event_page, title
from forewave.evaluate.report.scoreboard import DRILL
from forewave.evaluate.report.section import traces
from forewave.evaluate.report.table import verdict
from forewave.evaluate.suite.result_store import Done, Folder, source_digest
from forewave.evaluate.suite.task import Task, group_of
from forewave.formats.recordings import event_directory
from forewave.formats.recordings.event_directory import Recording
from forewave.simulate.simulator import simulate
from forewave.stations.kernel import compile_kernels


def perform(task: Task, kept: Folder, with_page: bool) -> str:
    """Judge the case and keep it in the work folder; answer why it cannot be replayed, or "".

    Raises RuntimeError where this process has another source than the one that opened the folder.
    """
    if kept.source != source_digest():
        raise RuntimeError("the program was changed while the suite ran")
    compile_kernels()
    begun = time.process_time()
    try:
        recording = open_recording(task)
    except FormatError as reason:
        return str(reason)
    case = labelled(judged(recording, DRILL, travel_time.load(), clock=standing_still), task)
    page = event_page(case, traces(case, recording)) if with_page else None
    kept.save(task, done(case, task, time.process_time() - begun), page)
    return ""


def standing_still() -> float:
    """A clock by which compute costs nothing, so that every run tells the same."""
    return 0.0


def open_recording(task: Task) -> Recording:
    """Read or simulate it."""
    if task.folder is not None:
        return event_directory.read(task.folder)
    assert task.scenario is not None, "a case is a folder or a scenario"
    return simulate(task.scenario)


def labelled(case: Case, task: Task) -> Case:
    """With the case's name and group in its rows, and without compute, which is never the same."""
    group = group_of(task, len(case.stations))
    rows = [
        replace(
            row,
            id=row.id.replace(case.score.id, task.name, 1),
            of=None if row.of is None else task.name,
            group=group,
            compute_s=None,
        )
        for row in case.rows
    ]
    if case.truth.quake is not None and task.in_network is not None:
        rows[0] = replace(rows[0], in_network=task.in_network)
    return replace(case, score=rows[0], further=tuple(rows[1:]))


def done(case: Case, task: Task, compute_s: float) -> Done:
    """What is kept."""
    every = [versions_of(name, case.run.told) for name in case.matching.names if name]
    told = [versions for versions in every if versions]
    return Done(
        name=task.name,
        group=case.score.group,
        title=title(case),
        verdict=verdict(case),
        rows=case.rows,
        outcomes=tuple(o for o in case.outcomes if o.kind != "none"),
        bins_first=tuple(bins(case.truth.motions, [versions[0] for versions in told])),
        bins_final=tuple(bins(case.truth.motions, [versions[-1] for versions in told])),
        worst_epicentre_km=case.worst_epicentre_km,
        miss=None if case.miss is None else str(case.miss),
        false=case.matching.false,
        cancelled=case.matching.cancelled,
        compute_s=compute_s,
    )
