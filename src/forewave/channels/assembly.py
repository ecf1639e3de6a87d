"""The chain of a running machine, made of the [[channels]] of its settings."""

from collections.abc import Callable, Mapping
from pathlib import Path

from forewave.channels import registry
from forewave.channels.card import ChannelSettings, Context
from forewave.channels.sending.chain import Chain
from forewave.earth.travel_time import TravelTimes
from forewave.settings import Settings


def entries_of(settings: Settings, folder: Path) -> tuple[ChannelSettings, ...]:
    """The entries of [[channels]]. Raises ConfigError, one line."""
    return registry.read("", settings.channels, folder)


def chain(
    settings: Settings,
    folder: Path,
    trusted: Callable[[], Mapping[str, bytes]],
    clock: Callable[[], float],
    travel_times: TravelTimes,
    *,
    record: Path | None = None,
    past: bool = False,
) -> Chain:
    """The chain of a machine whose keys are `trusted`; the rest as in Chain.

    folder: what paths in the settings are relative to. Raises ConfigError, one line.
    """
    entries = entries_of(settings, folder)
    context = Context(clock, folder, record, settings.language, trusted)
    channels = registry.make_all(entries, context)
    coarse = travel_times.coarse()
    return Chain(entries, channels, trusted, clock, coarse, record=record, past=past)
