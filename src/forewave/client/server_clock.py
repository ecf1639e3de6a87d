"""The server's clock as seen from here, from questions and answers (Cristian 1989).

This machine's own clock may be wrong, or the server may play a recorded earthquake years old: only
the difference counts. Of the last answers the quickest is believed; its error is half its round
trip. A heartbeat that comes unasked gives a first guess with an error of a second, and shows when
the server's clock has stepped. The same rules as on the pages (web/core/stream/clock.ts).
"""

from math import inf

from msgspec import Struct

KEPT = 8
UNASKED_ERROR = 1.0
STEP = 2.0


class _Sample(Struct, frozen=True):
    offset: float
    error: float


class ServerClock:
    """`at`: seconds of a clock here that never steps. `server`: POSIX seconds of the server's."""

    def __init__(self) -> None:
        self._samples: tuple[_Sample, ...] = ()

    def answer(self, asked: float, at: float, server: float) -> None:
        """The server has answered what time it is."""
        half = (at - asked) / 2.0
        if half >= 0:
            self._samples = (*self._samples, _Sample(server + half - at, half))[-KEPT:]

    def heartbeat(self, at: float, server: float) -> None:
        """A heartbeat gave the server's time."""
        best, offset = self._best(), server - at
        if best and best.error < inf and abs(offset - best.offset) < STEP + best.error:
            return
        self._samples = (_Sample(offset, UNASKED_ERROR),)

    def guess(self, at: float, server: float) -> None:
        """A time of unknown age, better than none."""
        if not self._samples:
            self._samples = (_Sample(server - at, inf),)

    def now(self, at: float) -> float | None:
        """The server's time, None before anything was received."""
        best = self._best()
        return None if best is None else at + best.offset

    @property
    def error(self) -> float:
        """Seconds; infinite before anything was received."""
        best = self._best()
        return inf if best is None else best.error

    def _best(self) -> _Sample | None:
        return min(self._samples, key=lambda sample: sample.error, default=None)
