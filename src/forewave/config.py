"""forewave.toml: one file, one section for each part, every key with a default.

A key that does not exist or a value of the wrong kind, range or unit is an error that names file,
key and what was expected. FOREWAVE_SECTION__KEY in the environment goes before the file.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from forewave.earth.gmm import MODELS
from forewave.errors import ConfigError, FormatError
from forewave.formats import bounded
from forewave.settings import NetworkSettings, ServerSettings, Settings, TownSettings
from forewave.sources import registry
from forewave.stations.settings import DetectorSettings

__all__ = ["NetworkSettings", "ServerSettings", "Settings", "TownSettings", "default_text", "read"]

PREFIX = "FOREWAVE_"
TOP = ("language",)  # what stands before the first section


SECTIONS: dict[str, Any] = {
    name: hint for name, hint in get_type_hints(Settings).items() if name not in (*TOP, "sources")
}
KEYS: dict[str, Any] = {"language": get_type_hints(Settings)["language"]} | {
    f"{section}.{key}": hint
    for section, kind in SECTIONS.items()
    for key, hint in get_type_hints(kind).items()
}
LIMITS = (  # the first pattern that fits a key: least, most, unit
    ("network.region", -180.0, 180.0, "degrees"),
    ("alerts.*intensity", 1.0, 12.0, "MMI"),
    ("shaking.floor", 1.0, 12.0, "MMI"),
    ("*.least_intensity", -3.0, 7.0, "JMA intensity"),
    ("stations.sta_*", 0.02, 5.0, "s"),
    ("stations.lta", 1.0, 300.0, "s"),
    ("stations.look_back", 0.5, 5.0, "s"),  # with the two below no more than the picker remembers
    ("stations.patience", 0.0, 4.0, "s"),
    ("stations.review", 0.0, 4.0, "s"),
    ("*likelihood", 0.0, 1.0, ""),
    ("*magnitude", 0.0, 10.0, ""),
    ("server.*port", 0, 65535, ""),
    ("relay.port", 0, 65535, ""),
    ("*.days", 0.0, 36_500.0, "days"),
    ("*.gb", 0.0, 1e6, "GB"),
    ("*vs30_ms", 100.0, 3000.0, "m/s"),
    ("*_km", 0.0, 20_000.0, "km"),
    ("*_hz", 0.0, 250.0, "Hz"),
    ("*_ms2", 0.0, 1000.0, "m/s^2"),
    ("*_ms", 0.0, 1000.0, "m/s"),
    ("*", 0.0, 1e9, ""),
)

NOTES = {
    "language": "of the pages until somebody chooses another",
    "network.name": "who warns, in titles and logs",
    "network.inventory": "StationXML or stations.csv",
    "network.region": "west, south, east, north; stations outside are not used",
    "network.remote": "NET.STA, with commas: coordinates are right though far from all others",
    "towns.min_population": "towns that get a forecast by name",
    "towns.radius_km": "and how near to a station",
    "server.host": "127.0.0.1: this machine only; 0.0.0.0: everybody who can reach it",
    "server.port": "the pages",
    "server.stream_port": "the live link of the pages",
    "server.names": "names under which pages may be asked for, with commas; addresses always may",
    "server.proxies": "addresses of reverse proxies whose X-Forwarded-For is believed",
    "server.token": 'to see status and metrics from another machine; "": from this one only',
    "server.tls_cert": "certificate (PEM) of pages and stream; then they speak TLS only",
    "server.tls_key": 'the certificate\'s key; "": it is in the same file',
    "keys.file": "the key that signs alerts; keep it secret",
    "alerts.mode": "actual, drill or test; pages show nothing of a test",
    "alerts.aware_intensity": "MMI from which people are told to be aware",
    "alerts.action_intensity": "MMI from which people are told to take action",
    "alerts.min_magnitude": "smaller earthquakes are not told",
    "alerts.min_likelihood": "of being real, 0 to 1",
    "alerts.max_epicentre_sigma_km": "an epicentre less sure than this is not told",
    "alerts.notices": "whether one station alone may warn those within 40 km of it",
    "alerts.max_notice_sigma_km": "the same as max_epicentre_sigma_km, for single-station alerts",
    "alerts.hold": "how far below a threshold a forecast must fall to lower the level",
    "alerts.interval": "seconds between two versions, unless the level rises",
    "shaking.model": "ground-motion model",
    "shaking.deep_model": "the same, of earthquakes below the crust",
    "shaking.observe": "whether motion that stations see corrects the forecast",
    "shaking.vs30_ms": "ground where it is not known: shear-wave velocity of the upper 30 m",
    "shaking.floor": "MMI below which towns get no forecast",
    "waveforms.folder": 'what came in, as an SDS archive; "": not kept',
    "waveforms.days": "older ones are removed",
    "waveforms.gb": "beyond it the oldest are removed",
    "record.folder": 'what the stations said and what was decided; "": not kept',
    "record.days": "older ones are removed",
    "record.gb": "beyond it the oldest are removed",
    "relay.on": "whether to hand on what comes in, as a SeedLink server",
    "relay.host": "127.0.0.1: this machine only",
    "relay.port": "of the SeedLink server",
    "relay.tls_cert": 'its certificate (PEM); then it speaks TLS only; "": no TLS',
    "relay.tls_key": 'the certificate\'s key; "": it is in the same file',
    "phones.on": "whether phones may send triggers",
    "phones.confirm": "whether what they see together is one witness beside the stations",
    "phones.alone": "whether it may warn without any station, locally; not calibrated yet",
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
    note = f"  # {NOTES[key]}" if key in NOTES else ""
    hidden = "# " * (inner or value is None)
    return f"{hidden}{key.rpartition('.')[2]} = {msgspec.json.encode(example).decode()}{note}"


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
    sources, faults = registry.survey(str(path), table.pop("sources", []), path.parent)
    values: dict[str, Any] = {}
    said = ((str(path), key, value) for key, value in _flat(table))
    for where, key, value in (*said, *_overrides(environment or {})):
        if len(faults) >= registry.MOST_FAULTS:
            break
        try:
            values[key] = _checked(where, key, value)
        except ConfigError as error:
            faults.append(str(error))
    settings = _settings(values, sources)
    for key, expected in _contradictions(settings):
        faults.append(f"{path}: {key}: expected {expected}, found {_found(values.get(key))}")
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
    if key not in KEYS:
        raise ConfigError(f"{where}: {key}: {_unknown(key)}")
    least, most, _ = _limits(key)
    try:
        converted = msgspec.convert(value, KEYS[key])
        for number in converted if isinstance(converted, tuple) else (converted,):
            if isinstance(number, int | float) and not least <= number <= most:
                raise ValueError
        if registry.has_control(converted):
            raise ValueError
    except ValueError:
        raise ConfigError(
            f"{where}: {key}: expected {_expected(key)}, found {_found(value)}"
        ) from None
    return converted


def _unknown(key: str) -> str:
    section, _, name = key.rpartition(".")
    anywhere = {k.rpartition(".")[2]: k for k in KEYS} | {s: s for s in SECTIONS}
    here = {k.rpartition(".")[2]: k for k in KEYS if k.rpartition(".")[0] == section}
    for known in (here, anywhere):
        for near in get_close_matches(name, known, 1):
            return f"there is no such key; did you mean {known[near]}?"
    return "there is no such key"


def _limits(key: str) -> tuple[float, float, str]:
    return next(limit[1:] for limit in LIMITS if fnmatchcase(key, limit[0]))


def _expected(key: str) -> str:
    """What may stand there, in words."""
    hint = KEYS[key]
    least, most, unit = _limits(key)
    span = f" {least:g}..{most:g} {unit}".rstrip() if most < 1e9 else f" of {least:g} or more"
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(f'"{choice}"' for choice in get_args(hint))
    numbers = next((h for h in (hint, *get_args(hint)) if get_origin(h) is tuple), None)
    if numbers:
        return f"a list of {len(get_args(numbers))} numbers{span}"
    return {int: f"a whole number{span}", float: f"a number{span}", bool: "true or false"}.get(
        hint, "text"
    )


def _found(value: Any) -> str:
    return str(value) if isinstance(value, float) else registry.found(value)


def _settings(values: Mapping[str, Any], sources: tuple[Struct, ...]) -> Settings:
    sections = {
        section: kind(
            **{k.partition(".")[2]: v for k, v in values.items() if k.startswith(f"{section}.")}
        )
        for section, kind in SECTIONS.items()
    }
    top = {key: value for key, value in values.items() if "." not in key}
    return Settings(**top, **sections, sources=sources)


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


def _contradictions(settings: Settings) -> Iterator[tuple[str, str]]:
    """(key, what was expected) of values that do not go together."""
    alerts, events, server = settings.alerts, settings.events, settings.server
    if alerts.action_intensity < alerts.aware_intensity:
        least = f"at least alerts.aware_intensity, {alerts.aware_intensity:g}"
        yield "alerts.action_intensity", least
    if events.withdraw_likelihood >= events.minimum_likelihood:
        below = f"below events.minimum_likelihood, {events.minimum_likelihood}"
        yield "events.withdraw_likelihood", below
    if server.port == server.stream_port != 0:
        yield "server.stream_port", f"another port than server.port, {server.port}"
    if settings.shaking.model not in MODELS:
        yield "shaking.model", "one of " + ", ".join(f'"{name}"' for name in MODELS)
    for section, named in (("server", server), ("relay", settings.relay)):
        if named.tls_key and not named.tls_cert:
            yield f"{section}.tls_cert", f"the certificate of {section}.tls_key"
    yield from _deaf(settings.stations)
    west, south, east, north = settings.network.region or (0.0, 0.0, 1.0, 1.0)
    if not (west < east and -90 <= south < north <= 90):
        yield "network.region", "west, south, east, north"
