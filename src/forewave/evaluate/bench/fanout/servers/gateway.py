"""forewave's own gateway, through its public class: signing is part of what is measured."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forewave.archive import travel_time
from forewave.delivery import gateway as module
from forewave.delivery import signing
from forewave.delivery.connections import descriptors
from forewave.delivery.gateway import Gateway
from forewave.evaluate.bench.fanout.alert import BEGAN, drill
from forewave.evaluate.bench.fanout.servers.base import Options, Server

PATH = "/" + getattr(module, "STREAM", "")  # of the stream on the port of the pages
STEP_S = 10_000.0  # longer than a drill is valid


class StandingClock:
    """A clock that moves only by `expire`, as a replay may.

    With it every alert has expired before the gateway's next repetition: each is sent once, so that
    a second copy at a client is a fault.
    """

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        """The time, POSIX seconds."""
        return self.now

    def expire(self) -> None:
        """Move past the expiry of every alert issued so far."""
        self.now += STEP_S


async def start(options: Options) -> Server:
    """A gateway. The kernel spreads the clients over the processes that share a port."""
    # This process has no sources, archive or relay that would need descriptors.
    descriptors.STREAM = 0.98
    clock = StandingClock(BEGAN)
    gateway = Gateway(
        _keys(options.private),
        clock,
        travel_time.load(),
        port=0,
        stream_port=options.port,
        share_port=options.shared,
        tls=options.tls(),
    )
    await gateway.start()

    async def publish(number: int, payload: bytes) -> bytes:
        message = gateway.publish(drill(number, clock()))
        clock.expire()
        return message

    return Server(gateway.stream_port, publish, PATH)


def _keys(private: str) -> signing.Keys:
    if not private:
        return signing.generate()
    return signing.Keys(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private)))
