"""Synthesize what an alert speaks: web/speech/<language>.clips, which the pages play.

Run after a spoken text has changed or a language has come:
    python scripts/speech_clips.py [LANGUAGE ...]

It needs espeak-ng and ffmpeg (Debian packages of these names), and pypinyin (PyPI) for Chinese.
What it writes is committed, so that nobody else needs them. A text without a clip, such as one
that was changed since, is spoken by the voice of the device.

A file holds four bytes (big-endian) with the length of an index in JSON, {text: [offset, length]},
the index, and the clips: MP3, mono, 16 kHz, about 10 kbit/s, which all browsers decode.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

WEB = Path(__file__).parents[1] / "web"
MOST_BYTES = 120_000
WORDS_PER_MINUTE = {"zh": 215}
USUAL_WORDS_PER_MINUTE = 170
BITRATE = "10k"
RATE_HZ = 16_000

# Without the scripts that leave out vowels (Arabic, Persian), and Japanese, whose readings of
# Chinese characters espeak-ng does not know: there the voice of the device speaks.
VOICES = {
    "en": "en-us",
    "zh": "cmn-latn-pinyin",
    "es": "es-419",
    "tr": "tr",
    "id": "id",
    "ne": "ne",
    "hi": "hi",
    "it": "it",
    "el": "el",
}
PROFILES = ("standard", "wheelchair", "seated", "bed", "driving", "outdoors")
KEYS = (
    *(f"spoken.{profile}" for profile in PROFILES),
    *(f"level.{mmi}" for mmi in range(4, 11)),
    "drill.spoken",
    "single.spoken",
    "shaking.spoken",
    *("passed.title", "passed.action"),
    *(f"cancelled.{part}" for part in ("title", "action", "detail")),
    *(f"ended.{part}" for part in ("title", "action", "detail")),
    *(f"concurrent.{which}.{part}" for which in ("first", "other") for part in ("title", "action")),
    "concurrent.detail",
)
# Spoken at 20, 10 and 5; a number that waits for other words is spoken as it is then.
NUMBERS = (20, 19, 10, 9, 5)
ZERO = {"latn": 0x30, "arab": 0x660, "arabext": 0x6F0, "deva": 0x966}

# No silence before the word, no rumble, and as loud as an alarm needs beside its tones.
SILENCE = "silenceremove=start_periods=1:start_threshold=-45dB"
FILTERS = ",".join(
    [
        f"{SILENCE},areverse,{SILENCE},areverse,highpass=f=150",
        "acompressor=threshold=-20dB:ratio=4:attack=5:release=60:makeup=4",
        f"alimiter=limit=0.85:level=true,aresample={RATE_HZ}",
    ]
)


def texts(code: str) -> list[str]:
    """All texts of a language that get a clip: its own, and those that it has of a relative."""
    own = read(code)
    family = [each for each in own["language"]["fallback"] if root(each) == root(code)]
    table = {k: v for each in [*reversed(family), code] for k, v in read(each)["pages"].items()}
    fixed = [table[key] for key in KEYS if key in table]
    number = table.get("seconds.spoken")
    digits = own["language"]["digits"]
    numbers = [number.replace("{n}", in_digits(n, digits)) for n in NUMBERS] if number else []
    return list(dict.fromkeys(plain(text) for text in (*fixed, *numbers)))


def read(code: str) -> dict[str, Any]:
    """The file of a language."""
    return tomllib.loads((WEB / "languages" / f"{code}.toml").read_text("utf-8"))


def in_digits(n: int, digits: str) -> str:
    """A number in the digits of a script, by CLDR's name of them."""
    return "".join(chr(ZERO[digits] + int(digit)) for digit in str(n))


def root(code: str) -> str:
    """es of es-419."""
    return code.split("-")[0]


def plain(text: str) -> str:
    """As web/core/output/clips.ts looks it up: on one line, without the stop at its end."""
    return re.sub(r"[.!?。！？\s]+$", "", re.sub(r"\s+", " ", text))


def clip(text: str, language: str) -> bytes:
    """The text as MP3."""
    voice = VOICES[language]
    said = pinyin(text) if language == "zh" else re.sub(r"\d", lambda d: str(int(d[0])), text)
    with tempfile.TemporaryDirectory() as folder:
        wav, mp3 = Path(folder) / "said.wav", Path(folder) / "said.mp3"
        speed = str(WORDS_PER_MINUTE.get(language, USUAL_WORDS_PER_MINUTE))
        subprocess.run(["espeak-ng", "-v", voice, "-s", speed, "-w", wav, said], check=True)
        encode = ["-af", FILTERS, "-ac", "1", "-c:a", "libmp3lame", "-abr", "1", "-b:a", BITRATE]
        bare = [
            "-map_metadata",
            "-1",
            "-id3v2_version",
            "0",
            "-write_xing",
            "0",
            "-fflags",
            "+bitexact",
        ]
        command = ["ffmpeg", "-v", "error", "-y", "-i", wav, *encode, *bare, mp3]
        subprocess.run(command, check=True)
        return mp3.read_bytes()


def pinyin(text: str) -> str:
    """Chinese in the Latin letters and tones that the voice reads."""
    from pypinyin import Style, lazy_pinyin

    clauses = re.split(r"[\s，。：；、！？,.]+", re.sub(r"\d+", lambda n: numeral(int(n[0])), text))
    style = {"style": Style.TONE3, "neutral_tone_with_five": True}
    return ", ".join("".join(lazy_pinyin(clause, **style)) for clause in clauses if clause) + "."


def numeral(n: int) -> str:
    """0 to 99 in Chinese characters."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(n, 10)
    first = ("" if tens < 2 else digits[tens]) + ("十" if tens else "")
    return first + (digits[ones] if ones or not tens else "")


def pack(clips: dict[str, bytes]) -> bytes:
    """The file of a language."""
    index, at = {}, 0
    for text, body in clips.items():
        index[text] = [at, len(body)]
        at += len(body)
    head = json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode()
    return len(head).to_bytes(4, "big") + head + b"".join(clips.values())


def main(wanted: list[str]) -> None:
    """Write the files of the wanted languages, or of all that have a voice."""
    all_codes = sorted(path.stem for path in (WEB / "languages").glob("*.toml"))
    for code in wanted or all_codes:
        language = root(code)
        if language not in VOICES:
            print(f"{code}: no voice")
            continue
        body = pack({text: clip(text, language) for text in texts(code)})
        if len(body) > MOST_BYTES:
            sys.exit(f"{code}: {len(body)} bytes, more than {MOST_BYTES}")
        (WEB / "speech").mkdir(exist_ok=True)
        (WEB / "speech" / f"{code}.clips").write_bytes(body)
        print(f"{code}: {len(body)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
