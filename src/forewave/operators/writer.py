"""Writes the audit log in a thread of its own, so that no disk delays an alert."""

import asyncio
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from forewave.operators.audit import AuditError, AuditLog, Tail, tail

DISK_S = 5.0  # seconds for a line
_LOG = logging.getLogger(__name__)


class Writer:
    """Lines in the order of the calls. audit: None: nothing is written, and `record` refuses."""

    def __init__(self, audit: AuditLog | None) -> None:
        self._audit = audit
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="audit log")

    async def record(self, what: str, **facts: Any) -> str:
        """Write a line and return its hash. Raises AuditError, after DISK_S seconds at the latest.

        For what may happen only if it is written.
        """
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self._add(what, facts)), DISK_S)
        except TimeoutError:
            raise AuditError("the audit log cannot be written: the disk does not answer") from None

    def note(self, what: str, **facts: Any) -> None:
        """Write a line if possible, later; returns at once. For what happens in any case."""
        if self._audit is not None:
            self._add(what, facts).add_done_callback(_report)

    async def tail(self, most: int) -> Tail:
        """The last lines of the log, read in the writer's thread. Raises AuditError."""
        if self._audit is None:
            raise AuditError("there is no audit log: see operators.audit")
        try:
            read = self._thread.submit(tail, self._audit.path, most)
            return await asyncio.wait_for(asyncio.wrap_future(read), DISK_S)
        except (OSError, TimeoutError) as error:
            raise AuditError(f"the audit log cannot be read: {error}") from None

    def close(self) -> None:
        """Wait for the lines that are left, at most DISK_S seconds."""
        try:
            self._thread.submit(lambda: None).result(DISK_S)
        except TimeoutError:
            _LOG.error("the audit log cannot be written: the disk does not answer")
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _add(self, what: str, facts: dict[str, Any]) -> "Future[str]":
        if self._audit is None:
            raise AuditError("there is no audit log: see operators.audit")
        return self._thread.submit(partial(self._audit.add, what, **facts))


def _report(line: "Future[str]") -> None:
    if not line.cancelled() and (error := line.exception()) is not None:
        _LOG.error("%s", error)
