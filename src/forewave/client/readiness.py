"""Whether a real alert would be received now, and if not, why: the same as the pages show.

The rules are those of web/core/alert/readiness.ts, without what a page needs of a person: a place,
sound, and a clock within the hour.
"""

from typing import Any, Literal, TypeAlias, get_args

from msgspec import Struct

State: TypeAlias = Literal[
    "connecting", "ready", "reconnecting", "lost", "untrusted", "unable", "test", "drills"
]
Server: TypeAlias = Literal["ready", "not ready", "test", "drill"]


class Readiness(Struct, frozen=True):
    """Whether a real alert would be received now.

    The states:

    - "ready": connected, and the server would alert of an earthquake now;
    - "connecting": nothing was received yet;
    - "reconnecting": the connection has just ended;
    - "lost": nothing was received for 10 s;
    - "untrusted": what the server sends cannot be verified;
    - "unable": the server could not alert now, `missing` lists what it lacks;
    - "test": the server issues tests only, which are never handed out;
    - "drills": the server issues drills only, or its clock is a day off this machine's.

    Attributes:
        state: One of these.
        missing: What the server lacks, for example "a live source".
        detail: Of a connection that failed, the last error.
    """

    state: State
    missing: tuple[str, ...] = ()
    detail: str = ""

    @property
    def ready(self) -> bool:
        """Whether a real alert would be received now."""
        return self.state == "ready"


def server_state(control: dict[str, Any]) -> tuple[Server | None, tuple[str, ...]]:
    """What a heartbeat says of the server; None where it does not say. Unknown: not ready."""
    state, missing = control.get("state"), control.get("missing")
    if not isinstance(state, str):
        return None, ()
    known: Server = next((name for name in get_args(Server) if name == state), "not ready")
    needs = missing if isinstance(missing, list) else []
    return known, tuple(need for need in needs if isinstance(need, str))
