"""The process of one measured Python server: lines in, lines out.

python -m forewave.evaluate.bench.fanout.servers NAME OPTIONS

OPTIONS is JSON. It prints "listening PORT PATH". A line "publish NUMBER HEX" sends the payload to
all clients, after which it prints "sent BEGUN DONE HEX" (CLOCK_MONOTONIC, ns). It ends with its
input.
"""

import asyncio
import sys
import time
from importlib import import_module

import msgspec

from forewave.evaluate.bench.fanout.servers.base import Options, Server

LONGEST = 1 << 16  # bytes of a line


async def run(name: str, options: Options) -> None:
    """Serve until standard input ends."""
    module = import_module(f"forewave.evaluate.bench.fanout.servers.{name}")
    server: Server = await module.start(options)
    print("listening", server.port, server.path, flush=True)
    lines = asyncio.StreamReader(limit=LONGEST)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    while line := await lines.readline():
        print(await _publish(server, line.decode().split()), flush=True)


async def _publish(server: Server, words: list[str]) -> str:
    number, payload = int(words[1]), bytes.fromhex(words[2])
    begun = time.monotonic_ns()
    sent = await server.publish(number, payload)
    return f"sent {begun} {time.monotonic_ns()} {sent.hex()}"


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], msgspec.json.decode(sys.argv[2], type=Options)))
