"""What to make of each frame of the stream: verify it, and say what it means at the place.

The rules are those of the pages (web/core/alert/state.ts, docs/reference/message.md): a message
counts when a trusted key has signed it, it has not expired, is not from the future, and is newer
than the last of its event. It has no socket and no clock: `at` is seconds of a clock that never
steps, and `today` this machine's date in POSIX seconds.
"""

import json
from collections.abc import Mapping
from math import isnan
from typing import Any, TypeGuard

from msgspec import Struct
from msgspec.structs import replace

from forewave.client.place_alert import PlaceAlert, at_place, concerns, is_false
from forewave.client.readiness import Readiness, Server, State, server_state
from forewave.client.server_clock import ServerClock
from forewave.delivery.signing import UnknownKeyError, unseal
from forewave.earth.travel_time import TravelTimes
from forewave.errors import FormatError
from forewave.formats.protocols.alert_message import Message
from forewave.types import Place

LOST_AFTER = 10.0  # seconds without a heartbeat
FUTURE = 10.0  # seconds from now for which a message may be issued
DAY = 86_400.0
STEP_BACK = 10.0  # a clock that is estimated anew moves by less
DISTRUST = 300.0  # seconds for which one message that cannot be verified counts
AFTER_REAL = 600.0  # seconds after a real alert in which no drill is handed out
TRUSTED_ERROR = 2.0  # seconds of the clock, beyond which no time left is given


class _Known(Struct):
    """What was received of an event: its last version, whether it was handed out, until when."""

    version: int
    expires: float
    handed_out: bool
    real_until: float = float("-inf")


