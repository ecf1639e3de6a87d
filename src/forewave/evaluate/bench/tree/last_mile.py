"""From the gateway's network to the device: assumptions, none of them measured here.

Each kind of device is a sum of independent delays:

- the network: log-normal, given by its median and its sigma (of the natural logarithm);
- waiting for the radio: uniform, because an alert comes at any moment of the radio's cycle. Wi-Fi
  power save: three beacon intervals of 102.4 ms (IEEE 802.11, DTIM period 3). Cellular: the default
  paging cycle of 1.28 s (3GPP TS 36.304);
- with a small probability the segment is lost and sent again after 200 ms, the least time-out of
  Linux (RFC 6298 would allow 1 s), doubled for each further loss.

Phones whose system suspends background connections are no kind here: they have no connection.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RESENT_MS = 200.0
BEACON_MS = 102.4
PAGING_MS = 1280.0


class Device(Struct, frozen=True):
    """A kind of device. median_ms, sigma: of the network. radio_ms: longest wait for the radio.

    wake_ms: from paging to the first byte (RRC connection). loss: probability of a lost segment.
    share: of all devices, at night.
    """

    name: str
    median_ms: float
    sigma: float
    radio_ms: float = 0.0
    wake_ms: float = 0.0
    loss: float = 0.0
    share: float = 0.0


DEVICES = (
    Device("TV, wired or awake Wi-Fi", 12.0, 0.6, loss=0.002, share=0.15),
    Device("phone, radio connected", 40.0, 0.4, loss=0.005, share=0.15),
    Device("phone, Wi-Fi power save", 15.0, 0.6, 3 * BEACON_MS, loss=0.005, share=0.40),
    Device("phone, cellular idle", 40.0, 0.4, PAGING_MS, wake_ms=150.0, loss=0.005, share=0.30),
)
NONE = Device("no last mile", 0.0, 0.0)


def delays_ms(device: Device, count: int, random: np.random.Generator) -> Floats:
    """One delay for each of `count` devices of a kind, in ms."""
    network = device.median_ms * np.exp(device.sigma * random.standard_normal(count))
    radio = device.radio_ms * random.random(count) + device.wake_ms
    losses = random.geometric(1.0 - device.loss, count) - 1
    return np.asarray(network + radio + RESENT_MS * (2.0**losses - 1.0), dtype=np.float64)
