import asyncio
import json

import pytest
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.delivery import gateway as gateway_module
from forewave.delivery import signing
from forewave.delivery.stream import Readiness
from forewave.errors import ConfigError


def test_a_published_alert_reaches_everybody_signed(net, open_gateway, alert, keys):
    async def work():
        async with (
            open_gateway() as gateway,
            net.stream(gateway) as one,
            net.stream(gateway) as two,
        ):
            await asyncio.gather(one.recv(), two.recv())
            assert gateway.connected == 2
            sent = gateway.publish(alert)
            for client in (one, two):
                text = await client.recv()
                assert text.encode() == sent
                assert signing.unseal(text, keys.trusted).n == 1

    net.run(work())


def test_newcomers_get_what_is_in_force(net, open_gateway, alert, version, clock):
    async def work():
        async with open_gateway() as gateway:
            gateway.publish(alert)
            gateway.publish(version(2))
            gateway.publish(version(1, event="e2", expires=clock.now + 5))
            clock.now += 6
            async with net.stream(gateway) as client:
                await client.recv()
                assert json.loads(await client.recv())["n"] == 2
                assert len(gateway.live()) == 1

    net.run(work())


@pytest.fixture
def hasty(monkeypatch):
    """Repeats come twenty times as often."""
    monkeypatch.setattr(gateway_module, "REPEAT", 0.05)


def test_an_alert_is_repeated_until_a_later_version_comes(net, hasty, open_gateway, alert, version):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            await client.recv()
            gateway.publish(alert)
            assert [json.loads(await client.recv())["n"] for _ in range(3)] == [1, 1, 1]
            gateway.publish(version(2, kind="cancel", why="false"))
            assert [json.loads(await client.recv())["n"] for _ in range(2)] == [2, 2]

    net.run(work())


def test_an_expired_alert_is_not_repeated(net, hasty, open_gateway, alert, clock):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            await client.recv()
            gateway.publish(alert)
            await client.recv()
            clock.now = alert.expires
            assert json.loads(await client.recv())["type"] == "heartbeat"  # five repeats later

    net.run(work())


def test_an_older_version_changes_nothing(net, open_gateway, alert, version):
    async def work():
        async with open_gateway() as gateway:
            sent = gateway.publish(version(3))
            assert gateway.publish(alert) == sent
            assert gateway.publish(version(3, kind="cancel", why="false")) == sent
            assert gateway.live() == [sent]

    net.run(work())


def test_a_taken_port_is_one_clear_line(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            for taken in ({"port": gateway.port}, {"stream_port": gateway.port}):
                with pytest.raises(ConfigError, match=r"cannot open port \d+ .*: Address already"):
                    async with open_gateway(**taken):
                        pass

    net.run(work())


def test_gateways_that_share_a_port_are_reached_by_the_same_address(net, open_gateway, alert, keys):
    """The kernel spreads the devices; each has the alert once, whoever it is connected to."""

    async def work():
        async with (
            open_gateway(share_port=True) as first,
            open_gateway(share_port=True, port=first.port) as second,
        ):
            devices = await asyncio.gather(*(net.stream(first) for _ in range(40)))
            await asyncio.gather(*(device.recv() for device in devices))
            assert first.connected + second.connected == 40
            assert first.connected
            assert second.connected
            sent = keys.seal(alert)
            assert first.forward(alert, sent)
            assert second.forward(alert, sent)
            for device in devices:
                assert (await device.recv()).encode() == sent

    net.run(work())


def test_who_does_not_share_its_port_keeps_it_alone(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            with pytest.raises(ConfigError, match=r"cannot open port \d+ .*: Address already"):
                async with open_gateway(share_port=True, port=gateway.port):
                    pass

    net.run(work())


def test_stop_closes_everything(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            client = await net.stream(gateway)
            await client.recv()
        await client.wait_closed()
        assert client.close_code == 1001
        for port in (gateway.port, gateway.stream_port):
            with pytest.raises(OSError, match=str(port)):
                await asyncio.open_connection("127.0.0.1", port)

    net.run(work())


def test_before_a_restart_devices_are_asked_to_come_back_at_different_times(
    net, open_gateway, alert
):
    async def closed(gateway, count=12):
        clients = await asyncio.gather(*(net.stream(gateway) for _ in range(count)))
        await asyncio.gather(*(client.recv() for client in clients))
        await gateway.stop(restarts=True)
        await asyncio.gather(*(net.closed(client) for client in clients))
        assert {client.close_code for client in clients} == {1012}
        words = [client.close_reason.split() for client in clients]
        assert {word for word, _ in words} == {"retry"}
        return [int(wait) for _, wait in words]

    async def work():
        async with open_gateway() as gateway:
            waits = await closed(gateway)
            assert len(set(waits)) > 6
            assert 2000 < max(waits) <= 10_000
        async with open_gateway() as gateway:
            gateway.publish(alert)
            assert max(await closed(gateway)) <= 2000

    net.run(work())


def test_a_gateway_that_was_never_started_stops(net, keys, clock):
    net.run(gateway_module.Gateway(keys, clock, travel_time.load()).stop())


def test_an_old_cancel_is_sent_only_to_devices_that_connect(
    net, hasty, open_gateway, alert, version, clock
):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as there:
            await there.recv()
            gateway.publish(version(2, kind="cancel", why="false", expires=clock.now + 86_400))
            assert json.loads(await there.recv())["n"] == 2
            clock.now += 3600
            async with net.stream(gateway) as late:
                await late.recv()
                assert json.loads(await late.recv())["n"] == 2
                assert "heartbeat" in await late.recv()

    net.run(work())


def test_a_heartbeat_names_the_key_that_signs(net, hasty, open_gateway, keys):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            await client.recv()
            assert json.loads(await client.recv())["key"] == keys.id

    net.run(work())


def test_every_heartbeat_has_the_readiness_and_a_change_is_sent_at_once(net, hasty, open_gateway):
    able = [Readiness("not ready", ("a live source",))]

    async def work():
        async with (
            open_gateway(readiness=lambda: able[0]) as gateway,
            net.stream(gateway) as client,
        ):
            first = json.loads(await client.recv())
            assert (first["state"], first["missing"]) == ("not ready", ["a live source"])
            assert not gateway.stream.has_changed()
            able[0] = Readiness("ready")
            assert gateway.stream.has_changed()
            second = json.loads(await client.recv())
            assert (second["state"], second["missing"]) == ("ready", [])
            assert not gateway.stream.has_changed()

    net.run(work())


def test_a_message_signed_elsewhere_is_passed_on_once(net, open_gateway, alert, version, keys):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            await client.recv()
            sealed = keys.seal(version(2))
            assert gateway.forward(version(2), sealed)
            assert not gateway.forward(version(2), sealed)
            assert not gateway.forward(alert, keys.seal(alert))
            assert (await client.recv()).encode() == sealed
            assert gateway.live() == [sealed]

    net.run(work())


def test_after_a_change_of_keys_the_api_has_what_the_new_keys_vouch_for(
    net, open_gateway, keys, alert
):
    """In force: signed anew. Published later: there. Of the old key, which is gone: not there."""
    other = signing.generate()

    async def work():
        async with open_gateway() as gateway:
            gateway.publish(alert)
            gateway.rekey(other, None)
            gateway.publish(replace(alert, version=2, id="e1.2"))
            found = [(e.message.n, e.message.key) for e in gateway.history.entries]
            assert found == [(1, other.id), (2, other.id)]
            async with net.stream(gateway) as client:
                (message,) = await net.alerts(client, 1)
                assert (message["n"], message["key"]) == (2, other.id)

    net.run(work())
