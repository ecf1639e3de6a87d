"""forewave.toml: one file, one section for each part, every key with a default.

A key that does not exist or a value of the wrong kind, range or unit is an error that names file,
key and what was expected. FOREWAVE_SECTION__KEY in the environment goes before the file.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct

from forewave import field
from forewave.earth.gmm import MODELS
from forewave.errors import ConfigError, FormatError
from forewave.events.relations import ENVELOPES, RELATIONS
from forewave.formats import bounded
from forewave.settings import RENAMED, NetworkSettings, ServerSettings, Settings, TownSettings
from forewave.shaking.intensity import SCALES
from forewave.sources import blocks, registry
from forewave.stations.settings import DetectorSettings

__all__ = ["NetworkSettings", "ServerSettings", "Settings", "TownSettings", "default_text", "read"]

PREFIX = "FOREWAVE_"
BLOCKS = ("sources", "channels")  # whose entries have a type each, read by a registry
TOP = ("language",)  # what stands before the first section

SECTIONS: dict[str, Any] = {
    name: hint for name, hint in get_type_hints(Settings).items() if name not in (*TOP, *BLOCKS)
}
KEYS: dict[str, Any] = {"language": get_type_hints(Settings, include_extras=True)["language"]} | {
    f"{section}.{key}": hint
    for section, kind in SECTIONS.items()
    for key, hint in get_type_hints(kind, include_extras=True).items()
}
INNER = ("events", "stations")  # their keys are shown, but few have a reason to touch them


def default_text(sources: Iterable[str] = registry.EXAMPLE) -> str:
    """A forewave.toml that says every key, its default and what it is for.

    sources: the lines of its last part, where packets come from.
    """
    defaults = Settings()
    lines = [
        "# Settings of forewave. Every key may be left out; each shows its default.",
        "# FOREWAVE_SECTION__KEY in the environment goes before what stands here.",
        _line("language", defaults.language, False),
    ]
    for section in SECTIONS:
        inner = section in INNER
        lines += ["", f"[{section}]"]
        lines += ["# Change these only with recordings at hand to see what it does."] * inner
        values = msgspec.to_builtins(getattr(defaults, section))
        lines += [_line(f"{section}.{key}", value, inner) for key, value in values.items()]
    lines += ["", *sources]
    return "\n".join(lines) + "\n"


def _line(key: str, value: Any, inner: bool) -> str:
    example = [95.0, 21.0, 108.0, 35.0] if value is None else value
    hint = KEYS[key]
    description, limits = field.description(hint), field.limits(hint, field.unit(hint))
    note = f"{description} ({limits})" if limits else description
    hidden = "# " * (inner or value is None)
    return f"{hidden}{key.rpartition('.')[2]} = {msgspec.json.encode(example).decode()}  # {note}"


def read(path: str | Path, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in `path`, overridden by FOREWAVE_SECTION__KEY in `environment`.

    Raises ConfigError, one line that names the file (or variable), the key and what was expected.
    """
    settings, faults = survey(path, environment)
    if faults:
        raise ConfigError(faults[0])
    return settings


def survey(
    path: str | Path, environment: Mapping[str, str] | None = None
) -> tuple[Settings, list[str]]:
    """The settings as far as they can be read, and one line for everything that cannot.

    Raises ConfigError where the file is not there, or is no TOML.
    """
    path = Path(path)
    try:
        with bounded.faults_of(path):
            table = bounded.toml(bounded.text(path, bounded.SETTINGS))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except FormatError as error:
        raise ConfigError(str(error)) from None
    sources, faults = registry.read_all(str(path), table.pop("sources", []), path.parent)
    channels = _blocks(path, "channels", table.pop("channels", []), faults)
    values: dict[str, Any] = {}
    in_file = ((str(path), key, value) for key, value in _flat(table))
    for where, key, value in (*in_file, *_overrides(environment or {})):
        if len(faults) >= blocks.MOST_FAULTS:
            break
        try:
            values[key] = _checked(where, key, value)
        except ConfigError as error:
            faults.append(str(error))
    settings = _settings(values, sources, channels)
    for key, expected in _contradictions(settings):
        faults.append(f"{path}: {key}: expected {expected}, found {_found_of(key, values)}")
    return settings, faults


