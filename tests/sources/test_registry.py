import pytest

from forewave.errors import ConfigError
from forewave.sources import SOURCES, registry
from forewave.sources.archive import ArchiveSettings
from forewave.sources.mqtt.source import MqttSettings
from forewave.sources.seedlink.source import SeedLinkSettings

SEEDLINK = {"kind": "seedlink", "server": "a:18000", "stations": ["XX.*"]}
WHOLE = {
    "seedlink": SEEDLINK,
    "datalink": {"kind": "datalink", "server": "a:16000"},
    "mqtt": {"kind": "mqtt", "host": "a"},
    "shake_udp": {"kind": "shake_udp", "stations": {"*": "AM.R24FA"}},
    "archive": {"kind": "archive", "path": "sds"},
}


def test_there_is_an_entry_of_every_kind_here():
    assert WHOLE.keys() == SOURCES.keys(), "add the required keys of the new kind to WHOLE"


@pytest.mark.parametrize("kind", WHOLE)
def test_every_kind_is_read_and_opened(kind, tmp_path):
    (tmp_path / "sds").mkdir()  # an archive must exist
    (entry,) = registry.read("f", [WHOLE[kind]], tmp_path)
    assert isinstance(entry, SOURCES[kind].settings)
    (source,) = registry.open_all([entry])
    assert source.name.startswith(kind)
    assert isinstance(source.vouched, bool)
    for each in registry.exposures(entry):
        assert each.subject.startswith(kind)
        assert each.remedy


def test_files_are_relative_to_the_configuration(tmp_path):
    tables = [WHOLE["archive"], SEEDLINK | {"tls_ca": "ca.pem"}, SEEDLINK]
    archive, secure, plain = registry.read("f", tables, tmp_path)
    assert archive.path == str(tmp_path / "sds")
    assert (secure.tls_ca, plain.tls_ca) == (str(tmp_path / "ca.pem"), "")


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        ("here", "f: sources: expected blocks that begin with [[sources]]"),
        (["here"], "f: sources: expected blocks that begin with [[sources]]"),
        ([SEEDLINK, {}], "f: sources 2: kind: expected one of .*, found nothing"),
        ([{"kind": "radio"}], 'f: sources 1: kind: expected one of .*, found "radio"'),
        ([{"kind": ["seedlink"]}], 'f: sources 1: kind: expected one of .*, found ["seedlink"]'),
        ([SEEDLINK | {"sever": "b"}], ".* sever: seedlink has no such key; did you mean server?"),
        ([SEEDLINK | {"zzz": 1}], ".* zzz: seedlink has no such key; known are server, .*"),
        ([{"kind": "seedlink", "server": "a"}], ".*stations.*"),
        (
            [SEEDLINK | {"stations": "XX.A"}],
            'f: sources 1: stations: expected a list of texts, found "XX.A"',
        ),
        (
            [SEEDLINK | {"connect_s": 0}],
            "f: sources 1: connect_s: expected a number above 0 s, found 0",
        ),
        (
            [SEEDLINK | {"auth": "USERPASS a\rINFO"}],
            "f: sources 1: auth: expected text in one line.*",
        ),
        ([SEEDLINK | {"stations": ["XX.A\0"]}], ".* stations: expected text in one line, found .*"),
        ([WHOLE["mqtt"] | {"port": 65536}], "f: sources 1: port: expected a whole number .*"),
        ([WHOLE["shake_udp"] | {"port": -1}], "f: sources 1: port: expected a whole number .*"),
        ([WHOLE["shake_udp"] | {"stations": {"*": "R24FA"}}], ".*expected a station such as .*"),
    ],
)
def test_a_wrong_entry_is_one_line(tables, line, tmp_path):
    pattern = line.replace("[[", r"\[\[").replace("]]", r"\]\]").replace("?", r"\?")
    pattern = pattern.replace('["', r'\["')
    with pytest.raises(ConfigError, match=f"^{pattern}$") as error:
        registry.read("f", tables, tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", ["seedlink", "datalink"])
@pytest.mark.parametrize("server", ["a:b:c", "::1", "a..b:18000", "a:0", "tcp://a:18000", ""])
def test_the_address_of_a_server_is_a_host_and_perhaps_a_port(kind, server, tmp_path):
    with pytest.raises(ConfigError) as error:
        registry.read("f", [WHOLE[kind] | {"server": server}], tmp_path)
    expected = 'expected "host", "host:port" or, for IPv6, "[2001:db8::1]:port"'
    assert str(error.value) == f"f: sources 1: server: {expected}, found {server!r}"


@pytest.mark.parametrize("kind", ["mqtt", "shake_udp"])
@pytest.mark.parametrize("host", ["a:1883", "[::1]", "x" * 70, "a b", "mqtt://a", ""])
def test_a_host_has_no_port_in_it(kind, host, tmp_path):
    with pytest.raises(ConfigError) as error:
        registry.read("f", [WHOLE[kind] | {"host": host}], tmp_path)
    expected = "expected a host name or an IP address, without a port"
    assert str(error.value) == f'f: sources 1: host: {expected}, found "{host}"'


@pytest.mark.parametrize("server", ["[::1]:18000", "[::1]", "bücher.example:1", "a_b", "a.b.:1"])
def test_other_addresses_are_accepted(server, tmp_path):
    assert registry.read("f", [SEEDLINK | {"server": server}], tmp_path)[0].server == server


def test_the_same_entry_twice_is_refused(tmp_path):
    twice = registry.read("f", [WHOLE["mqtt"], WHOLE["mqtt"]], tmp_path)
    with pytest.raises(ConfigError, match="two entries are 'mqtt a:1883'"):
        registry.open_all(twice)


def test_what_a_card_refuses_is_one_line():
    with pytest.raises(ConfigError, match="expected a station"):
        registry.open_all([SeedLinkSettings("a", ("nonsense",))])


def test_only_recordings_are_past():
    assert registry.is_past(ArchiveSettings("x"))
    assert registry.is_past(MqttSettings("a", replayed=True))
    assert not registry.is_past(MqttSettings("a"))
    assert not registry.is_past(SeedLinkSettings("a", ("XX.*",)))
