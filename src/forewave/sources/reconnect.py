"""Connections that are opened again after each loss, and why they were lost in one line."""

import asyncio
import os
import random
import socket
import ssl
from collections.abc import Awaitable, Callable

from forewave.sources.intake.inbox import SourceQueue

RETRY = 0.6  # seconds, on average, until a lost connection is tried again
WAITED = 0.5  # factor on RETRY where the server was silent: seconds have passed already


class Lost(Exception):  # noqa: N818 (an expected event, not an error)
    """A connection ended or must be closed. why: one line. silent: nothing arrived for seconds."""

    def __init__(self, why: str, *, silent: bool = False) -> None:
        Exception.__init__(self, why)
        self.silent = silent


def is_silent(why: BaseException) -> bool:
    """Whether a connection was lost because nothing arrived."""
    return isinstance(why, TimeoutError) or (isinstance(why, Lost) and why.silent)


def why_lost(why: BaseException) -> str:
    """The reason for which a connection was lost, in one line."""
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
    """Open `connection` again each time it returns or raises Lost or OSError, until cancelled.

    The pause is `retry` seconds +- 50 % at random, so that the clients of a restarted server do not
    all reconnect at once. It does not grow, since a station is needed as soon as its server is
    back. After a loss by silence it is multiplied by WAITED.
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
