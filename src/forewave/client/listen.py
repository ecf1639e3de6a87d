"""`forewave.listen`: the verified alerts of a running forewave, for one place."""

import asyncio
import contextlib
import queue
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from math import isfinite
from pathlib import Path

from forewave.archive import travel_time
from forewave.client.connection import Connection
from forewave.client.place_alert import PlaceAlert
from forewave.client.readiness import Readiness
from forewave.client.receiver import Receiver
from forewave.client.service import Service, raw_keys
from forewave.client.trust import Trust
from forewave.errors import InputError
from forewave.types import Place

_LOOK = 0.5  # seconds between two looks for Ctrl-C, where nothing comes
_BUILT = Path(__file__).stat().st_mtime  # a date before it is that of a clock which is not set
_FAREWELL = 10.0  # seconds for the connection to be closed


class Listener:
    """Made by `listen`: iterate over it, with `async for` or with `for`, once at a time."""

    def __init__(
        self,
        url: str,
        place: Place,
        keys: Iterable[str] | None,
        drills: bool,
        on_readiness: Callable[[Readiness], None] | None,
        tls: ssl.SSLContext | None,
        roots: Iterable[str] | None = None,
        key_file: Path | None = None,
    ) -> None:
        _require_place(place)
        self._service = Service(url, tls)
        pinned = None if keys is None else raw_keys(_some("keys", keys))
        given = None if roots is None else _some("roots", roots)
        raw_keys(given or ())
        self._trust = Trust(pinned, given, key_file, _BUILT)
        self._place, self._drills, self._on_readiness = place, drills, on_readiness
        self._receiver: Receiver | None = None
        self._readiness = Readiness("connecting")

    @property
    def readiness(self) -> Readiness:
        """Whether a real alert would be received now."""
        return self._readiness

    def now(self) -> float | None:
        """The server's time, POSIX seconds UTC; None before anything was received.

        In a replay or the demo it is the replay's. `alert.s_arrival - listener.now()` counts down.
        """
        return None if self._receiver is None else self._receiver.clock.now(time.monotonic())

    def __aiter__(self) -> AsyncIterator[PlaceAlert]:
        return self._alerts()

    def __iter__(self) -> Iterator[PlaceAlert]:
        return self._blocking()

    async def _alerts(self) -> AsyncIterator[PlaceAlert]:
        """Each new alert that is in force when it is asked for."""
        found: asyncio.Queue[PlaceAlert] = asyncio.Queue()
        keeping = asyncio.create_task(self._keep(found.put_nowait))
        try:
            while True:
                alert = self.current(await _next(found, keeping))
                if alert is not None:
                    yield alert
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    def _blocking(self) -> Iterator[PlaceAlert]:
        """The same, with the connection in a thread of its own."""
        found: queue.SimpleQueue[PlaceAlert | BaseException] = queue.SimpleQueue()
        loop = asyncio.new_event_loop()
        keeping = loop.create_task(self._keep(found.put))
        thread = threading.Thread(
            target=_run, args=(loop, keeping, found.put), name="forewave.listen", daemon=True
        )
        thread.start()
        try:
            while True:
                with contextlib.suppress(queue.Empty):
                    alert = found.get(timeout=_LOOK)
                    if isinstance(alert, BaseException):
                        raise alert
                    current = self.current(alert)
                    if current is not None:
                        yield current
        finally:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                loop.call_soon_threadsafe(keeping.cancel)
            thread.join(_FAREWELL)

    def current(self, alert: PlaceAlert) -> PlaceAlert | None:
        """The alert with the seconds left now; None where it has expired or was replaced."""
        assert self._receiver is not None
        return self._receiver.in_force(alert, time.monotonic())

    async def _keep(self, on_alert: Callable[[PlaceAlert], None]) -> None:
        """Stay connected until this is cancelled."""
        table = (await asyncio.to_thread(travel_time.load)).coarse()
        self._receiver = Receiver(self._place, table, self._drills, _BUILT)
        await Connection(self._service, self._receiver, self._trust, on_alert, self._look).keep()

    def _look(self) -> None:
        """Report a readiness that has changed."""
        assert self._receiver is not None
        now = self._receiver.readiness(time.monotonic())
        before, self._readiness = self._readiness, now
        changed = (now.state, now.missing) != (before.state, before.missing)
        if changed and self._on_readiness is not None:
            self._on_readiness(now)


