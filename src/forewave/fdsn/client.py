"""Client of one FDSN data centre: its answers as text and bytes, each within a time limit.

ObsPy's client has the addresses of data centres and the details of their services. Its time limit
is per read of a socket, so a server that sends a byte at a time can block it forever. Each request
therefore runs in a thread, which is abandoned when its time is over.
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
    """A request that failed; one line why. Callers may continue without the answer."""


class NoAnswerError(FdsnError):
    """No answer in time; a second attempt would take as long."""


class Provider:
    """A data centre by its name in ObsPy (SCEDC, GEOFON ...) or its address."""

    def __init__(self, name: str, timeout: float = TIMEOUT) -> None:
        """Ask which services it has. timeout: seconds per request. Raises ForewaveError."""
        _quiet()
        from obspy.clients.fdsn import Client

        self.name, self._timeout = name, timeout
        try:
            self._client: Any = self._ask(lambda: Client(name, timeout=timeout))
        except FdsnError as why:
            raise ForewaveError(f"{name}: {why}") from None

    def channels(self, **query: Any) -> tuple[str, bytes]:
        """("text" or "xml", answer) of the station service, level=channel; b"": no channels."""
        query |= {"level": "channel"}
        try:
            return "text", self._answer(self._client.get_stations, format="text", **query)
        except NoAnswerError:
            raise
        except FdsnError:  # some have XML only; another error occurs there again
            return "xml", self._answer(self._client.get_stations, format="xml", **query)

    def event(self, event: str) -> tuple[str, bytes]:
        """("text" or "xml", answer) of the event service; b"": no such event."""
        try:
            return "text", self._answer(self._client.get_events, eventid=event, format="text")
        except NoAnswerError:
            raise
        except FdsnError:
            return "xml", self._answer(self._client.get_events, eventid=event)

    def waveforms(self, requests: Iterable[Request]) -> bytes:
        """miniSEED of all requests; b"": no data."""
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
        """The result of a call in the time limit. Raises FdsnError, or ObsPy's no-data error."""
        from obspy.clients.fdsn.header import FDSNNoDataException, FDSNTimeoutException

        try:
            return within(self._timeout, call)
        except FDSNNoDataException:
            raise
        except TimeoutError:
            raise NoAnswerError(f"no answer within {self._timeout:g} s") from None
        except FDSNTimeoutException:  # also if no server listens
            raise NoAnswerError("does not answer") from None
        except Exception as error:  # ObsPy raises many kinds, and http.client's pass through it
            raise FdsnError(_line(error)) from None


def within(seconds: float, call: Callable[[], T]) -> T:
    """The result or exception of a call; TimeoutError if it takes longer (it goes on unused)."""
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
    """The first line of an error; for a refused request the explanation of the server."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    if lines[0].startswith("Bad request"):
        reasons = [line for line in lines if not line.startswith(_OBSPY)]
        return " ".join(["request refused:", *reasons[:3]])[:200] if reasons else "request refused"
    return lines[0][:200]


def _quiet() -> None:
    """Suppress ObsPy's warnings for programmers, such as a renamed data centre."""
    warnings.filterwarnings("ignore", module=r"obspy(\.|$)")
