"""Sessions of operators who have logged in, in memory: a restart ends them all.

`now` is given, in seconds of a clock that never steps. Only hashes of the tokens are kept.
"""

import hashlib
import hmac
import secrets

from msgspec import Struct

IDLE, LONGEST = 1800.0, 43_200.0  # seconds without a request, and in all
MOST = 100


class Session(Struct):
    """Somebody who has logged in. csrf: hash of the token that each change has to carry."""

    name: str
    csrf: bytes
    began: float
    seen: float


class Sessions:
    """Sessions by the token that the browser or program has."""

    def __init__(self) -> None:
        self._open: dict[bytes, Session] = {}

    def begin(self, name: str, now: float) -> tuple[str, str]:
        """A new session; answers its token and its token for changes."""
        self._forget(now)
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        while len(self._open) >= MOST:
            del self._open[next(iter(self._open))]
        self._open[_hash(token)] = Session(name, _hash(csrf), now, now)
        return token, csrf

    def find(self, token: str, now: float) -> Session | None:
        """The session of a token, which goes on; None: there is none, or it has ended."""
        self._forget(now)
        found = self._open.get(_hash(token))
        if found is not None:
            found.seen = now
        return found

    def end(self, token: str) -> None:
        """End a session."""
        self._open.pop(_hash(token), None)

    def _forget(self, now: float) -> None:
        self._open = {
            token: each
            for token, each in self._open.items()
            if now < each.seen + IDLE and now < each.began + LONGEST
        }


def may_change(session: Session, csrf: str) -> bool:
    """Whether a request that changes something carries the session's token for changes."""
    return hmac.compare_digest(session.csrf, _hash(csrf))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
