import asyncio
from contextlib import asynccontextmanager

import pytest
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from forewave.channels.registry import make_all
from forewave.errors import ConfigError
from tests.channels.made import context, entries, seal_now, serving, until
from tests.sources.broker import free_port

pytestmark = pytest.mark.live
