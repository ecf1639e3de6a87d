import asyncio
from contextlib import asynccontextmanager

import pytest
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
from pymodbus.server import ModbusTcpServer

from forewave.channels.registry import make_all
from forewave.errors import ConfigError
from tests.channels.made import context, entries, seal_now, serving, until
from tests.sources.broker import free_port

pytestmark = pytest.mark.live
COIL, DRILL = 3, 5


@asynccontextmanager
async def device(port):
    """A Modbus device with ten coils, all on, as after a restart in the middle of an alert."""
    coils = ModbusSequentialDataBlock(1, [True] * 10)
    block = ModbusServerContext(devices=ModbusDeviceContext(co=coils), single=True)
    server = ModbusTcpServer(block, address=("127.0.0.1", port))
    serving = asyncio.create_task(server.serve_forever())
    await asyncio.sleep(0.05)
    try:
        yield
    finally:
        await server.shutdown()
        await asyncio.gather(serving, return_exceptions=True)


class Looking:
    """What another client of the device reads."""

    def __init__(self, port):
        self.client = AsyncModbusTcpClient("127.0.0.1", port=port)

    async def coils(self):
        if not self.client.connected:
            await self.client.connect()
        read = await self.client.read_coils(0, count=8, device_id=1)
        return {n for n, on in enumerate(read.bits) if on and n in (COIL, DRILL)}

    async def until(self, coils):
        async with asyncio.timeout(20.0):
            while True:
                if await self.coils() == coils:
                    return
                await asyncio.sleep(0.01)


def table(port, **more):
    return {"type": "modbus", "host": "127.0.0.1", "port": port, "coil": COIL, **more}


def switched(tmp_path, work, **more):
    async def main():
        port = free_port()
        async with device(port):
            looking = Looking(port)
            async with serving(tmp_path, table(port, **more)) as (chain, _):
                await work(chain, looking)
            left = await looking.coils()
            looking.client.close()
            return left

    return asyncio.run(main())


def test_the_coil_is_off_at_the_start_on_during_the_alert_and_off_after_it(tmp_path):
    async def work(chain, looking):
        await looking.until({DRILL})
        chain.publish(seal_now(lasts=1.5))
        await looking.until({COIL, DRILL})
        await looking.until({DRILL})

    assert switched(tmp_path, work) == {DRILL}


def test_the_coil_is_off_after_a_cancel_and_where_forewave_ends_during_an_alert(tmp_path):
    async def work(chain, looking):
        chain.publish(seal_now())
        await looking.until({COIL})
        chain.publish(seal_now(version=2, kind="cancel", why="false"))
        await looking.until(set())
        chain.publish(seal_now(event="e2"))
        await looking.until({COIL})

    assert switched(tmp_path, work, drill_coil=DRILL) == set()


def test_a_drill_has_a_coil_of_its_own(tmp_path):
    async def work(chain, looking):
        chain.publish(seal_now(mode="drill", lasts=1.5))
        await looking.until({DRILL})
        await looking.until(set())

    switched(tmp_path, work, drills=True, drill_coil=DRILL)


def test_a_coil_may_be_inverted(tmp_path):
    async def work(chain, looking):
        await looking.until({COIL, DRILL})
        chain.publish(seal_now(lasts=1.5))
        await looking.until({DRILL})
        await looking.until({COIL, DRILL})

    switched(tmp_path, work, inverted=True)


def test_a_device_that_comes_back_during_an_alert_is_switched_on(tmp_path):
    async def main():
        port = free_port()
        async with serving(tmp_path, table(port, timeout=2.0)) as (chain, _):
            await until(lambda: chain.workers[0].counts["open failed: no connection"])
            chain.publish(seal_now())
            async with device(port):
                looking = Looking(port)
                await until(lambda: chain.workers[0].counts["sent first"])
                await looking.until({COIL, DRILL})
                looking.client.close()

    asyncio.run(main())


@pytest.mark.parametrize("more", [{"drills": True}, {"drills": True, "drill_coil": COIL}])
def test_drills_need_another_coil(tmp_path, more):
    with pytest.raises(ConfigError, match="drill_coil"):
        make_all(entries(table(1, **more), folder=tmp_path), context(tmp_path))
