"""`forewave run`: from forewave.toml to alerts, until it is interrupted."""

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from forewave import config
from forewave.config import KEYS as CONFIG_KEYS
from forewave.errors import ConfigError
from forewave.live.build import build
from forewave.live.log import LOG, open_log
from forewave.live.setup import check_ports
from forewave.process import malloc
from forewave.process.signals import ignore_hangup, until_interrupted
from forewave.process.systemd import Supervisor

KEYS = (*CONFIG_KEYS, "sources", "channels")  # with which a message about the settings begins


def run(path: Path, environment: Mapping[str, str]) -> None:
    """Run with the settings of a forewave.toml. Raises ForewaveError, one line, at the start."""
    began = time.monotonic()
    ignore_hangup()
    malloc.use_one()
    open_log()
    settings = config.read(path, environment)
    check_ports(settings)
    read_again = partial(config.read, path, environment)
    try:
        live = build(settings, path.parent, Supervisor(environment), read_again=read_again)
    except ConfigError as error:
        key = str(error).partition(":")[0].partition(" ")[0]
        raise ConfigError(f"{path}: {error}" if key in KEYS else str(error)) from error
    LOG.info("set up in %.1f s", time.monotonic() - began)
    until_interrupted(live.run(), live.reload)
    LOG.info("stopped")
