"""The sources of a live machine: they run, and can be changed while everything else goes on.

An unchanged entry of [[sources]] keeps its connection. A changed one is connected again; data that
were missed are requested, if the server supports it. Settings that cannot be read change nothing.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from forewave.errors import ConfigError, ForewaveError
from forewave.live.log import LOG
from forewave.settings import Settings
from forewave.sources import registry
from forewave.sources.base import Left, Resumes, Source, guarded, open_queue
from forewave.sources.intake.inbox import Inbox


class _Opened(Struct, frozen=True):
    """An entry of [[sources]], and its sources."""

    entry: Struct
    sources: tuple[Source, ...]


class LiveSources:
    """again: reads the settings. left: up to when stations were received, for new connections."""

    def __init__(
        self,
        settings: Settings,
        rates: Mapping[str, float],
        inbox: Inbox,
        again: Callable[[], Settings] | None = None,
        left: Callable[[], Left | None] = lambda: None,
    ) -> None:
        """Open all sources. Raises ConfigError, one line."""
        self._rates, self._inbox, self._again, self._left = rates, inbox, again, left
        self._opened = self._open(settings.sources, [])
        self._past = any(map(registry.is_past, settings.sources))
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._asked = asyncio.Event()

    def all(self) -> list[Source]:
        """The current sources."""
        return [source for opened in self._opened for source in opened.sources]

    def resume(self, left: Left) -> None:
        """Before `run`: let sources ask for what was missed since."""
        _resume(self.all(), left)

    def reload(self) -> None:
        """Read the settings again and change what differs, soon."""
        self._asked.set()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            self._begin(group, self.all())
            while True:
                await self._asked.wait()
                self._asked.clear()
                await self._reload(group)

    async def _reload(self, group: asyncio.TaskGroup) -> None:
        """Change to the current settings; settings with errors are logged and change nothing."""
        if self._again is None:
            return
        before = self._opened
        try:
            settings = await asyncio.to_thread(self._again)
            if any(registry.is_past(entry) != self._past for entry in settings.sources):
                raise ConfigError("a change between live sources and archives needs a restart")
            opened = self._open(settings.sources, before)
        except ForewaveError as error:
            LOG.error("sources not reloaded, the old ones go on: %s", error)
            return
        except Exception:  # nothing in a file may end the machine
            LOG.exception("sources not reloaded, the old ones go on")
            return
        ended = [source for each in before if each not in opened for source in each.sources]
        await self._end(ended)
        self._opened = opened
        begun = [source for each in opened if each not in before for source in each.sources]
        if (left := self._left()) is not None:
            _resume(begun, left)
        self._begin(group, begun)
        kept = len(self.all()) - len(begun)
        LOG.info("sources reloaded: %d kept, %d ended, %d started", kept, len(ended), len(begun))

    def _open(self, wanted: Sequence[Struct], before: Sequence[_Opened]) -> list[_Opened]:
        """The sources of each entry; those of before, if it is unchanged."""
        known = list(before)
        opened = []
        for entry in wanted:
            same = next((each for each in known if each.entry == entry), None)
            if same is not None:
                known.remove(same)
            opened.append(same or _Opened(entry, tuple(registry.open_one(entry, self._rates))))
        sources = [source for each in opened for source in each.sources]
        registry.refuse_duplicates(sources)
        if not sources:
            raise ConfigError(
                "sources: there is no [[sources]] to receive packets from; add one, "
                "or let `forewave init --seedlink HOST` write it"
            )
        return opened

    def _begin(self, group: asyncio.TaskGroup, sources: Sequence[Source]) -> None:
        for source in sources:
            queue = open_queue(self._inbox, source)
            work = guarded(source, queue)
            self._tasks[source.name] = group.create_task(work, name=source.name)

    async def _end(self, sources: Sequence[Source]) -> None:
        tasks = [self._tasks.pop(source.name) for source in sources]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for source in sources:
            self._inbox.close(source.name)


def _resume(sources: Sequence[Source], left: Left) -> None:
    for source in sources:
        if isinstance(source, Resumes):
            source.resume(left)
