"""One FDSN data centre: its answers as text and bytes, each within a time that is kept.

ObsPy's client knows the providers' addresses and the services' manners. Its time limit is one for
each read of a socket, so a server that trickles can hold it up for ever; every question is
therefore asked in a thread of its own, and left behind when its time is over.
"""

import io
import queue
import threading
import warnings
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from forewave.errors import ForewaveError
from forewave.types import StreamId

T = TypeVar("T")
_OBSPY = ("Bad request", "HTTP Status code", "Detailed response", "please contact")
TIMEOUT = 60.0
Request = tuple[StreamId, float, float]  # stream, begin, end


class FdsnError(Exception):
    """A question that was not answered; one line why. It may be survived, so it is no fault."""


class NoAnswerError(FdsnError):
    """Not in time: asking in another way would take as long again."""


class Provider:
    """A data centre by its name in ObsPy (SCEDC, GEOFON ...) or its address."""

    def __init__(self, name: str, timeout: float = TIMEOUT) -> None:
        """Ask what the centre has. Raises ForewaveError where it is unknown or not there."""
        _quiet()
        from obspy.clients.fdsn import Client

        self.name, self._timeout = name, timeout
        try:
            self._client: Any = self._ask(lambda: Client(name, timeout=timeout))
        except FdsnError as why:
            raise ForewaveError(f"{name}: {why}") from None

    def channels(self, **query: Any) -> tuple[str, bytes]:
        """("text" or "xml", answer) of level=channel; b"" where there are none."""
        query |= {"level": "channel"}
        try:
            return "text", self._answer(self._client.get_stations, format="text", **query)
        except NoAnswerError:
            raise
        except FdsnError:  # some know only XML; if it is something else, that will say so
            return "xml", self._answer(self._client.get_stations, format="xml", **query)

    def event(self, event: str) -> tuple[str, bytes]:
        """("text" or "xml", answer) for one event; b"" where there is none of that name."""
        try:
            return "text", self._answer(self._client.get_events, eventid=event, format="text")
        except NoAnswerError:
            raise
        except FdsnError:
            return "xml", self._answer(self._client.get_events, eventid=event)

    def waveforms(self, requests: Iterable[Request]) -> bytes:
        """miniSEED of all of them together; b"" where there is none."""
        from obspy import UTCDateTime

        bulk = [
            (s.network, s.station, s.location, s.channel, UTCDateTime(begin), UTCDateTime(end))
            for s, begin, end in requests
        ]
        return self._answer(self._client.get_waveforms_bulk, bulk=bulk)

    def _answer(self, call: Callable[..., Any], **query: Any) -> bytes:
        from obspy.clients.fdsn.header import FDSNNoDataException

        answer = io.BytesIO()
        try:
            self._ask(lambda: call(filename=answer, **query))
        except FDSNNoDataException:
            return b""
        return answer.getvalue()

    def _ask(self, call: Callable[[], T]) -> T:
        """The call's answer within the time. FdsnError with one line, except: no data."""
        from obspy.clients.fdsn.header import FDSNNoDataException, FDSNTimeoutException

        try:
            return within(self._timeout, call)
        except FDSNNoDataException:
            raise
        except TimeoutError:
            raise NoAnswerError(f"no answer within {self._timeout:g} s") from None
        except FDSNTimeoutException:  # also where nothing listens
            raise NoAnswerError("does not answer") from None
        except Exception as error:  # ObsPy raises many kinds, and http.client's pass through it
            raise FdsnError(_line(error)) from None


def within(seconds: float, call: Callable[[], T]) -> T:
    """The call's result or exception; TimeoutError when it takes longer (it is left behind)."""
    answers: queue.Queue[tuple[bool, Any]] = queue.Queue()

    def ask() -> None:
        try:
            answers.put((True, call()))
        except BaseException as error:
            answers.put((False, error))

    threading.Thread(target=ask, daemon=True).start()
    try:
        fine, result = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if not fine:
        raise result
    return result  # type: ignore[no-any-return]


def _line(error: Exception) -> str:
    """The first line that says something; of a question that was refused, what the server says."""
    said = [line.strip() for line in str(error).splitlines() if line.strip()]
    if not said:
        return type(error).__name__
    if said[0].startswith("Bad request"):
        told = [line for line in said if not line.startswith(_OBSPY)]
        return " ".join(["refused the question:", *told[:3]])[:200] if told else "refused it"
    return said[0][:200]


def _quiet() -> None:
    """What ObsPy says to programmers, such as that a centre has another name, is not for users."""
    warnings.filterwarnings("ignore", module=r"obspy(\.|$)")
