"""Files that others on this machine could read or change, and certificates that run out."""

import datetime
import os
import ssl

import pytest
from msgspec.structs import replace

from forewave.check import secrets as check_secrets
from forewave.check.secrets import secrets
from forewave.delivery import signing
from forewave.settings import CatalogueSettings, RelaySettings, ServerSettings, Settings
from forewave.sources.mqtt.source import MqttSettings
from forewave.sources.seedlink.source import SeedLinkSettings
from tests.certificate import certificate

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes of files mean nothing here")
V3 = b"\xa0\x03\x02\x01\x02"  # the version as a certificate has it
SERVED = ServerSettings(tls_cert="cert.pem", tls_key="key.pem")


@pytest.fixture
def toml(tmp_path):
    """A folder as `forewave init` leaves it."""
    tmp_path.chmod(0o755)
    signing.generate().save(tmp_path / "forewave.key")
    certificate(tmp_path)
    (tmp_path / "key.pem").chmod(0o600)
    for name in ("forewave.toml", "stations.csv"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o644)
    return tmp_path / "forewave.toml"


@pytest.fixture(autouse=True)
def lasting(monkeypatch):
    """The certificate of the tests is for an hour."""
    monkeypatch.setattr(check_secrets, "SOON", datetime.timedelta(minutes=1))


def found(toml, **settings):
    return [(each.severity, each.subject) for each in secrets(toml, Settings(**settings))]


def test_a_folder_that_is_well(toml):
    assert found(toml) == []
    assert found(toml, server=SERVED) == []
    toml.chmod(0o640)
    assert found(toml, server=replace(SERVED, token="x" * 16)) == []


@pytest.mark.parametrize(
    "settings",
    [
        {"server": ServerSettings(token="x" * 16)},
        {"catalogue": CatalogueSettings("postgresql://anna:secret@db/events")},
        {"sources": (MqttSettings("b", username="a", password="b"),)},
        {"sources": (SeedLinkSettings("s", ("XX.*",), auth="USERPASS a b"),)},
    ],
)
def test_settings_with_a_password_that_everybody_may_read(toml, settings):
    assert found(toml, **settings) == [("warning", "settings")]
    toml.chmod(0o600)
    assert found(toml, **settings) == []


@pytest.mark.parametrize(("mode", "told"), [(0o644, True), (0o604, True), (0o640, False)])
def test_the_key_of_a_certificate_that_everybody_may_read(toml, mode, told):
    (toml.parent / "key.pem").chmod(mode)
    assert found(toml, server=SERVED) == [("warning", "server.tls_key")] * told
    relay = RelaySettings(on=True, tls_cert="cert.pem", tls_key="key.pem")
    assert found(toml, relay=relay) == [("warning", "relay.tls_key")] * told
    assert found(toml, relay=replace(relay, on=False)) == []


@pytest.mark.parametrize(
    ("file", "subject"),
    [
        ("forewave.toml", "settings"),
        ("stations.csv", "network.inventory"),
        ("forewave.key", "keys.file"),
    ],
)
def test_what_everybody_may_change(toml, file, subject):
    (toml.parent / file).chmod(0o666)
    assert found(toml) == [("warning", subject)]


def test_a_folder_in_which_everybody_may_put_another_key(toml):
    toml.parent.chmod(0o777)
    assert found(toml) == [("warning", "folder")]
    toml.parent.chmod(0o1777)  # as /tmp is: only the owner may replace it
    assert found(toml) == []


def test_a_certificate_that_cannot_be_used(toml):
    for cert in ("none.pem", "forewave.toml"):
        server = replace(SERVED, tls_cert=cert)
        assert found(toml, server=server) == [("error", "server.tls_cert")]
    relay = RelaySettings(on=True, tls_cert="none.pem")
    assert found(toml, relay=relay) == [("error", "relay.tls_cert")]
    assert found(toml, relay=replace(relay, on=False)) == []


def test_a_certificate_of_a_version_that_is_none(toml):
    """OpenSSL reads it, the library that tells its end does not."""
    file = toml.parent / "cert.pem"
    whole = ssl.PEM_cert_to_DER_cert(file.read_text())
    file.write_text(ssl.DER_cert_to_PEM_cert(whole.replace(V3, V3[:-1] + b"\x01", 1)))
    assert found(toml, server=SERVED) == [("error", "server.tls_cert")]


@pytest.mark.parametrize(("left", "severity"), [(2.0, "warning"), (-0.5, "error")])
def test_a_certificate_that_ends_or_has_ended(toml, monkeypatch, left, severity):
    """The one of the tests ends in an hour; seen `left` days before its end."""
    ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)

    class Then(datetime.datetime):
        @classmethod
        def now(cls, zone=None):
            return ends - datetime.timedelta(days=left)

    monkeypatch.setattr(check_secrets, "datetime", Then)
    monkeypatch.setattr(check_secrets, "SOON", datetime.timedelta(days=14))
    assert found(toml, server=SERVED) == [(severity, "server.tls_cert")]
