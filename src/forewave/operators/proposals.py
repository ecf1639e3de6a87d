"""Actions that need two people: one proposes, another confirms within some minutes.

Pure: `now` is given, in seconds of a clock that never steps.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from forewave.errors import InputError

Kind: TypeAlias = Literal["cancel", "drill"]
VALID = 600.0  # seconds
MOST = 20  # open at the same time


class RefusedError(InputError):
    """A proposal or confirmation that is not accepted, in words for the operator."""


class Proposal(Struct, frozen=True):
    """What somebody wants to do. facts: of what, JSON values. expires: seconds."""

    id: str
    kind: Kind
    facts: Mapping[str, Any]
    by: str
    expires: float


class Proposals:
    """Open proposals. exists: whether an account still exists."""

    def __init__(self, exists: Callable[[str], bool]) -> None:
        self._exists = exists
        self._open: dict[str, Proposal] = {}
        self._made = 0

    def open(self, now: float) -> list[Proposal]:
        """Those that may still be confirmed."""
        self._forget(now)
        return list(self._open.values())

    def propose(self, kind: Kind, facts: Mapping[str, Any], by: str, now: float) -> Proposal:
        """A new proposal. Raises RefusedError where the same is open, or too many are."""
        self._forget(now)
        for each in self._open.values():
            if (each.kind, each.facts) == (kind, facts):
                raise RefusedError(f"already proposed by {each.by} as {each.id}: confirm that")
        if len(self._open) >= MOST:
            raise RefusedError(f"{MOST} proposals are open; confirm or drop one")
        self._made += 1
        made = Proposal(f"p{self._made}", kind, facts, by, now + VALID)
        self._open[made.id] = made
        return made

    def take(self, name: str, by: str, now: float) -> Proposal:
        """Confirm: the proposal, which is then no longer open. Raises RefusedError."""
        self._forget(now)
        found = self._find(name)
        if found.by == by:
            raise RefusedError("you proposed this: another operator has to confirm it")
        if not self._exists(found.by):
            del self._open[name]
            raise RefusedError(f"{found.by}, who proposed it, is no operator any more")
        return self._open.pop(name)

    def give_back(self, proposal: Proposal) -> None:
        """Open again what was taken and could not be done."""
        self._open[proposal.id] = proposal

    def drop(self, name: str, now: float) -> Proposal:
        """Take a proposal back; everybody may. Raises RefusedError."""
        self._forget(now)
        self._find(name)
        return self._open.pop(name)

    def _find(self, name: str) -> Proposal:
        found = self._open.get(name)
        if found is None:
            raise RefusedError(f"no open proposal {name}; proposals expire after 10 minutes")
        return found

    def _forget(self, now: float) -> None:
        self._open = {name: each for name, each in self._open.items() if now < each.expires}
