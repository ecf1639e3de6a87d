"""Connections that are opened again after each loss, and the reason of a loss in one line."""

import asyncio
import os
import random
import socket
import ssl
from collections.abc import Awaitable, Callable

from forewave.sources.inbox import SourceQueue

RETRY = 0.6  # seconds, on average, until a lost connection is tried again
WAITED = 0.5  # share of that where the other side was silent: seconds have been waited already


class Lost(Exception):  # noqa: N818 (it is news, not an error)
    """A connection has ended or must be left; one line why. silent: nothing came for seconds."""

    def __init__(self, why: str, *, silent: bool = False) -> None:
        Exception.__init__(self, why)
        self.silent = silent


def is_silent(why: BaseException) -> bool:
    """Whether it was lost because nothing came."""
    return isinstance(why, TimeoutError) or (isinstance(why, Lost) and why.silent)


def why_lost(why: BaseException) -> str:
    """One line for people."""
    if isinstance(why, Lost):
        return str(why)
    if isinstance(why, TimeoutError):
        return "no answer"
    if isinstance(why, asyncio.IncompleteReadError):
        return "closed by the server"
    if isinstance(why, ssl.SSLCertVerificationError):
        return f"certificate not trusted: {why.verify_message}"
    if (
        isinstance(why, OSError)
        and why.errno
        and not isinstance(why, socket.gaierror | ssl.SSLError)
    ):
        return os.strerror(why.errno)
    text = getattr(why, "strerror", None) or str(why) or type(why).__name__
    return " ".join(str(text).split())


async def stay_connected(
    connection: Callable[[], Awaitable[None]], queue: SourceQueue, retry: float = RETRY
) -> None:
    """One connection after the other for ever; each ends by raising Lost or OSError, or returns.

    The pause is `retry` seconds, half more or less by chance, so that the thousand clients of
    a server that was restarted do not all come back in the same moment. It does not grow: a
    station is wanted back the second its server is. After seconds of silence it is shorter, since
    whoever was silent has been left in peace for so long.
    """
    while True:
        pause = retry
        queue.set_state("connecting", queue.status().reason)
        try:
            await connection()
        except (Lost, OSError, asyncio.IncompleteReadError) as why:
            queue.set_state("lost", why_lost(why))
            pause *= WAITED if is_silent(why) else 1.0
        else:
            queue.set_state("lost", "ended by the server")
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))
