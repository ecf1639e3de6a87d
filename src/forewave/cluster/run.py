"""`forewave run --role ROLE`: one role of a cluster, until it is interrupted."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from forewave import config
from forewave.cluster.build import build
from forewave.cluster.roles.decide import Decide
from forewave.cluster.roles.gateway import GatewayRole
from forewave.cluster.roles.ingest import Ingest
from forewave.cluster.roles.record import Record
from forewave.cluster.wire import Role
from forewave.live.log import LOG, open_log
from forewave.live.setup import check_ports
from forewave.process import malloc
from forewave.process.signals import ignore_hangup, until_interrupted
from forewave.process.systemd import Supervisor
from forewave.settings import Settings

ALIVE = 0.5  # seconds between two notifications


def run(path: Path, environment: Mapping[str, str], role: Role, given: Mapping[str, str]) -> None:
    """Run a role with the settings of a forewave.toml.

    given: keys of [cluster] from the command line. Raises ForewaveError, one line, at the start.
    """
    ignore_hangup()
    malloc.use_one()
    open_log()
    read = partial(_read, path, environment, given)
    settings = read()
    if role == "gateway":
        check_ports(settings, shared=settings.cluster.share_port)
    supervisor = Supervisor(environment)
    made = build(settings, path.parent, role, read)
    LOG.info("role %s, region %s", role, settings.cluster.region)
    until_interrupted(_supervised(made.run(), supervisor), _on_hangup(made))
    LOG.info("stopped")


def _on_hangup(made: Ingest | Decide | GatewayRole | Record) -> Callable[[], None]:
    """What SIGHUP does. It never ends a role: it may be sent to all of them at once."""
    if isinstance(made, Ingest | GatewayRole):
        return made.reload
    return partial(LOG.info, "SIGHUP: this role reads nothing again; restart it after a change")


async def _supervised(work: Coroutine[Any, Any, None], supervisor: Supervisor) -> None:
    """Run a role; systemd restarts a process whose event loop hangs."""

    async def alive() -> None:
        while True:
            supervisor.alive()
            await asyncio.sleep(ALIVE)

    supervisor.ready()
    notifying = asyncio.create_task(alive())
    try:
        await work
    finally:
        notifying.cancel()
        supervisor.stopping()


def _read(path: Path, environment: Mapping[str, str], given: Mapping[str, str]) -> Settings:
    settings = config.read(path, environment)
    return replace(settings, cluster=replace(settings.cluster, **given))
