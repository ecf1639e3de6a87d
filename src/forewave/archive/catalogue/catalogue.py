"""Keeps records in the catalogue's database without ever delaying whoever adds them.

`add` puts a record into a bounded queue in memory and returns at once; a thread writes the queue.
While the database is full or gone, records wait, and are written when it is back. What no longer
fits is counted; it is filled in from the event log later, as is what an earlier process did not
write. A record counts in `written` only once the database has committed it.
"""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from forewave.archive.catalogue.address import shown
from forewave.archive.catalogue.records import Record, time_of
from forewave.errors import ForewaveError

if TYPE_CHECKING:
    from forewave.archive.catalogue.store import Store

WAITING = 50_000  # records in memory while the database is gone
EACH = 500  # records of a transaction
# From the first record until it is written: the alert that it belongs to has been sent by then.
PAUSE_S, AGAIN_S = 0.5, 2.0  # and after a transaction that failed
CLOSE_S = 5.0  # that the end of a process waits for the database
REST = 4.0  # while filling in, so many times as long as the work: alerts need the processor
UNREADABLE = "event log unreadable"  # what `lost` has it under
_LOG = logging.getLogger(__name__)

Fill = Callable[[float | None], Iterable[Record]]


def nothing(since: float | None) -> Iterable[Record]:
    """No event log to fill in from."""
    return ()


class Catalogue:
    """`add` records at any time, `start` to open the database and write, `close` at the end.

    fill: gives the records of the event log from a POSIX time on, None: all. lost: records that
    were not kept, by reason. written, filled: records committed, as they came and from the log.
    fault: why nothing can be written now; "": it can.
    """

    def __init__(self, url: str, fill: Fill = nothing, *, waiting: int = WAITING) -> None:
        self.url = url
        self.lost: Counter[str] = Counter()
        self.written = self.filled = 0
        self.fault = ""
        self._fill, self._most = fill, waiting
        self._waiting: deque[Record] = deque()
        self._lacks = True  # the database may lack what the event log has
        self._fills = False
        self._store: Store | None = None
        self._wake, self._ends = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="catalogue", daemon=True)

    def add(self, record: Record) -> None:
        """Keep a record. Returns at once."""
        if len(self._waiting) >= self._most:
            self.lost["database gone" if self.fault else "database too slow"] += 1
            self._lacks = True
            return
        self._waiting.append(record)
        self._wake.set()

    def start(self) -> None:
        """Open the database and begin to write, in a thread. Returns at once."""
        self._thread.start()

    def counts(self) -> dict[str, int]:
        """For health: what waits, and what was committed."""
        away = int(bool(self.fault))
        kept = {"written": self.written, "filled in": self.filled}
        return {**kept, "waiting": len(self._waiting), "database away": away}

    def close(self) -> None:
        """Write the rest; waits at most CLOSE_S for the database."""
        self._ends.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(CLOSE_S)

    def _work(self) -> None:
        while True:
            ending = self._ends.is_set()
            wrote = self._turn()
            if ending:
                break
            if not wrote:
                self._ends.wait(AGAIN_S)
            elif not self._waiting:
                self._wake.wait()
                self._ends.wait(PAUSE_S)  # what follows at once goes into the same transaction
            self._wake.clear()
        if self._store is not None:
            self._store.close()

    def _turn(self) -> bool:
        """Write what waits, then fill in; whether the database took it."""
        try:
            store = self._opened()
            while self._waiting:
                self._write(store, list(islice(self._waiting, EACH)))
            if self._lacks and not self._ends.is_set():
                self._fill_in(store)
        except Exception as error:
            self._failed(error)
            return False
        if self.fault:
            _LOG.warning("%s: the catalogue is written again", shown(self.url))
            self.fault = ""
        return True

    def _opened(self) -> "Store":
        if self._store is None:
            # Here, so that a machine is ready before it loads what only this thread needs.
            from forewave.archive.catalogue.store import Store

            self._store = Store(self.url)
        return self._store

    def _write(self, store: "Store", records: Sequence[Record]) -> None:
        """Write the first of what waits, and take it from the queue once it is committed."""
        times = [known for each in records if (known := time_of(each)) is not None]
        mark = max(times) if times and self._is_complete() else None
        self.written += self._commit(store, records, mark)
        for _ in records:
            self._waiting.popleft()

    def _commit(self, store: "Store", records: Sequence[Record], mark: float | None = None) -> int:
        """Write records, one by one where one of them cannot be; how many were."""
        try:
            store.write(records, mark)
        except Exception as error:
            if _is_away(error):
                raise
            if len(records) > 1:
                return sum(self._commit(store, [record]) for record in records)
            _LOG.error("the catalogue: a record cannot be kept: %s", _said(error))
            self.lost["cannot be kept"] += 1
            return 0
        return len(records)

    def _fill_in(self, store: "Store") -> None:
        """Write what the event log has and the database may lack, slowly."""
        began, since = time.time(), store.complete_to()
        self._lacks, self._fills = False, True  # what is lost from here on asks for another turn
        done = False
        try:
            for records in _batches(self._logged(since), partial(self._between, store)):
                self.filled += self._commit(store, records)
                if self._ends.is_set():
                    return
            done = True
        finally:
            self._fills = False
            self._lacks = self._lacks or not done
        if self._is_complete():
            store.write([], began)

    def _is_complete(self) -> bool:
        """Whether the database has all that the event log has, except for what waits."""
        return not (self._lacks or self._fills or self.lost[UNREADABLE])

    def _logged(self, since: float | None) -> Iterator[Record]:
        """The records of the event log; a fault in it is none of the database."""
        try:
            yield from self._fill(since)
        except Exception:
            _LOG.exception("the catalogue: the event log cannot be read to its end")
            self.lost[UNREADABLE] += 1

    def _between(self, store: "Store", seconds: float) -> None:
        """Write what has come meanwhile, and rest."""
        while self._waiting:
            self._write(store, list(islice(self._waiting, EACH)))
        self._ends.wait(REST * seconds)

    def _failed(self, error: Exception) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
        why = _said(error)
        if not self.fault:
            known = _is_away(error) or isinstance(error, (ForewaveError, OSError))
            _LOG.error(
                "%s: %s; alerts go on, the catalogue waits for it",
                shown(self.url),
                why,
                exc_info=None if known else error,
            )
        self.fault = why


def _batches(
    records: Iterable[Record], rest: Callable[[float], None]
) -> Iterator[Sequence[Record]]:
    """In lists of a transaction each; rests after each piece of work."""
    batch: list[Record] = []
    began = time.perf_counter()
    for record in records:
        batch.append(record)
        if len(batch) >= EACH:
            yield batch
            batch = []
        if (spent := time.perf_counter() - began) > 0.02:
            rest(spent)
            began = time.perf_counter()
    if batch:
        yield batch


def _is_away(error: Exception) -> bool:
    """Whether the database is the reason, and not what was to be written."""
    from sqlalchemy import exc

    if isinstance(error, exc.DBAPIError):
        # An error of the class itself is a damaged file.
        worldly = isinstance(error, (exc.OperationalError, exc.InterfaceError, exc.InternalError))
        return worldly or type(error) is exc.DatabaseError or error.connection_invalidated
    return isinstance(error, (exc.TimeoutError, OSError))


def _said(error: Exception) -> str:
    """One line, without statements and parameters."""
    original = getattr(error, "orig", None) or error
    return " ".join(str(original).split())[:300] or type(error).__name__
