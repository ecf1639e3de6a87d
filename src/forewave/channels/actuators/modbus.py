"""A coil of a PLC or relay module by Modbus TCP (MODBUS Application Protocol 1.1b3, function 5).

The protocol knows no passwords: whoever reaches the device can switch it. Keep it in a network of
its own. If the connection breaks in the middle of an alert only the device itself can switch off:
use its watchdog, if it has one.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from forewave.channels.actuators.switch import Switch, SwitchSettings
from forewave.channels.card import Card, Context, DeliveryError
from forewave.errors import ConfigError
from forewave.field import Port, about
from forewave.sources.exposure import Exposure

if TYPE_CHECKING:
    from pymodbus.client import AsyncModbusTcpClient

Coil = Annotated[int, about(ge=0, le=65_535)]


class ModbusSettings(SwitchSettings, frozen=True, kw_only=True, tag="modbus"):
    """A coil of a PLC or relay module by Modbus TCP; needs `pip install forewave[modbus]`."""

    host: Annotated[str, about("Host name or IP address of the device, without a port")]
    port: Annotated[Port, about("Its port")] = 502
    unit: Annotated[int, about("Unit identifier", ge=0, le=255)] = 1
    coil: Annotated[Coil, about("Number of the coil, from 0, that is on during an alert")]
    drill_coil: Annotated[Coil | None, about("Coil that is on during a drill")] = None
    inverted: Annotated[
        bool, about("The coil is off during an alert and on otherwise, as for a gas valve")
    ] = False


class Modbus(Switch):
    """One device. Raises ConfigError where pymodbus is missing."""

    def __init__(self, settings: ModbusSettings, context: Context) -> None:
        super().__init__(settings.name or "modbus", settings.most_s, context.clock)
        if settings.drills and settings.drill_coil is None:
            raise ConfigError("drill_coil: expected a coil, because drills = true")
        if settings.drill_coil == settings.coil:
            raise ConfigError("drill_coil: expected another one than coil")
        try:
            from pymodbus.client import AsyncModbusTcpClient
        except ImportError:
            raise ConfigError("needs pymodbus: pip install 'forewave[modbus]'") from None
        self._settings, self._make = settings, AsyncModbusTcpClient
        self._client: AsyncModbusTcpClient | None = None

    async def _set(self, drill: bool | None) -> None:
        settings = self._settings
        if drill and settings.drill_coil is None:
            raise DeliveryError("no drill: set drill_coil to show one", retry=False, received=False)
        await self._write(settings.coil, drill is False)
        if settings.drill_coil is not None:
            await self._write(settings.drill_coil, drill is True)

    async def _write(self, coil: int, on: bool) -> None:
        from pymodbus.exceptions import ModbusException

        try:
            client = await self._connected()
            value = on != self._settings.inverted
            answer = await client.write_coil(coil, value, device_id=self._settings.unit)
        except (ModbusException, OSError) as error:
            self._drop()
            why = f"no connection: {' '.join(str(error).split())}"
            raise DeliveryError(why) from None
        if answer.isError():
            raise DeliveryError(f"refused: coil {coil}: {answer}")

    async def _connected(self) -> "AsyncModbusTcpClient":
        if self._client is not None and self._client.connected:
            return self._client
        self._drop()
        made: Any = self._make(
            self._settings.host,
            port=self._settings.port,
            timeout=self._settings.timeout / 4.0,
            retries=1,
            reconnect_delay=0,
        )
        if not await made.connect():
            made.close()
            raise DeliveryError("no connection: the device does not answer", received=False)
        self._client = made
        return self._client

    async def close(self) -> None:
        """Off, and disconnect."""
        await super().close()
        self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None


def _exposure(settings: ModbusSettings) -> Iterator[Exposure]:
    what = "Modbus has no passwords: everybody who reaches the device can switch it"
    remedy = "keep it in a network of its own"
    yield Exposure("note", f"modbus {settings.host}", what, remedy, host=settings.host)


CARD = Card("modbus", ModbusSettings, Modbus, _exposure)
