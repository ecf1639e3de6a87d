"""The keys of [[channels]] type = "home_assistant"."""

from typing import Annotated, Literal

from forewave.channels.card import ChannelSettings
from forewave.field import Port, about


class HomeAssistantSettings(ChannelSettings, frozen=True, kw_only=True, tag="home_assistant"):
    """An MQTT broker with Home Assistant discovery, also for other MQTT programs."""

    versions: Annotated[
        Literal["steps", "all"], about("steps: changes that matter to people; all: every version")
    ] = "all"
    host: Annotated[str, about("Host name or IP address of the broker, without a port")]
    port: Annotated[Port | None, about("Its port; none: 1883, with TLS 8883")] = None
    username: Annotated[str | None, about("User name; send it over TLS")] = None
    password: Annotated[str | None, about("Password; keep the file readable to forewave only")] = (
        None
    )
    tls: Annotated[bool, about("Connect with TLS")] = False
    tls_ca: Annotated[str, about("File of the certificates to trust, instead of the machine's")] = (
        ""
    )
    discovery: Annotated[str, about("Home Assistant's discovery prefix")] = "homeassistant"
    prefix: Annotated[str, about("First part of the topics")] = "forewave"
    protocol: Annotated[
        Literal["5", "3.1.1"], about("Version of MQTT; 5 clears old alerts by itself")
    ] = "5"
    keepalive: Annotated[int, about("Time between pings", "s", ge=1, le=3600)] = 10
