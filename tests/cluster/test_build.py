"""Roles are put together from a forewave.toml, and what is wrong with it is one line."""

import time

import pytest
from msgspec.structs import replace

from forewave.cluster.build import build
from forewave.cluster.roles.decide import Decide
from forewave.cluster.roles.gateway import GatewayRole
from forewave.cluster.roles.ingest import Ingest
from forewave.cluster.roles.record import Record
from forewave.config import read
from forewave.delivery import key_list, signing
from forewave.errors import ConfigError
from tests.certificate import certificate
from tests.live.live_made import live_folder, seedlink
from tests.small_network import recording


@pytest.fixture
def settings(tmp_path):
    live_folder(tmp_path, recording(), seedlink(18000))
    made = read(tmp_path / "forewave.toml", {})
    bus = "nats://127.0.0.1:1,127.0.0.1:2,127.0.0.1:3"
    return replace(made, cluster=replace(made.cluster, bus=bus))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "kind"),
    [("ingest", Ingest), ("decide", Decide), ("gateway", GatewayRole), ("record", Record)],
)
def test_each_role_is_built(role, kind, settings, tmp_path):
    assert isinstance(build(settings, tmp_path, role), kind)


def test_a_gateway_needs_no_private_key(settings, tmp_path):
    signing.load(tmp_path / "forewave.key").save_public(tmp_path / "public.pem")
    settings = replace(settings, keys=replace(settings.keys, file="public.pem"))
    assert isinstance(build(settings, tmp_path, "gateway"), GatewayRole)
    with pytest.raises(ConfigError, match="expected a private Ed25519 key"):
        build(settings, tmp_path, "decide")


def test_a_gateway_serves_the_signed_list_that_its_settings_name(settings, tmp_path):
    keys, root, now = signing.load(tmp_path / "forewave.key"), signing.generate(), time.time()
    keys.save_public(tmp_path / "public.pem")
    entries = [key_list.listed(keys.trusted[keys.id], now - 9.0, now + 999.0)]
    data = key_list.make(root, entries, n=4, made=now, until=now + 999.0)
    (tmp_path / "keys.json").write_bytes(data)
    settings = replace(settings, keys=replace(settings.keys, file="public.pem", list="keys.json"))
    _, listed = build(settings, tmp_path, "gateway")._gateway.signing
    assert (listed[0].n, listed[1]) == (4, data.strip())
    signing.generate().save_public(tmp_path / "public.pem")
    with pytest.raises(ConfigError, match="does not list the signing key"):
        build(settings, tmp_path, "gateway")


def test_a_gateway_believes_no_key_that_its_list_revokes(settings, tmp_path):
    keys, old, root = (signing.generate() for _ in range(3))
    now = time.time()
    signing.Keys(keys._private, (old._private.public_key(),)).save_public(tmp_path / "public.pem")
    entries = [key_list.listed(keys.trusted[keys.id], now - 9.0, now + 999.0)]
    dates = {"made": now, "until": now + 999.0}
    data = key_list.make(root, entries, n=2, revoked=[old.id], **dates)
    (tmp_path / "keys.json").write_bytes(data)
    settings = replace(settings, keys=replace(settings.keys, file="public.pem", list="keys.json"))
    assert build(settings, tmp_path, "gateway")._received.trusted == keys.trusted


def test_a_gateway_reads_its_certificate_again(settings, tmp_path, caplog):
    certificate(tmp_path)
    server = replace(settings.server, tls_cert="cert.pem", tls_key="key.pem")
    role = build(replace(settings, server=server), tmp_path, "gateway")
    with caplog.at_level("INFO"):
        role.reload()
    assert "server: certificate read again" in caplog.text
    (tmp_path / "key.pem").write_text("no key")
    role.reload()
    assert "server: the previous certificate stays in use" in caplog.text


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("bus", "", "a role needs one"),
        ("bus", "http://a", "expected nats://"),
        ("region", "a.b", "letters, digits"),
        ("name", "a b", "letters, digits"),
        ("shard", "4/3", "NUMBER/COUNT"),
    ],
)
def test_what_is_wrong_is_named(key, value, why, settings, tmp_path):
    cluster = replace(settings.cluster, **{key: value})
    with pytest.raises(ConfigError, match=why):
        build(replace(settings, cluster=cluster), tmp_path, "ingest")


def test_an_archive_is_not_played_into_a_cluster(settings, tmp_path):
    (tmp_path / "forewave.toml").write_text('[[sources]]\nkind = "archive"\npath = "made"\n')
    archive = read(tmp_path / "forewave.toml", {}).sources
    with pytest.raises(ConfigError, match="archive"):
        build(replace(settings, sources=archive), tmp_path, "ingest")
