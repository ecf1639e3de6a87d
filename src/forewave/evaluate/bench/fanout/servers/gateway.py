"""forewave's own gateway, through its public class: signing is part of what is measured."""

from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.delivery import descriptors, signing
from forewave.delivery.gateway import Gateway
from forewave.evaluate.bench.fanout.servers.base import Options, Server
from forewave.replay.drill import drill_alert
from forewave.types import Place

STEP_S = 10_000.0  # longer than a drill is valid
PLACE = Place("here", 30.0, 104.0)


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
    """A gateway on free ports, with a new key."""
    travel_times = travel_time.load()
    # This process has no sources, archive or relay that would need descriptors.
    descriptors.STREAM = 0.98
    clock = StandingClock(1_800_000_000.0)
    gateway = Gateway(
        signing.generate(), clock, travel_times, port=0, stream_port=options.port, tls=options.tls()
    )
    await gateway.start()

    async def publish(number: int, payload: bytes) -> bytes:
        alert = drill_alert(PLACE, 60.0, clock(), travel_times)
        message = gateway.publish(replace(alert, version=number))
        clock.expire()
        return message

    return Server(gateway.stream_port, publish)
