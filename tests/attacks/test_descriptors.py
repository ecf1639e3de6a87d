"""Whoever opens connections without end takes a share of the descriptors, never the last one."""

import json
import subprocess
import sys

LIMIT = 96

MACHINE = f"""
import asyncio, json, os, resource, socket, tempfile
resource.setrlimit(resource.RLIMIT_NOFILE, ({LIMIT}, {LIMIT}))
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.archive import travel_time
from forewave.relay.server import Relay

faults = []


async def main():
    asyncio.get_running_loop().set_exception_handler(lambda loop, what: faults.append(str(what)))
    gateway = Gateway(signing.generate(), lambda: 1.79e9, travel_time.load(), port=0, stream_port=0)
    relay = Relay()
    await gateway.start()
    await relay.start()
    print(json.dumps([gateway.port, relay.port]), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, input)
    while min(gateway.stream.counts["pages full"], relay.counts["full"]) <= 200:
        await asyncio.sleep(0)
    files = [tempfile.TemporaryFile() for _ in range(8)]
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(*address)
    await reader.read()
    used = len(os.listdir("/proc/self/fd"))
    refused = dict(gateway.stream.counts) | {{"relay": relay.counts["full"]}}
    print(json.dumps([used, refused, faults]), flush=True)
    os._exit(0)


asyncio.run(main())
"""

CROWD = """
import socket, sys
held = [socket.create_connection(("127.0.0.1", int(port))) for port in sys.argv[1:]
        for _ in range(300)]
print("held", flush=True)
sys.stdin.read()
"""


def test_600_connections_leave_descriptors_for_sources_and_files():
    """Both ports together; without a line in the log, and without a busy loop."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    machine = subprocess.Popen([sys.executable, "-c", MACHINE], **pipes)
    crowd = None
    try:
        ports = json.loads(machine.stdout.readline())
        crowd = subprocess.Popen([sys.executable, "-c", CROWD, *map(str, ports)], **pipes)
        assert crowd.stdout.readline() == "held\n"
        machine.stdin.write("\n")
        machine.stdin.flush()
        used, refused, faults = json.loads(machine.stdout.readline())
    finally:
        for process in (machine, crowd):
            if process is not None:
                process.kill()
                process.communicate()
    assert used < LIMIT
    assert faults == []
    assert min(refused[each] for each in ("pages full", "relay")) > 200
