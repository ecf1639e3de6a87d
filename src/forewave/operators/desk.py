"""The desk of operators: who may do what, each action written into the audit log before it happens.

What cannot be written is refused; alerts do not come by here.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from forewave.errors import ConfigError
from forewave.operators.accounts import Accounts
from forewave.operators.attempts import Attempts
from forewave.operators.audit import AuditError, Tail
from forewave.operators.drill import Drill
from forewave.operators.proposals import Kind, Proposal, Proposals, RefusedError
from forewave.operators.sessions import Sessions
from forewave.operators.writer import Writer
from forewave.types import Alert, OperatorCancel, Place

AT_ONCE = 20  # logins that wait for their turn


class Machine(Protocol):
    """What the desk needs of the machine."""

    def in_force(self) -> Sequence[Alert]:
        """The alerts in force."""

    def cancel(self, item: OperatorCancel) -> None:
        """Cancel an alert as false."""


class Desk:
    """Logins, proposals and what follows from them. drill: the machine's drill."""

    def __init__(
        self,
        accounts: Accounts,
        writer: Writer,
        machine: Machine,
        drill: Drill,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.sessions, self.proposals = Sessions(), Proposals(lambda name: name in self._names())
        self._accounts, self._writer = accounts, writer
        self._machine, self._drill, self.now = machine, drill, now
        self._attempts = Attempts()
        self._hashing, self._waiting = ThreadPoolExecutor(1, thread_name_prefix="logins"), 0

    async def login(self, name: str, password: str, address: str) -> tuple[str, str] | None:
        """Tokens of a new session; None where name or password is wrong.

        address: "" for this machine. Raises RefusedError after too many failures, AuditError.
        """
        allowed = self._waiting < AT_ONCE and self._attempts.begin(name, address, self.now())
        shown = {"who": name[:64], "from": address or "this machine"}
        if not allowed:
            raise RefusedError("too many logins: try again in 15 minutes")
        if not await self._is_right(name, password):
            await self._writer.record("login failed", **shown)
            return None
        await self._writer.record("login", **shown)
        self._attempts.succeeded(name, address)
        return self.sessions.begin(name, self.now())

    async def _is_right(self, name: str, password: str) -> bool:
        """One at a time: each takes 19 MiB and 30 ms."""
        loop = asyncio.get_running_loop()
        self._waiting += 1
        try:
            return await loop.run_in_executor(self._hashing, self._accounts.verify, name, password)
        finally:
            self._waiting -= 1

    async def logout(self, token: str, by: str) -> None:
        """End a session."""
        self.sessions.end(token)
        await self._writer.record("logout", who=by)

    def name_of(self, token: str) -> str | None:
        """The operator of a session who still has an account."""
        session = self.sessions.find(token, self.now())
        return session.name if session and session.name in self._names() else None

    def open(self) -> list[Proposal]:
        """Open proposals."""
        return self.proposals.open(self.now())

    def seconds_left(self, proposal: Proposal) -> float:
        """Seconds for which a proposal may be confirmed."""
        return max(0.0, proposal.expires - self.now())

    async def propose(self, kind: Kind, facts: Mapping[str, Any], by: str) -> Proposal:
        """Propose an action. Raises RefusedError where it could not be done now, AuditError."""
        self._check(kind, facts)
        made = self.proposals.propose(kind, facts, by, self.now())
        try:
            await self._writer.record("propose", who=by, id=made.id, action=kind, **facts)
        except AuditError:
            self.proposals.drop(made.id, self.now())
            raise
        return made

    async def confirm(self, name: str, by: str) -> Proposal:
        """Do what another operator has proposed. Raises RefusedError, AuditError: not done."""
        found = self.proposals.take(name, by, self.now())
        facts = found.facts
        self._check(found.kind, facts)
        try:
            await self._writer.record(
                "confirm", who=by, id=name, action=found.kind, proposed_by=found.by, **facts
            )
        except AuditError:
            self.proposals.give_back(found)
            raise
        self._carry_out(found, by)
        return found

    def _carry_out(self, found: Proposal, by: str) -> None:
        facts = found.facts
        if found.kind == "cancel":
            self._machine.cancel(OperatorCancel(facts["event"], (found.by, by)))
            return
        try:
            self._drill.start(
                Place("Drill place", facts["lat"], facts["lon"]),
                facts["seconds"],
                facts["magnitude"],
            )
        except RefusedError as error:  # a real alert began while the line was written
            self._writer.note("not done", id=found.id, why=str(error))
            raise

    async def drop(self, name: str, by: str) -> Proposal:
        """Take a proposal back. Raises RefusedError, AuditError."""
        found = self.proposals.drop(name, self.now())
        await self._writer.record("drop", who=by, id=name)
        return found

    async def end_drill(self, by: str) -> None:
        """End the drill that runs; one operator is enough. Raises RefusedError."""
        if self._drill.end() is None:
            raise RefusedError("no drill is running")
        await self._writer.record("drill ended", who=by)

    def state(self) -> dict[str, Any]:
        """What operators see: alerts in force, open proposals, the drill."""
        alerts = [
            {
                "event": alert.event,
                "version": alert.version,
                "mode": alert.mode,
                "level": alert.level,
                "magnitude": round(alert.magnitude.value, 1),
                "lat": round(alert.origin.lat, 2),
                "lon": round(alert.origin.lon, 2),
                "issued": alert.issued,
                "expires": alert.expires,
            }
            for alert in self._machine.in_force()
        ]
        proposals = [
            {
                "id": each.id,
                "action": each.kind,
                **each.facts,
                "by": each.by,
                "seconds_left": round(self.seconds_left(each)),
            }
            for each in self.open()
        ]
        drill = self._drill.running
        return {"alerts": alerts, "proposals": proposals, "drill": drill and drill.event}

    async def audit(self, most: int) -> Tail:
        """The last lines of the audit log. Raises AuditError."""
        return await self._writer.tail(most)

    def _check(self, kind: Kind, facts: Mapping[str, Any]) -> None:
        if kind == "drill":
            return self._drill.check()
        event, running = facts["event"], self._drill.running
        if running is not None and event == running.event:
            raise RefusedError("this is a drill: end it")
        if not any(alert.event == event for alert in self._machine.in_force()):
            raise RefusedError(f"no alert of {event} is in force")
        return None

    def _names(self) -> list[str]:
        try:
            return self._accounts.names()
        except ConfigError:
            return []
