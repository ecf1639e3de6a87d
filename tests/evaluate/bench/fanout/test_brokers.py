import socket
import threading

import pytest

from forewave.evaluate.bench.fanout import brokers
from forewave.evaluate.bench.fanout.child import ChildError


@pytest.mark.parametrize(
    ("number", "encoded"),
    [
        (0, b"\0"),
        (127, b"\x7f"),
        (128, b"\x80\x01"),
        (16_383, b"\xff\x7f"),
        (16_384, b"\x80\x80\x01"),
    ],
)
def test_lengths_are_those_of_the_table_in_mqtt_2_2_3(number, encoded):
    assert brokers._variable(number) == encoded


def answering(answer):
    """A port that answers the first bytes once, then closes."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        with server, server.accept()[0] as sock:
            sock.recv(4096)
            sock.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return server.getsockname()[1]


def test_a_published_payload_is_framed_with_its_length():
    nats = brokers.NatsPublisher(answering(b"INFO {}\r\nPONG\r\n"))
    assert nats.frame(b"abc") == b"PUB alerts 3\r\nabc\r\n"
    nats.close()
    mqtt = brokers.MqttPublisher(answering(b"\x20\x02\x00\x00"))
    assert mqtt.frame(b"x" * 200) == b"\x30\xd0\x01\x00\x06alerts" + b"x" * 200
    mqtt.close()


def test_a_broker_that_refuses_is_a_fault():
    with pytest.raises(ChildError, match="closed"):
        brokers.MqttPublisher(answering(b"\x20\x02\x00\x05"))


def test_a_port_on_which_nobody_listens_is_a_fault(monkeypatch):
    monkeypatch.setattr(brokers, "STARTING_S", 0.0)
    (port,) = brokers.free_ports(1)
    with pytest.raises(ChildError, match=f"nothing listens on port {port}"):
        brokers.NatsPublisher(port)


def test_a_program_is_found_on_the_path_and_where_systems_hide_servers(tmp_path, monkeypatch):
    hidden = tmp_path / "mosquitto"
    hidden.write_text("#!/bin/sh\n")
    hidden.chmod(0o700)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(brokers.sysconfig, "get_path", lambda name: "")
    monkeypatch.setattr(brokers, "SYSTEM", "")
    assert brokers.program("mosquitto") is None
    monkeypatch.setattr(brokers, "SYSTEM", str(tmp_path))
    assert brokers.program("mosquitto") == str(hidden)


def test_free_ports_are_different():
    assert len(set(brokers.free_ports(5))) == 5


def test_configurations_name_both_ports_and_the_certificate(tmp_path):
    tls = (tmp_path / "c.pem", tmp_path / "k.pem")
    for command, file in (
        (brokers.nats_command, "nats.conf"),
        (brokers.mosquitto_command, "mosquitto.conf"),
    ):
        words = command(tmp_path, 4001, 4002, tls)
        assert words[1:] == ("-c", str(tmp_path / file))
        text = (tmp_path / file).read_text()
        assert all(each in text for each in ("4001", "4002", str(tls[0]), str(tls[1])))
        command(tmp_path, 4001, 4002, None)
        assert str(tls[0]) not in (tmp_path / file).read_text()
