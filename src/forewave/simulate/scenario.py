"""Scenarios: TOML files with earthquakes, a network, telemetry and disturbances.

The keys are listed in docs/reference/scenarios.md.
"""

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from forewave.earth.travel_time import VELOCITY_MODELS
from forewave.errors import ConfigError, FormatError
from forewave.formats import bounded
from forewave.simulate.disturbances.kinds import AnyDisturbance
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.network import Fdsn, Layout, Recorded
from forewave.simulate.telemetry import Telemetry


class Scenario(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The input of a simulation; the same scenario gives byte-identical results."""

    name: str = ""
    title: str = ""
    start: Annotated[datetime, Meta(tz=True)] = datetime(2030, 1, 1, tzinfo=UTC)
    duration: Annotated[float, Meta(gt=1, le=7200)] = 120.0
    seed: Annotated[int, Meta(ge=0)] = 1
    kappa: Annotated[float, Meta(ge=0, le=0.2)] = 0.04
    velocity_model: str = "iasp91"
    network: Layout
    earthquake: tuple[Earthquake, ...] = ()
    telemetry: Telemetry | None = None
    disturbance: tuple[AnyDisturbance, ...] = ()


def built_in() -> list[str]:
    """Names of the built-in scenarios."""
    folder = files("forewave.simulate") / "scenarios"
    return sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml"))


def load_scenario(path_or_name: str | Path) -> Scenario:
    """A scenario from a file, or a built-in one by its name.

    Raises ConfigError: one line with file, key and expected value.
    """
    named = str(path_or_name)
    if named in built_in():
        text = (files("forewave.simulate") / "scenarios" / f"{named}.toml").read_text("utf-8")
        return parse(text, f"{named}.toml")
    path = Path(path_or_name)
    try:
        with bounded.faults_of(path):
            text = bounded.text(path, bounded.SETTINGS)
    except OSError as error:
        known = ", ".join(built_in())
        raise ConfigError(f"{path}: {error.strerror}; built-in scenarios: {known}") from None
    except FormatError as error:
        raise ConfigError(str(error)) from None
    return parse(text, str(path))


def parse(text: str, file: str) -> Scenario:
    """A scenario from TOML text; `file` is named in errors and relative paths start from it."""
    try:
        with bounded.faults_of(file):
            found = msgspec.convert(bounded.toml(text), Scenario)
    except FormatError as error:
        raise ConfigError(str(error)) from None
    _check(found, file)
    network = found.network
    if isinstance(network, Recorded | Fdsn):
        absolute = str(Path(file).parent / network.path)
        network = msgspec.structs.replace(network, path=absolute)
    name = found.name or Path(file).stem
    return msgspec.structs.replace(found, name=name, network=network)


def _check(scenario: Scenario, file: str) -> None:
    """Checks across fields."""
    if scenario.velocity_model not in VELOCITY_MODELS:
        expected = ", ".join(VELOCITY_MODELS)
        raise ConfigError(
            f"{file}: velocity_model is {scenario.velocity_model!r}, expected one of {expected}"
        )
    for key, items in (("earthquake", scenario.earthquake), ("disturbance", scenario.disturbance)):
        for index, item in enumerate(items):
            if item.after >= scenario.duration:
                raise ConfigError(
                    f"{file}: {key}[{index}].after is {item.after:g} s, expected less than "
                    f"the duration of {scenario.duration:g} s"
                )
