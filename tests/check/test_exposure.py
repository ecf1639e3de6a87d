"""What others could reach is told before it is opened."""

import pytest
from msgspec.structs import replace

from forewave.check.exposure import exposure
from forewave.settings import RelaySettings, ServerSettings, Settings
from forewave.sources.datalink import DataLinkSettings
from forewave.sources.mqtt.source import MqttSettings
from forewave.sources.seedlink.source import SeedLinkSettings
from forewave.sources.shake_udp import ShakeSettings

OPEN = ServerSettings(host="0.0.0.0", names="warn.example")
OTHER = SeedLinkSettings("geofon.example:18000", ("GE.*",))


def found(**settings):
    return [(each.severity, each.subject) for each in exposure(Settings(**settings))]


def test_the_defaults_are_open_to_nobody():
    assert found() == []
    assert found(relay=RelaySettings(on=True)) == []
    assert found(sources=(ShakeSettings({"*": "AM.R24FA"}),)) == []


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "warn.example"])
def test_pages_beyond_this_machine_want_tls(host):
    assert found(server=replace(OPEN, host=host)) == [("warning", "server.host")]
    assert found(server=replace(OPEN, host=host, tls_cert="cert.pem")) == []


def test_pages_beyond_this_machine_want_a_name():
    server = replace(OPEN, names="", tls_cert="cert.pem")
    assert found(server=server) == [("note", "server.names")]


@pytest.mark.parametrize(("token", "told"), [("secret", True), ("s" * 15, True), ("s" * 16, False)])
def test_a_token_that_can_be_tried_out(token, told):
    assert found(server=ServerSettings(token=token)) == [("warning", "server.token")] * told


@pytest.mark.parametrize("proxies", ["*", "10.0.0.1, *", "0.0.0.0/0"])
def test_a_forwarded_address_that_is_everybodys(proxies):
    assert found(server=ServerSettings(proxies=proxies)) == [("warning", "server.proxies")]
    assert found(server=ServerSettings(proxies="10.0.0.1")) == []


def test_a_relay_hands_on_to_whoever_reaches_it():
    relay = RelaySettings(on=True, host="0.0.0.0")
    assert found(relay=relay) == [("warning", "relay.host")]
    assert found(relay=replace(relay, tls_cert="cert.pem")) == [("note", "relay.host")]
    assert found(relay=replace(relay, on=False)) == []


def test_udp_senders_can_be_forged():
    named = ShakeSettings({"10.0.0.7": "AM.R24FA"}, host="0.0.0.0")
    assert found(sources=(named,)) == [("note", "shake_udp 0.0.0.0:8888")]
    anybody = replace(named, stations={"*": "AM.R24FA"})
    assert found(sources=(anybody,)) == [("warning", "shake_udp 0.0.0.0:8888")]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (MqttSettings("broker.example", username="a", password="b"), True),
        (MqttSettings("broker.example", username="a", password="b", tls=True), False),
        (MqttSettings("127.0.0.1", username="a", password="b"), False),
        (MqttSettings("broker.example"), False),
        (SeedLinkSettings("sl.example:18000", ("XX.*",), auth="USERPASS a b"), True),
        (SeedLinkSettings("sl.example", ("XX.*",), auth="USERPASS a b"), True),
        (SeedLinkSettings("sl.example", ("XX.*",), auth="USERPASS a b", tls=True), False),
        (SeedLinkSettings("localhost:18000", ("XX.*",), auth="USERPASS a b"), False),
    ],
)
def test_a_password_that_goes_over_the_network_as_it_is(source, told):
    assert [severity for severity, _ in found(sources=(source,))] == ["warning"] * told


@pytest.mark.parametrize(
    ("open_one", "confined"),
    [
        (MqttSettings("broker"), MqttSettings("broker", stations=("MX.*",))),
        (DataLinkSettings("ring:1"), DataLinkSettings("ring:1", stations=("IU.*",))),
    ],
)
def test_a_server_that_may_speak_for_the_stations_of_others(open_one, confined):
    assert [severity for severity, _ in found(sources=(open_one, OTHER))] == ["note"]
    assert found(sources=(confined, OTHER)) == []
    assert found(sources=(open_one,)) == []