def listen(
    url: str,
    place: Place,
    *,
    keys: Iterable[str] | None = None,
    drills: bool = False,
    on_readiness: Callable[[Readiness], None] | None = None,
    tls: ssl.SSLContext | None = None,
    roots: Iterable[str] | None = None,
    key_file: Path | None = None,
) -> Listener:
    """Listen to a running forewave (`run`, `replay --serve`, `demo`) on behalf of a place.

    The answer is iterated over, with `async for` in a program that has an event loop, or with
    `for`, which blocks and keeps the connection in a thread. It gives each new version of each
    alert once, as soon as its Ed25519 signature has been verified; never one that has expired,
    is from the future, was given before or has been replaced since. It never ends by itself: it
    connects again with growing pauses of up to 5 s. Ask `listener.readiness`, or pass
    `on_readiness`, to know when no alert could be received.

    The place stays in this process. Intensity and arrivals are worked out as on the pages.

    Args:
        url: Address of the pages, for example "http://127.0.0.1:8460". With https the stream
            uses TLS too.
        place: Where. `vs30_ms` None: 400 m/s, as on the pages.
        keys: Public keys to trust, as in the service's /config.json (base64url, 43 letters).
            None: those of the signed key list; where the service has none, the keys that it
            lists, trusted as far as the connection is.
        drills: Whether drills and replays are given, marked `drill`. Never within ten minutes of
            a real alert. Tests are never given.
        on_readiness: Called with each new `Readiness`; with `for`, in the other thread.
        tls: How certificates are checked, where they are not public.
        roots: Public root keys (`forewave keys root` prints one): only signing keys of a list
            signed by one of them are trusted. None: the first list that is seen fixes the roots.
        key_file: Where the newest key list is kept. With it an older list is refused after a
            restart too, and the roots of the first list stay fixed.

    Returns:
        A `Listener` that yields `PlaceAlert`.

    Raises:
        InputError: The address, the place, a key or the key file is wrong.

    Examples:
        >>> office = forewave.Place("Office", 30.66, 104.06)
        >>> for alert in forewave.listen("http://127.0.0.1:8460", office):  # doctest: +SKIP
        ...     if alert.calls_for_action(at_mmi=5.0):
        ...         print(f"MMI {alert.mmi:.1f} in {alert.seconds} s")
    """
    return Listener(url, place, keys, drills, on_readiness, tls, roots, key_file)


async def _next(found: "asyncio.Queue[PlaceAlert]", keeping: "asyncio.Task[None]") -> PlaceAlert:
    """The next alert; raises what ends the connection's task, which is a fault of this program."""
    getting = asyncio.ensure_future(found.get())
    try:
        await asyncio.wait([getting, keeping], return_when=asyncio.FIRST_COMPLETED)
        if not getting.done():
            keeping.result()
        return await getting
    finally:
        getting.cancel()


def _run(
    loop: asyncio.AbstractEventLoop,
    keeping: "asyncio.Task[None]",
    put: Callable[[BaseException], None],
) -> None:
    try:
        loop.run_until_complete(keeping)
    except BaseException as error:  # whatever ends it must end the iteration too
        put(error)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _some(name: str, keys: Iterable[str]) -> list[str]:
    found = list(keys)
    if not found:
        raise InputError(f"{name}: expected at least one public key, or None")
    return found


def _require_place(place: Place) -> None:
    if not (-90.0 <= place.lat <= 90.0 and -180.0 <= place.lon <= 180.0):
        where = f"{place.lat}, {place.lon}"
        raise InputError(f"place {place.name!r}: {where} is no point of the Earth in degrees")
    if place.vs30_ms is not None and not (isfinite(place.vs30_ms) and place.vs30_ms > 0):
        raise InputError(f"place {place.name!r}: vs30_ms is {place.vs30_ms}, expected m/s")
