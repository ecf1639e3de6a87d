"""The tables of docs/reference/configuration.md and channels.md, from the fields of the settings.

python scripts/configuration.py           print the pages
python scripts/configuration.py --write   put the tables into them
"""

import argparse
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
from msgspec.structs import fields

from forewave import config, field
from forewave.channels.card import ChannelSettings
from forewave.channels.registry import CHANNELS
from forewave.earth.gmm import MODELS
from forewave.events.publication import TrackerSettings
from forewave.events.relations import RELATIONS
from forewave.settings import NetworkSettings, Settings
from forewave.shaking.forecaster import ShakingSettings
from forewave.shaking.intensity import SCALES
from forewave.sources import SOURCES

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "configuration.md"
CHANNEL_PAGE = PAGE.with_name("channels.md")
BLOCK = r"(<!-- {}: python scripts/configuration.py --write -->\n).*?(<!-- end of {} -->)"
NAMES = {  # keys whose values are names of cards
    (NetworkSettings, "scale"): SCALES,
    (ShakingSettings, "model"): MODELS,
    (ShakingSettings, "deep_model"): MODELS,
    (TrackerSettings, "relation"): RELATIONS,
}
HEAD = "| key | default | unit | limits | description |\n|---|---|---|---|---|\n"


def page(text: str) -> str:
    """The page with its tables as the fields are now. Raises ValueError without their marks."""
    return _filled(text, {"sections": sections(), "sources": sources()})


def channel_page(text: str) -> str:
    """The page of channels, likewise."""
    return _filled(text, {"channels": channels()})


def _filled(text: str, tables: Mapping[str, str]) -> str:
    for name, made in tables.items():
        block = re.compile(BLOCK.format(name, name), re.DOTALL)
        text, count = block.subn(lambda marks, made=made: marks[1] + made + marks[2], text)
        if count != 1:
            raise ValueError(f"the page has no place for {name}")
    return text


def sections() -> str:
    """One table for each section of forewave.toml; what stands before the first one first."""
    top = [each for each in fields(Settings) if each.name in config.TOP]
    tables = [HEAD + "".join(_rows(Settings, top))]
    tables += [_table(f"[{name}]", kind) for name, kind in config.SECTIONS.items()]
    return "\n" + "\n".join(tables) + "\n"


def sources() -> str:
    """One table for each kind of source."""
    tables = [_table(kind, card.settings) for kind, card in SOURCES.items()]
    return "\n" + "\n".join(tables) + "\n"


def channels() -> str:
    """The keys that all channels have, and for each type those that it has besides or otherwise."""
    common = {each.name: each.default for each in fields(ChannelSettings)}
    rows = "".join(_rows(ChannelSettings, fields(ChannelSettings)))
    tables = [f"### Keys of every channel\n\n{HEAD}{rows}"]
    for kind, card in CHANNELS.items():
        own = [e for e in fields(card.settings) if common.get(e.name, msgspec.UNSET) != e.default]
        what = " ".join((card.settings.__doc__ or "").split("\n\n")[0].split())
        tables.append(f"### `{kind}`\n\n{what}\n\n{HEAD}{''.join(_rows(card.settings, own))}")
    return "\n" + "\n".join(tables) + "\n"


def _table(name: str, kind: type) -> str:
    what = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
    return f"### `{name}`\n\n{what}\n\n{HEAD}{''.join(_rows(kind, fields(kind)))}"


def _rows(kind: type, shown: Any) -> Iterator[str]:
    hints = get_type_hints(kind, include_extras=True)
    for each in shown:
        hint = hints[each.name]
        names = ", ".join(NAMES.get((kind, each.name), ()))
        what = field.description(hint), names or field.limits(hint), field.unit(hint)
        description, limits, unit = (text.replace("|", r"\|") for text in what)
        yield f"| `{each.name}` | {_default(each)} | {unit} | {limits} | {description} |\n"


def _default(each: Any) -> str:
    if each.required:
        return "required"
    if each.default_factory is not msgspec.NODEFAULT:
        return f"`{msgspec.json.encode(each.default_factory()).decode()}`"
    if each.default is None:
        return "none"
    value = f"{each.default:.4g}" if isinstance(each.default, float) else None
    return f"`{value or msgspec.json.encode(each.default).decode()}`"


def main() -> None:
    """Print the pages, or write them."""
    parser = argparse.ArgumentParser(description="The tables of the settings, from the fields.")
    parser.add_argument("--write", action="store_true", help="into the pages")
    write = parser.parse_args().write
    for path, make in ((PAGE, page), (CHANNEL_PAGE, channel_page)):
        made = make(path.read_text(encoding="utf-8"))
        if write:
            path.write_text(made, encoding="utf-8")
        else:
            print(made, end="")


if __name__ == "__main__":
    main()
