"""Why a connection was lost: for people, in one line."""

import asyncio
import os
import socket
import ssl


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
