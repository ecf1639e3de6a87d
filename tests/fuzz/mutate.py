"""Inputs made from good ones: bytes flipped, cut, doubled, spliced, and numbers that are too much.

Everything follows from the random numbers that are given: the same seed makes the same input.
"""

import random
import re
import struct
from collections.abc import Sequence

LONGEST = 1_000_000  # bytes of an input
MOST_GROWN = 100_000  # bytes by which a part may grow that is repeated
GROWN = 0.01  # share of inputs in which a part is repeated many times
ROUNDS = (1, 1, 1, 2, 3, 5, 10)  # changes to one input
NUMBER = re.compile(rb"-?\d+(\.\d+)?")

TOKENS = (
    *(b"nan", b"NaN", b"inf", b"-inf", b"Infinity", b"1e400", b"-1e400", b"1e308", b"1e-320"),
    *(b"0", b"-0", b"-1", b"9" * 30, b"1" * 400, b"0x10", b"1_0", b"\xd9\xa1", b"1e9", b"2.5"),
    *(b"2147483648", b"4294967296", b"18446744073709551616", b"4102444800", b"-62135596800"),
    *(b"null", b"true", b"[]", b"{}", b'"', b"'", b"\\", b"\\u0000", b"\\ud800", b"\x00", b"\x80"),
    *(b"\xff\xfe", b"\xc3\x28", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\xc2\xa0", b"\x1f\x8b"),
    *(b"../../etc/passwd", b"/etc/x", b"C:\\x", b"\r\n", b"\n", b"\r", b",", b"|", b"_", b"*"),
    *(b"1970-01-01T00:00:00Z", b"2100-01-01T00:00:00Z", b"9999-12-31T23:59:59", b"0001-01-01"),
    *(b"2016-12-31T23:59:60Z", b"2020-02-30", b"%s%n", b"<a>", b"&lol;", b"<![CDATA[", b"<!--"),
    *(b"[" * 2000, b'{"a":' * 2000, b"<a>" * 300, b"(" * 500, b"A" * 70_000, b"?" * 40),
    *(b"\xff" * 4, b"\0" * 4, b"\x91" * 3000, b"\x81\xa1a" * 1500, b"**9999", b"^-99"),
)
WHOLE = (0, 1, 2**16 - 1, 2**24, 2**31 - 1, 2**31, 2**32 - 1)
REAL = (float("nan"), float("inf"), -1.0, 0.0, 1e-320, 1e300, -1e300, 1e9, 4.2e9)


def mutated(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds, changed in one to ten places."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.choice(ROUNDS)):
        _change(rng, data, seeds)
    if rng.random() < GROWN:
        _grow(rng, data)
    return bytes(data[:LONGEST])


def _change(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    if not data:
        data += rng.choice(TOKENS)
        return
    at = rng.randrange(len(data))
    match rng.randrange(12):
        case 0:
            data[at] ^= 1 << rng.randrange(8)
        case 1:
            data[at] = rng.randrange(256)
        case 2:
            del data[at:]
        case 3:
            del data[at : at + rng.choice((1, 2, 4, 8, 64))]
        case 4:
            data[at:at] = rng.choice(TOKENS)
        case 5:
            token = rng.choice(TOKENS)
            data[at : at + len(token)] = token
        case 6:
            end = rng.randrange(at, min(len(data), at + 200))
            data[at:at] = data[at:end]
        case 7:
            data[at : at + 4] = rng.randbytes(4)
        case 8:
            _renumber(rng, data)
        case 9:
            data[at : at + 8] = struct.pack(rng.choice(("<d", ">d")), rng.choice(REAL))
        case 10:
            data[at : at + 4] = struct.pack(rng.choice(("<I", ">I")), rng.choice(WHOLE))
        case _:
            other = rng.choice(seeds)
            data[at:] = other[min(at, len(other)) :]


def _renumber(rng: random.Random, data: bytearray) -> None:
    """Another number in the place of a written one."""
    numbers = list(NUMBER.finditer(bytes(data[:20_000])))
    if numbers:
        found = rng.choice(numbers)
        data[found.start() : found.end()] = rng.choice(TOKENS)


def _grow(rng: random.Random, data: bytearray) -> None:
    """A part of it many times in a row: what takes time or memory by the square shows here."""
    at = rng.randrange(len(data) + 1)
    part = data[at : at + rng.choice((1, 2, 8, 40, 200))] or b"x"
    times = rng.choice((100, 1000, 10_000))
    data[at:at] = bytes(part) * min(times, MOST_GROWN // len(part))
