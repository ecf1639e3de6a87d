"""Limits of logins, by account and by address: whoever tries passwords is stopped, for a while.

Pure: `now` is given, in seconds of a clock that never steps.
"""

from collections import deque

WINDOW = 900.0  # seconds for which a failed login counts
OF_ADDRESS, OF_ACCOUNT, OF_ALL = 10, 20, 200  # failed logins in a window


class Attempts:
    """Counts failed logins. An attempt counts as failed from its beginning until it succeeds, so
    that many at the same time are not more than one after the other."""

    def __init__(self) -> None:
        self._failed: dict[tuple[str, str], deque[float]] = {}

    def begin(self, account: str, address: str, now: float) -> bool:
        """Whether an attempt is allowed now; it then counts as failed.

        address: "" for this machine, of which only its own attempts count: who tries passwords from
        elsewhere cannot keep out an operator who sits at it.
        """
        limits = {("address", address): OF_ADDRESS}
        if address:
            limits |= {("account", account): OF_ACCOUNT, ("all", ""): OF_ALL}
        self._forget(now)
        if any(len(self._failed.get(key, ())) >= most for key, most in limits.items()):
            return False
        for key in limits:
            self._failed.setdefault(key, deque()).append(now)
        return True

    def succeeded(self, account: str, address: str) -> None:
        """The last attempt was no failure; those before it still count."""
        keys = [("account", account), ("all", "")] if address else []
        for key in (("address", address), *keys):
            failed = self._failed.get(key)
            if failed:
                failed.pop()

    def _forget(self, now: float) -> None:
        for failed in self._failed.values():
            while failed and failed[0] <= now - WINDOW:
                failed.popleft()
        self._failed = {key: failed for key, failed in self._failed.items() if failed}
