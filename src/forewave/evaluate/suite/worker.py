"""Evaluate one case of the suite and store the result; runs in a worker process."""

import time

from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.errors import FormatError
from forewave.evaluate.report.case import Case, evaluate_recording
from forewave.evaluate.report.page import event_page, title
from forewave.evaluate.report.scoreboard import DRILL
from forewave.evaluate.report.section import traces
from forewave.evaluate.report.table import result
from forewave.evaluate.scoring.reliability import bins
from forewave.evaluate.scoring.score import versions_of
from forewave.evaluate.suite.result_store import CaseResult, Folder, source_digest
from forewave.evaluate.suite.task import Task, group_of
from forewave.formats.recordings import event_directory
from forewave.formats.recordings.event_directory import Recording
from forewave.simulate.simulator import simulate
from forewave.stations.kernel import compile_kernels


def perform(task: Task, kept: Folder, with_page: bool) -> str:
    """Evaluate the case and store it; return why it cannot be replayed, or "".

    Raises RuntimeError if the source of the program has changed since the suite started.
    """
    if kept.source != source_digest():
        raise RuntimeError("the program was changed while the suite ran")
    compile_kernels()
    begun = time.process_time()
    try:
        recording = open_recording(task)
    except FormatError as reason:
        return str(reason)
    case = labelled(
        evaluate_recording(recording, DRILL, travel_time.load(), clock=standing_still), task
    )
    page = event_page(case, traces(case, recording)) if with_page else None
    kept.save(task, done(case, task, time.process_time() - begun), page)
    return ""


def standing_still() -> float:
    """A clock without compute time, so that all runs give the same result."""
    return 0.0


def open_recording(task: Task) -> Recording:
    """Read or simulate it."""
    if task.folder is not None:
        return event_directory.read(task.folder)
    assert task.scenario is not None, "a case is a folder or a scenario"
    return simulate(task.scenario)


def labelled(case: Case, task: Task) -> Case:
    """Rows with the case's name and group, without compute time, which varies."""
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


def done(case: Case, task: Task, compute_s: float) -> CaseResult:
    """The result to store."""
    every = [versions_of(name, case.run.alerts) for name in case.matching.names if name]
    alerts = [versions for versions in every if versions]
    return CaseResult(
        name=task.name,
        group=case.score.group,
        title=title(case),
        result=result(case),
        rows=case.rows,
        outcomes=tuple(o for o in case.outcomes if o.kind != "none"),
        bins_first=tuple(bins(case.truth.motions, [versions[0] for versions in alerts])),
        bins_final=tuple(bins(case.truth.motions, [versions[-1] for versions in alerts])),
        worst_epicentre_km=case.worst_epicentre_km,
        miss=None if case.miss is None else str(case.miss),
        false=case.matching.false,
        cancelled=case.matching.cancelled,
        compute_s=compute_s,
    )
