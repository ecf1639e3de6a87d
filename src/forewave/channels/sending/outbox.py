"""What is to be sent next by one channel. Pure: no clock, no socket.

It holds the newest version of each event and what the receiver has received, and derives the next
notification from the two when the channel is ready for it. So a newer version replaces an unsent
older one, nothing is sent twice, and the memory is bounded however slow the receiver is.

Times are seconds of one clock that never steps, except those inside alerts.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from forewave.channels.card import Notification, Reason
from forewave.channels.sending.entry import Delivered, Entry, Wants, is_cancel, key_of, mmi_of
from forewave.channels.sending.swarm import LIGHT_MMI, Swarm, stays_quiet
from forewave.client.place_alert import PlaceAlert

CANCEL_SHOWN = 180.0  # seconds for which a cancel stays with the receiver
FINAL_FOR = 60.0  # seconds after expiry for which the final notification is still sent
REMEMBERED = 3600.0  # seconds after its end for which an event is known
AFTER_REAL = 600.0  # seconds after a real alert in which no drill is sent
MOST_EVENTS = 200

RANK: dict[Reason, int] = {
    "first": 0, "higher": 0, "cancel": 0, "lower": 1, "update": 2, "final": 3
}  # fmt: skip


class Outbox:
    """Of one channel."""

    def __init__(self, wants: Wants) -> None:
        self._wants = wants
        self._entries: dict[str, Entry] = {}
        self._swarm = Swarm()
        self._real_until = float("-inf")

    def take(self, alert: PlaceAlert, message: bytes, now: float, ends: float) -> str:
        """Take a version; answers "" or why nothing comes of it. ends: when it expires."""
        key = key_of(alert)
        entry = self._entries.get(key)
        if entry is not None and entry.replaced:
            entry = None
        if entry is not None and entry.alert.version >= alert.version:
            if entry.alert.version == alert.version:
                entry.message = message  # it may be signed by another key now
            return "known"
        if ends <= now:
            return "expired"
        if entry is None:
            if alert.drill and (not self._wants.drills or now < self._real_until + AFTER_REAL):
                return "drill"
            if alert.kind == "cancel":
                return "cancel of nothing"
            if len(self._entries) >= MOST_EVENTS and not self._make_room():
                return "too many events"
            self._entries[key] = Entry(alert, message, ends)
            return "" if self._wants.level(alert, 0) else "below threshold"
        entry.alert, entry.message, entry.ends = alert, message, ends
        entry.over = entry.over and entry.delivered is None
        return ""

    def restore(
        self, alert: PlaceAlert, message: bytes, ends: float, delivered: Delivered, now: float
    ) -> None:
        """An event of an earlier process, and what the receiver received it."""
        again = self._wants.holds and delivered.ended is None
        known = Delivered(0, 0, now) if again else replace(delivered, at=now)
        self._entries[key_of(alert)] = Entry(alert, message, ends, known)

    def delivered(self) -> Iterable[Entry]:
        """The events that the receiver may still hold something of."""
        return [e for e in self._entries.values() if e.delivered is not None and not e.over]

    def next(self, now: float) -> Notification | None:
        """The most urgent notification; None where there is nothing to send."""
        due = [(reason, e) for e in self._entries.values() if (reason := self._due(e, now))]
        if not due:
            return None
        reason, entry = min(due, key=lambda each: (RANK[each[0]], -mmi_of(each[1].alert)))
        active = reason not in ("cancel", "final") and self._level_of(entry) > 0
        summary = reason == "first" and self._is_swarm(entry, now)
        swarm = self._swarm.others(entry.alert.event, now) if summary else ()
        concurrent = any(other is not entry for other in self._running(now))
        return Notification(reason, entry.alert, entry.message, swarm, active, concurrent)

    def begin(self, sent: Notification, now: float) -> None:
        """It is being sent: from now on the receiver may have it, also after a crash of ours."""
        entry = self._entries[key_of(sent.alert)]
        entry.delivered = entry.delivered or Delivered(0, 0, now)

    def failed(self, sent: Notification, *, received: bool, again: bool) -> None:
        """It was not sent. received: the receiver may have it nevertheless. again: may be tried."""
        entry = self._entries[key_of(sent.alert)]
        entry.doubtful = entry.doubtful or received
        if entry.delivered is not None and entry.delivered.version == 0 and not entry.doubtful:
            entry.delivered = None
        if not again:
            entry.given_up = sent.alert.version

    def sent(self, sent: Notification, now: float) -> None:
        """The receiver has it."""
        entry, alert = self._entries[key_of(sent.alert)], sent.alert
        ended = sent.reason if sent.reason in ("cancel", "final") else None
        before = entry.delivered.level if entry.delivered else 0
        level = self._wants.level(alert, before) if sent.active else 0
        entry.delivered = Delivered(alert.version, level, now, ended)
        if sent.reason == "first":
            self._swarm.add(alert.event, mmi_of(alert), now, "summary" if sent.swarm else "own")
        if not alert.drill and sent.active:
            self._real_until = max(self._real_until, now)

    def expired(self, now: float) -> str | None:
        """Key of an event that the receiver must no longer hold anything of."""
        for key, entry in self._entries.items():
            if entry.delivered is not None and not entry.over and self._is_over(entry, now):
                return key
        return None

    def removed(self, key: str) -> None:
        """The receiver holds nothing of it any more."""
        entry = self._entries[key]
        entry.over = True
        if entry.replaced:
            del self._entries[key]

    def swept(self, now: float) -> int:
        """Forget what ended long ago; answers how many events expired before they were sent."""
        unsent = 0
        for key, entry in list(self._entries.items()):
            if entry.delivered is None and not entry.over and now >= entry.ends:
                unsent += self._wants.level(entry.alert, 0) > 0 and entry.quiet_mmi is None
                entry.over = True
            if entry.over and now >= entry.ends + REMEMBERED:
                del self._entries[key]
        return unsent

    def end_all(self, now: float) -> None:
        """A replay begins again: what was sent of it is over, and is sent again."""
        for key, entry in list(self._entries.items()):
            if entry.delivered is None or entry.over:
                del self._entries[key]
            else:
                entry.ends, entry.replaced = now, True
        self._swarm = Swarm()

    def deadline(self, now: float) -> float | None:
        """When something becomes due by itself; None where nothing will."""
        times = [t for e in self._entries.values() for t in self._times(e) if t > now]
        return min(times, default=None)

    # When something is due

    def _times(self, entry: Entry) -> Iterable[float]:
        yield entry.ends
        if entry.delivered is not None and not entry.over:
            yield entry.ends + FINAL_FOR
            yield entry.delivered.at + CANCEL_SHOWN

    def _due(self, entry: Entry, now: float) -> Reason | None:
        alert, delivered = entry.alert, entry.delivered
        if entry.replaced or entry.given_up >= alert.version:
            return None
        taken_back = delivered is not None and is_cancel(alert, self._level_of(entry))
        if delivered is None or (delivered.version == 0 and not taken_back):
            return self._first(entry, now)
        if alert.version > delivered.version and now < entry.ends:
            return self._change(entry, delivered)
        return self._end(entry, delivered, now)

    def _first(self, entry: Entry, now: float) -> Reason | None:
        if now >= entry.ends or not self._wants.level(entry.alert, 0):
            return None
        return None if self._is_quiet(entry, now) else "first"

    def _change(self, entry: Entry, delivered: Delivered) -> Reason | None:
        level = self._level_of(entry)
        if is_cancel(entry.alert, level):
            return None if delivered.ended == "cancel" else "cancel"
        if level > delivered.level:
            return "higher"
        if level == 0 and delivered.level > 0:
            return "lower"
        if not self._wants.all_versions or level == 0:
            return None
        return "lower" if level < delivered.level else "update"

    def _end(self, entry: Entry, delivered: Delivered, now: float) -> Reason | None:
        if delivered.ended or not delivered.level or not entry.ends <= now < entry.ends + FINAL_FOR:
            return None
        quiet = delivered.level < LIGHT_MMI or any(
            other is not entry for other in self._running(now)
        )
        return None if self._wants.people and quiet else "final"

    def _running(self, now: float) -> Iterable[Entry]:
        """Alerts that the receiver has received and that are in force."""
        delivered = (e for e in self._entries.values() if e.delivered is not None and now < e.ends)
        return (
            e
            for e in delivered
            if e.delivered is not None and e.delivered.level and not e.delivered.ended
        )

    def _is_over(self, entry: Entry, now: float) -> bool:
        assert entry.delivered is not None
        delivered = entry.delivered
        if entry.replaced or (
            delivered.ended == "final" and delivered.version >= entry.alert.version
        ):
            return True
        if delivered.ended == "cancel":
            return now >= min(entry.ends, delivered.at + CANCEL_SHOWN)
        silent = delivered.level == 0 and delivered.version > 0
        return now >= entry.ends + (0.0 if silent else FINAL_FOR) or (
            now >= entry.ends and entry.given_up >= entry.alert.version
        )

    # Levels, and swarms

    def _level_of(self, entry: Entry) -> int:
        return self._wants.level(entry.alert, entry.delivered.level if entry.delivered else 0)

    def _is_quiet(self, entry: Entry, now: float) -> bool:
        """Whether it is left to the summary of a swarm; if so, until it is clearly stronger."""
        mmi = mmi_of(entry.alert)
        if entry.quiet_mmi is not None:
            return stays_quiet(mmi, entry.quiet_mmi)
        if not (self._is_swarm(entry, now) and self._swarm.has_summary(now)):
            return False
        entry.quiet_mmi = mmi
        self._swarm.add(entry.alert.event, mmi, now, "quiet")
        return True

    def _is_swarm(self, entry: Entry, now: float) -> bool:
        """Whether people have had enough of such light ones."""
        wanted = self._wants.people and not self._wants.all_versions
        return wanted and self._swarm.has(mmi_of(entry.alert), now)

    def _make_room(self) -> bool:
        """Drop an event that nothing was sent of (`begin`), the weakest."""
        unsent = [key for key, e in self._entries.items() if e.delivered is None or e.over]
        if not unsent:
            return False
        del self._entries[min(unsent, key=lambda key: mmi_of(self._entries[key].alert))]
        return True
