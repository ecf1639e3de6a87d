"""All processes of a cluster on this machine, and a relay that plays an earthquake into it."""

import json
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from forewave.cluster.demo.nodes import Nodes
from forewave.cluster.demo.process import Process, free_ports
from forewave.delivery import signing
from forewave.formats.recordings import event_directory
from forewave.simulate import simulator
from forewave.simulate.scenario import load_scenario
from forewave.types import Mode

COMMAND = [sys.executable, "-c", "from forewave.cli.start import start; start()"]
LOOK = 0.05  # seconds
_CONFIG = """
[network]
name = "cluster-demo"
inventory = "{inventory}/stations.csv"
[server]
port = {port}
[keys]
file = "{key}"
[alerts]
mode = "{mode}"
[waveforms]
folder = ""
[record]
folder = "record"
[cluster]
bus = "{bus}"
[[sources]]
kind = "seedlink"
server = "127.0.0.1:{relay}"
stations = {stations}
"""


class Stage:
    """NATS nodes, `decides`, `gateways`, one ingest and a relay; made here, started by `start`.

    folder: empty or new. scenario: a built-in one or a file. plays: how often it is played.
    """

    def __init__(
        self,
        folder: Path,
        scenario: str = "sichuan",
        *,
        plays: int = 1,
        gateways: int = 3,
        decides: int = 2,
        mode: Mode = "drill",
        more: str = "",
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._mode, self._more = folder, mode, more
        self.nodes = Nodes(folder)
        self._write_recording(scenario)
        keys = signing.generate()
        keys.save(folder / "forewave.key")
        keys.save_public(folder / "public.pem")
        self.keys = keys
        (self._relay_port,) = free_ports(1)
        played = [str(folder / "earthquake")] * plays
        relay = ["relay", *played, "--port", str(self._relay_port), "--wait", "600"]
        self.relay = Process("relay", [*COMMAND, *relay], folder, {})
        self.ingest = self._role("ingest", "ingest")
        self.decides = [self._role("decide", f"decide-{n + 1}") for n in range(decides)]
        self.ports = free_ports(gateways)
        self.gateways = [
            self._role("gateway", f"gateway-{n + 1}", port) for n, port in enumerate(self.ports)
        ]

    def _write_recording(self, scenario: str) -> None:
        made = simulator.simulate(load_scenario(scenario))
        parts = made.info, made.stations, made.segments, made.receipts
        event_directory.write(self.folder / "earthquake", *parts)
        self._stations = json.dumps([station.code for station in made.stations])

    def _role(self, role: str, name: str, port: int = 0) -> Process:
        key = "public.pem" if role == "gateway" else "forewave.key"
        text = _CONFIG.format(
            inventory="earthquake",
            key=key,
            port=port,
            mode=self._mode,
            bus=self.nodes.bus,
            relay=self._relay_port,
            stations=self._stations,
        )
        (self.folder / f"{name}.toml").write_text(text + self._more)
        typed = ["run", "-c", f"{name}.toml", "--role", role, "--name", name]
        return Process(name, [*COMMAND, *typed], self.folder, {"PYTHONUNBUFFERED": "1"})

    @property
    def processes(self) -> Sequence[Process]:
        """All of them, those first that have to end first."""
        roles = self.relay, self.ingest, *self.decides, *self.gateways
        return (*roles, *self.nodes.processes)

    def start(self) -> None:
        """Start everything but the relay, on which the earthquake depends."""
        self.nodes.start()
        for process in (*self.gateways, *self.decides):
            process.start()
        self.relay.start()

    def end(self) -> None:
        """End everything: the roles together, then the nodes that they are connected to."""
        roles, nodes = self.processes[: -len(self.nodes.processes)], self.nodes.processes
        for group in (roles, nodes):
            for process in group:
                process.signal(signal.SIGCONT)
                process.signal(signal.SIGTERM)
            for process in group:
                process.end()


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it becomes true within so many seconds."""
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(LOOK)
    return True