class Receiver:
    """One place's view of one server's stream.

    built: POSIX seconds; a date before it is that of a clock which is not set. drills: whether
    drills are handed out.
    """

    def __init__(
        self, place: Place, travel_times: TravelTimes, drills: bool = False, built: float = 0.0
    ) -> None:
        self.clock = ServerClock()
        self.wants_keys = False  # something was signed with a key that is not trusted
        self._place, self._travel_times = place, travel_times
        self._drills, self._built = drills, built
        self._trusted: Mapping[str, bytes] = {}
        self._known: dict[tuple[str, str], _Known] = {}
        self._heartbeat: float | None = None
        self._began: float | None = None
        self._closed, self._detail = False, ""
        self._server: Server | None = None
        self._missing: tuple[str, ...] = ()
        self._signer: str | None = None  # the key that the server signs with
        self._list = 0  # version of the signed key list
        self._unknown_key = self._unverified = False
        self._unverified_at = float("-inf")
        self._off_by_days = False
        self._latest = float("-inf")

    def trust(self, keys: Mapping[str, bytes], version: int = 0) -> None:
        """The keys that may sign, by id; they replace those before. None: nothing is believed.

        version: of the signed list that they come from; 0: of none.

        To be called before each connection, and where `wants_keys` says so, also if there are no
        new ones: only then is something signed with another key held against the server.
        """
        self._trusted, self.wants_keys, self._list = keys, False, version
        self._unknown_key = not keys or (self._signer is not None and self._signer not in keys)

    def opened(self) -> None:
        """A connection is made: perhaps to a server that signs with another key."""
        self._signer = None

    def closed(self, why: str = "") -> None:
        """The connection has ended, or could not be made."""
        self._closed, self._detail = True, why

    def readiness(self, at: float) -> Readiness:
        """Whether a real alert would be received now: of several reasons the first to mend."""
        if self._began is None:
            self._began = at
        silent = at - (self._began if self._heartbeat is None else self._heartbeat)
        state = self._state(silent > LOST_AFTER, at)
        gone = state in ("connecting", "lost", "reconnecting")
        missing = self._missing if state == "unable" else ()
        return Readiness(state, missing, self._detail if gone else "")

    def _state(self, silent: bool, at: float) -> State:
        if silent:
            return "lost"
        if self._heartbeat is None:
            return "connecting"
        if self._closed:
            return "reconnecting"
        if self._unknown_key or (self._unverified and at - self._unverified_at <= DISTRUST):
            return "untrusted"
        if self._server == "test":
            return "test"
        if self._server == "not ready":
            return "unable"
        return "drills" if self._off_by_days or self._server == "drill" else "ready"

    def frame(self, text: bytes, at: float, today: float) -> PlaceAlert | None:
        """Take one frame; answer the alert that it brings, if it is new and concerns the place."""
        control = _control(text)
        if control is not None:
            self._take_control(control, at)
        self._look_at_clock(at, today)
        return self._message(text, at, today) if control is None else None

    def in_force(self, alert: PlaceAlert, at: float) -> PlaceAlert | None:
        """The alert with the seconds left now; None where it has expired or was replaced."""
        now = self.clock.now(at)
        known = self._known.get((_mode(alert.drill), alert.event))
        if now is None or now > alert.expires or known is None or known.version > alert.version:
            return None
        return replace(alert, seconds=self._seconds(alert, now))

    def _seconds(self, alert: PlaceAlert, now: float) -> float | None:
        """At least so many until S; None where a number could not be trusted."""
        error = self.clock.error
        if alert.single_station or alert.cancelled or error > TRUSTED_ERROR:
            return None
        left = alert.s_arrival - error - now
        if isnan(left) or alert.s_sigma > max(4.0, 0.3 * left):
            return None
        return left

    def _take_control(self, control: dict[str, Any], at: float) -> None:
        now, asked, key = control.get("now"), control.get("id"), control.get("key")
        if not _is_number(now):
            return
        self._heartbeat, self._closed, self._detail = at, False, ""
        if control["type"] == "pong" and _is_number(asked):
            self.clock.answer(asked / 1000.0, at, now / 1000.0)
        if control["type"] != "heartbeat":
            return
        self.clock.heartbeat(at, now / 1000.0)
        self._server, self._missing = server_state(control)
        listed = control.get("list")
        self.wants_keys |= _is_number(listed) and listed > self._list
        if isinstance(key, str):
            self._signed_by(key)

    def _signed_by(self, key: str) -> None:
        self._signer = key
        if key in self._trusted:
            self._unknown_key = False
        else:
            self.wants_keys = True

    def _message(self, text: bytes, at: float, today: float) -> PlaceAlert | None:
        try:
            message = unseal(text, self._trusted)
        except UnknownKeyError as error:
            self._signed_by(error.key)
            return None
        except FormatError:
            self._unverified, self._unverified_at = True, at
            return None
        self._unknown_key = self._unverified = False
        self.clock.guess(at, message.iss / 1000.0)
        now = self.clock.now(at)
        assert now is not None
        known = self._known.get((message.mode, message.id))
        if known and message.n <= known.version:
            return None
        if self._is_refused(message, now, today):
            return None
        alert = self._take(message, known, now)
        return alert and replace(alert, message=text)

    def _is_refused(self, message: Message, now: float, today: float) -> bool:
        expired, early = now > message.exp / 1000.0, message.iss / 1000.0 > now + FUTURE
        if message.mode == "test" or expired or early:
            return True
        if message.mode == "actual":
            return self._is_days_off(now, today)
        return not self._drills or self._is_after_real(now)

    def _take(self, message: Message, known: _Known | None, now: float) -> PlaceAlert | None:
        """Remember it; answer it where it concerns the place, or takes back what did."""
        before = known is not None and known.handed_out
        is_news = before or (message.kind != "cancel" and concerns(message, self._place))
        alert = at_place(message, self._place, self._travel_times)
        entry = _Known(message.n, message.exp / 1000.0, is_news)
        if is_news and message.mode == "actual" and not is_false(message):
            entry.real_until = max(alert.shaking_until, alert.issued)
        self._known[message.mode, message.id] = entry
        self._known = {k: e for k, e in self._known.items() if now <= e.expires + DAY}
        return replace(alert, seconds=self._seconds(alert, now)) if is_news else None

    def _is_after_real(self, now: float) -> bool:
        """Whether a real earthquake was handed out lately: a drill would say there is none."""
        return any(now < known.real_until + AFTER_REAL for known in self._known.values())

    def _look_at_clock(self, at: float, today: float) -> None:
        now = self.clock.now(at)
        if now is not None and self.clock.error < float("inf"):
            self._off_by_days = self._is_days_off(now, today)
            self._rewind(now)

    def _is_days_off(self, now: float, today: float) -> bool:
        """A real alert may then be an old message played again; a clock not set says nothing."""
        return today >= self._built and abs(now - today) > DAY

    def _rewind(self, now: float) -> None:
        """Where the server's clock has stepped back a replay begins again; what is real stays."""
        if now < self._latest - STEP_BACK:
            self._known = {k: e for k, e in self._known.items() if k[0] == "actual"}
            self._latest = now
        self._latest = max(self._latest, now)


def _control(text: bytes) -> dict[str, Any] | None:
    """Heartbeats and pongs have a type; signed messages have none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("type"), str) else None


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53


def _mode(drill: bool) -> str:
    return "drill" if drill else "actual"
