"""What the console shows, and the frames that tell a page of it. Pure: `now` is given.

    hello   everything: for a page that has just connected, or has missed a frame
    frame   what has changed since the frame before

Both are JSON. A frame's size goes by what has changed; at rest it holds the time only. Stations
are numbered by their row in `stations` of the hello, picks by their own numbers.

    {"type":"frame","n":7,"now":1790000000000,"rows":[[12,5.3,5.3,"good",0.6]],
     "picks":[[31,12,"P",1789999999100]],"events":[{...}],"messages":[{...}]}

rows: row, intensity now, peak (both MMI, null: not felt), condition, latency in seconds.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from forewave.console.events import Events
from forewave.console.messages import Lags, Messages
from forewave.console.picks import Picks
from forewave.console.station_rows import Conditions, StationRows
from forewave.types import Alert, Amplitude, Message, Pick, PickWithdrawn, Solution, Station

Facts = Callable[[], dict[str, Any]]


class Board:
    """conditions: of the stations. facts: what else is shown, of the server: devices, readiness."""

    def __init__(
        self, stations: Sequence[Station], conditions: Conditions, facts: Facts = dict
    ) -> None:
        self._stations = [(s.code, round(s.lat, 4), round(s.lon, 4)) for s in stations]
        self._rows = StationRows(stations, conditions)
        self._picks = Picks(self._rows.index)
        self._events, self._messages = Events(self._picks), Messages()
        self._first: dict[str, float] = {}  # earliest pick of each event, POSIX seconds
        self._facts, self._told = facts, {}  # type: ignore[var-annotated]
        self._n, self._at = 0, 0.0
        self._whole: bytes | None = None  # the hello since the last frame, once for all pages

    def receive(self, message: Message, now: float) -> None:
        """Take an output of the rooms. Alerts come by `issued`."""
        match message:
            case Amplitude():
                self._rows.amplitude(message, now)
            case Pick():
                self._picks.add(message)
            case PickWithdrawn():
                self._picks.withdraw(message)
            case Solution():
                self._solution(message, now)

    def issued(self, alert: Alert, size: int, devices: int, lags: Lags) -> None:
        """Take a message that was sent."""
        self._messages.add(alert, size, devices, self._first.get(alert.event), lags)

    def frame(self, now: float, beat: bool = True) -> bytes | None:
        """What has changed since the last frame; None where nothing has, unless it is a beat."""
        new, gone = self._picks.changes(now)
        facts = self._facts()
        fields = {
            "rows": self._rows.changed(now),
            "picks": new,
            "withdrawn": gone,
            "events": self._events.changes(now),
            "messages": self._messages.changes(),
            "facts": facts if facts != self._told else None,
        }
        fields = {name: value for name, value in fields.items() if value}
        if not fields and not beat:
            return None
        self._told, self._at, self._whole = facts, now, None
        self._n += 1
        return msgspec.json.encode({**self._head("frame"), **fields})

    def hello(self, now: float) -> bytes:
        """Everything, as of the last frame."""
        if self._n == 0:
            self.frame(now)
        if self._whole is None:
            self._whole = msgspec.json.encode(
                {
                    **self._head("hello"),
                    "stations": self._stations,
                    "rows": self._rows.all(),
                    "picks": self._picks.all(),
                    "events": self._events.all(),
                    "messages": self._messages.all(),
                    "facts": self._told,
                }
            )
        return self._whole

    def _head(self, kind: str) -> dict[str, Any]:
        return {"type": kind, "n": self._n, "now": round(self._at * 1000)}

    def _solution(self, solution: Solution, now: float) -> None:
        self._events.add(solution, now)
        first = min((arrival.time for arrival in solution.picks), default=None)
        if first is not None:
            self._first.pop(solution.event, None)
            self._first[solution.event] = first
            if len(self._first) > 100:
                del self._first[next(iter(self._first))]