def _flat(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(section.key, value) of all that the file says."""
    for name, value in table.items():
        if name in SECTIONS and isinstance(value, dict):
            yield from ((f"{name}.{key}", inner) for key, inner in value.items())
        else:
            yield name, value


def _overrides(environment: Mapping[str, str]) -> Iterator[tuple[str, str, Any]]:
    """(variable, section.key, value): TOML where it reads as TOML, else text."""
    for variable in sorted(environment):
        key = variable.removeprefix(PREFIX).lower().replace("__", ".")
        if variable.startswith(PREFIX) and (key in KEYS or "." in key):
            text = environment[variable]
            try:
                yield variable, key, tomllib.loads(f"value = {text}")["value"]
            except tomllib.TOMLDecodeError:
                yield variable, key, text


def _checked(where: str, key: str, value: Any) -> Any:
    """The value as the key's type, within its limits."""
    if key in SECTIONS:
        raise ConfigError(f"{where}: {key}: expected a section, found {_found(value)}")
    if key in RENAMED:
        raise ConfigError(f"{where}: {key} was renamed {RENAMED[key]}")
    if key not in KEYS:
        raise ConfigError(f"{where}: {key}: {_unknown(key)}")
    try:
        converted = msgspec.convert(value, KEYS[key])
        if blocks.has_control(converted):
            raise ValueError
    except ValueError:
        expected = field.expected(KEYS[key])
        raise ConfigError(f"{where}: {key}: expected {expected}, found {_found(value)}") from None
    return converted


def _unknown(key: str) -> str:
    section, _, name = key.rpartition(".")
    anywhere = {k.rpartition(".")[2]: k for k in KEYS} | {s: s for s in SECTIONS}
    here = {k.rpartition(".")[2]: k for k in KEYS if k.rpartition(".")[0] == section}
    for known in (here, anywhere):
        for near in get_close_matches(name, known, 1):
            return f"there is no such key; did you mean {known[near]}?"
    return "there is no such key"


def _found(value: Any) -> str:
    return str(value) if isinstance(value, float) else blocks.shown(value)


def _found_of(key: str, values: Mapping[str, Any]) -> str:
    """The value of a key; where the file does not say it, its default."""
    if key in values:
        return _found(values[key])
    section, _, name = key.rpartition(".")
    default = getattr(getattr(Settings(), section), name)
    return "nothing" if default in (None, "") else f"its default {_found(default)}"


def _blocks(path: Path, name: str, found: Any, faults: list[str]) -> tuple[dict[str, Any], ...]:
    """The tables of one name, as they are; what else stands there is a fault."""
    if isinstance(found, list) and all(isinstance(table, dict) for table in found):
        return tuple(found)
    faults.append(f"{path}: {name}: expected blocks that begin with [[{name}]]")
    return ()


def _settings(
    values: Mapping[str, Any], sources: tuple[Struct, ...], channels: tuple[dict[str, Any], ...]
) -> Settings:
    sections = {
        section: kind(
            **{k.partition(".")[2]: v for k, v in values.items() if k.startswith(f"{section}.")}
        )
        for section, kind in SECTIONS.items()
    }
    top = {key: value for key, value in values.items() if "." not in key}
    return Settings(**top, **sections, sources=sources, channels=channels)


def _deaf(stations: DetectorSettings) -> Iterator[tuple[str, str]]:
    """The same of filters that would leave the picker nothing."""
    lowest, highest = stations.band_hz
    if not 0.0 < lowest < highest:
        yield "stations.band_hz", "two frequencies above 0, the lower one first"
    elif not lowest <= stations.upper_hz < highest:
        yield "stations.upper_hz", f"one within stations.band_hz, {lowest:g}..{highest:g} Hz"
    for name in ("high_pass_hz", "displacement_high_pass_hz"):
        if getattr(stations, name) > lowest:
            yield f"stations.{name}", f"at most the lower one of stations.band_hz, {lowest:g} Hz"


def _one_of(names: Iterable[str]) -> str:
    return "one of " + ", ".join(f'"{name}"' for name in names)


def _contradictions(settings: Settings) -> Iterator[tuple[str, str]]:
    """(key, what was expected) of values that do not go together."""
    alerts, events, server = settings.alerts, settings.events, settings.server
    if alerts.action_intensity < alerts.aware_intensity:
        least = f"at least alerts.aware_intensity, {alerts.aware_intensity:g}"
        yield "alerts.action_intensity", least
    if events.withdraw_likelihood >= alerts.min_likelihood:
        below = f"below alerts.min_likelihood, {alerts.min_likelihood}"
        yield "events.withdraw_likelihood", below
    if server.port == server.stream_port != 0:
        yield "server.stream_port", f"another port than server.port, {server.port}"
    if settings.shaking.model not in MODELS:
        yield "shaking.model", _one_of(MODELS)
    if events.relation not in (ENVELOPES, *RELATIONS):
        yield "events.relation", _one_of((ENVELOPES, *RELATIONS))
    if settings.network.scale not in SCALES:
        yield "network.scale", _one_of(SCALES)
    for section, named in (("server", server), ("relay", settings.relay)):
        if named.tls_key and not named.tls_cert:
            yield f"{section}.tls_cert", f"the certificate of {section}.tls_key"
    yield from _deaf(settings.stations)
    west, south, east, north = settings.network.region or (0.0, 0.0, 1.0, 1.0)
    if not (west < east and -90 <= south < north <= 90):
        yield "network.region", "west, south, east, north"
