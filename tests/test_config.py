import re
import tomllib
from typing import get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewave import field
from forewave.config import KEYS, Settings, default_text, read, survey
from forewave.errors import ConfigError
from forewave.settings import RENAMED
from forewave.sources import SOURCES
from forewave.sources.archive import ArchiveSettings
from forewave.sources.seedlink.source import SeedLinkSettings
from scripts import configuration


@pytest.fixture
def load(tmp_path):
    def of(text, environment=None):
        path = tmp_path / "forewave.toml"
        path.write_text(text, encoding="utf-8")
        return read(path, environment)

    return of


@pytest.fixture
def refuses(load, tmp_path):
    def check(text, line, environment=None):
        with pytest.raises(ConfigError) as error:
            load(text, environment)
        assert str(error.value).replace(f"{tmp_path}/", "") == line

    return check


def test_an_empty_file_is_the_defaults(load):
    assert load("") == Settings()


def test_the_default_text_is_the_defaults(load):
    assert load(default_text()) == Settings()


def test_its_hidden_lines_are_too(load):
    shown = re.sub(r"(?m)^# (\w+ = )", r"\1", default_text())
    said = {f"{section}.{key}" for section, keys in tomllib.loads(shown).items()
            if isinstance(keys, dict) for key in keys}  # fmt: skip
    assert said | {"language"} == set(KEYS)
    assert load(re.sub(r"(?m)^region.*$", "", shown)) == Settings()


def test_every_key_is_described():
    keys = dict(KEYS)
    for kind, card in SOURCES.items():
        hints = get_type_hints(card.settings, include_extras=True)
        keys |= {f"{kind}.{name}": hint for name, hint in hints.items()}
    assert [key for key, hint in keys.items() if not field.description(hint)] == []
    described = [field.description(hint) for hint in keys.values()]
    assert [text for text in described if text.endswith(".") or "\n" in text] == []


def test_every_number_has_limits():
    numbers = [key for key, hint in KEYS.items() if "number" in field.expected(hint)]
    assert len(numbers) > 40
    assert [key for key in numbers if not field.limits(KEYS[key])] == []


def test_the_comments_of_the_default_text_are_the_fields():
    said = dict(re.findall(r"(?m)^(?:# )?(\w+) = .+  # (.+)$", default_text()))
    assert said["sta_short"] == "Time constant of the shorter average (0.02..5 s)"
    assert said["mode"].endswith('("actual", "drill", "test")')
    assert said["on"] == field.description(KEYS["phones.on"])


def test_the_page_of_the_channels_is_that_of_their_cards():
    page = configuration.CHANNEL_PAGE.read_text(encoding="utf-8")
    assert page == configuration.channel_page(page), "python scripts/configuration.py --write"


def test_the_page_of_the_configuration_is_that_of_the_fields():
    page = configuration.PAGE.read_text(encoding="utf-8")
    assert page == configuration.page(page), "python scripts/configuration.py --write"
    with pytest.raises(ValueError, match="no place for sections"):
        configuration.page("# Configuration")


def test_every_key_is_on_that_page():
    page = configuration.PAGE.read_text(encoding="utf-8")
    assert [key for key in KEYS if f"| `{key.rpartition('.')[2]}` |" not in page] == []


@pytest.mark.parametrize("old", RENAMED)
def test_a_key_of_an_older_version_names_the_new_one(refuses, old):
    section, _, name = old.partition(".")
    line = f"{old} was renamed {RENAMED[old]}"
    refuses(f"[{section}]\n{name} = 1", f"forewave.toml: {line}")
    variable = f"FOREWAVE_{section}__{name}".upper()
    refuses("", f"{variable}: {line}", {variable: "1"})


def test_renamed_keys_are_keys_and_old_ones_are_not():
    assert set(RENAMED.values()) <= set(KEYS)
    assert not set(RENAMED) & set(KEYS)


def test_values_are_taken(load):
    text = """
    language = "zh-CN"
    [network]
    region = [95, 21, 108, 35]
    [alerts]
    aware_intensity = 3
    [stations]
    band_hz = [0.5, 10]
    """
    got = load(text)
    assert got.network.region == (95.0, 21.0, 108.0, 35.0)
    assert got.pipeline.alerts.aware_intensity == 3.0
    assert got.pipeline.stations.band_hz == (0.5, 10.0)
    assert got.language == "zh-CN"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            '[alerts]\naware_intensity = "strong"',
            'alerts.aware_intensity: expected a number 1..12 MMI, found "strong"',
        ),
        (
            "[alerts]\naware_intensity = 120",
            "alerts.aware_intensity: expected a number 1..12 MMI, found 120",
        ),
        (
            "[alerts]\nmin_likelihood = nan",
            "alerts.min_likelihood: expected a number 0..1, found nan",
        ),
        (
            "[alerts]\nmin_magnitude = true",
            "alerts.min_magnitude: expected a number 0..10, found true",
        ),
        (
            '[alerts]\nmode = "real"',
            'alerts.mode: expected one of "actual", "drill", "test", found "real"',
        ),
        (
            '[alerts]\nmax_epicentre_sigma_km = "40 km"',
            'alerts.max_epicentre_sigma_km: expected a number 0..20000 km, found "40 km"',
        ),
        (
            "[alerts]\nmax_epicentre_sigma_m = 4e4",
            "alerts.max_epicentre_sigma_m: there is no such key; "
            "did you mean alerts.max_epicentre_sigma_km?",
        ),
        (
            "[alert]\nmode = 1",
            "alert: there is no such key; did you mean alerts?",
        ),
        ("[alerts]\nqqq = 1", "alerts.qqq: there is no such key"),
        (
            "[stations]\nsta_short = 0",
            "stations.sta_short: expected a number 0.02..5 s, found 0",
        ),
        ("[stations]\nlta = 0.0", "stations.lta: expected a number 1..300 s, found 0.0"),
        (
            "[stations]\nlook_back = 1e9",
            "stations.look_back: expected a number 0.5..5 s, found 1000000000.0",
        ),
        ("[stations]\npatience = 5", "stations.patience: expected a number 0..4 s, found 5"),
        ("[stations]\nreview = 60", "stations.review: expected a number 0..4 s, found 60"),
        (
            "[stations]\nband_hz = [14, 1]",
            "stations.band_hz: expected two frequencies above 0, the lower one first, "
            "found [14.0,1.0]",
        ),
        (
            "[stations]\nband_hz = [0, 14]",
            "stations.band_hz: expected two frequencies above 0, the lower one first, "
            "found [0.0,14.0]",
        ),
        (
            "[stations]\nupper_hz = 40",
            "stations.upper_hz: expected one within stations.band_hz, 1..14 Hz, found 40.0",
        ),
        (
            "[stations]\nhigh_pass_hz = 20",
            "stations.high_pass_hz: expected at most the lower one of stations.band_hz, 1 Hz, "
            "found 20.0",
        ),
        ('[record]\nfolder = "a\\u0000"', 'record.folder: expected text, found "a\\u0000"'),
        ('[server]\ntoken = "a\\nb"', 'server.token: expected text, found "a\\nb"'),
        ("alerts = 5", "alerts: expected a section, found 5"),
        ("[server]\nport = 8460.5", "server.port: expected a whole number 0..65535, found 8460.5"),
        ("[server]\nport = 70000", "server.port: expected a whole number 0..65535, found 70000"),
        ("[server]\nhost = 1", "server.host: expected text, found 1"),
        (
            "[server]\nport = 80\nstream_port = 80",
            "server.stream_port: expected another port than server.port, 80, found 80",
        ),
        (
            "[server]\ntls_key = 'k.pem'",
            "server.tls_cert: expected the certificate of server.tls_key, found nothing",
        ),
        (
            "[network]\nregion = [1, 2, 3]",
            "network.region: expected a list of 4 numbers -180..180 degrees, found [1,2,3]",
        ),
        (
            "[network]\nregion = [30, 100, 35, 110]",
            "network.region: expected west, south, east, north, found [30.0,100.0,35.0,110.0]",
        ),
        (
            "[alerts]\naction_intensity = 3",
            "alerts.action_intensity: expected at least alerts.aware_intensity, 3.5, found 3.0",
        ),
        (
            "[alerts]\naware_intensity = 7",
            "alerts.action_intensity: expected at least alerts.aware_intensity, 7, "
            "found its default 5.0",
        ),
        (
            "[events]\nwithdraw_likelihood = 0.99",
            "events.withdraw_likelihood: expected below alerts.min_likelihood, 0.8, found 0.99",
        ),
    ],
)
def test_a_wrong_key_or_value_is_one_line(refuses, text, line):
    refuses(text, f"forewave.toml: {line}")


@pytest.mark.parametrize(
    ("key", "one"),
    [
        ("shaking.model", "boore_2014"),
        ("events.relation", "cua_heaton_2007"),
        ("events.relation", "wu_zhao_2006"),
        ("network.scale", "jma"),
    ],
)
def test_an_unknown_card_lists_those_there_are(load, key, one):
    section, name = key.split(".")
    with pytest.raises(ConfigError, match=rf'{section}\.{name}: expected one of .*"{one}"'):
        load(f'[{section}]\n{name} = "best"')
    assert load(f'[{section}]\n{name} = "{one}"')


def test_no_toml_and_no_file(load, tmp_path):
    with pytest.raises(ConfigError, match=r"forewave\.toml: Expected"):
        load("[alerts")
    with pytest.raises(ConfigError, match=r"none\.toml: No such file"):
        read(tmp_path / "none.toml")


def test_a_mark_of_an_editor_before_the_settings_is_no_part_of_them(tmp_path):
    (tmp_path / "f.toml").write_bytes(b"\xef\xbb\xbf[server]\r\nport = 9000\r\n")
    assert read(tmp_path / "f.toml").server.port == 9000


def test_the_environment_goes_first(load):
    environment = {
        "FOREWAVE_SERVER__PORT": "8470",
        "FOREWAVE_NETWORK__NAME": "Sichuan",
        "FOREWAVE_LANGUAGE": "zh-CN",
        "FOREWAVE_NETWORK__REGION": "[95, 21, 108, 35]",
        "FOREWAVE_DATA": "/somewhere/else",
        "PATH": "/bin",
    }
    got = load("[server]\nport = 9000", environment)
    assert (got.server.port, got.network.name, got.language) == (8470, "Sichuan", "zh-CN")
    assert got.network.region == (95.0, 21.0, 108.0, 35.0)


def test_a_wrong_variable_is_named(refuses):
    refuses(
        "",
        'FOREWAVE_SERVER__PORT: server.port: expected a whole number 0..65535, found "web"',
        {"FOREWAVE_SERVER__PORT": "web"},
    )
    refuses(
        "",
        "FOREWAVE_SERVER__PROT: server.prot: there is no such key; did you mean server.port?",
        {"FOREWAVE_SERVER__PROT": "1"},
    )


def test_sources_are_taken_and_their_files_are_relative(load, tmp_path):
    text = """
    [[sources]]
    kind = "seedlink"
    server = "here:18000"
    stations = ["XX.*"]
    [[sources]]
    kind = "archive"
    path = "sds"
    """
    server, archive = load(text).sources
    assert server == SeedLinkSettings("here:18000", ("XX.*",))
    assert archive == ArchiveSettings(str(tmp_path / "sds"))


def test_the_example_of_a_source_is_one(load):
    *_, example = default_text().split("#\n#  [[sources]]\n")
    assert load("[[sources]]\n" + example.replace("#  ", "")).sources


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=6,
)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(sorted(KEYS)), values.filter(lambda v: v is not None))
def test_any_value_is_taken_or_refused_in_one_line(tmp_path_factory, key, value):
    section, _, name = key.rpartition(".")
    try:
        text = f"{name} = {toml(value)}"
    except TypeError:
        return
    path = tmp_path_factory.mktemp("config") / "forewave.toml"
    path.write_text(f"[{section}]\n{text}" if section else text, encoding="utf-8")
    said = ""
    try:
        read(path)
    except ConfigError as error:
        said = str(error)
    assert "\n" not in said
    assert said == "" or key in said


def toml(value):
    """A value as TOML writes it."""
    if isinstance(value, list):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    if isinstance(value, float):
        return repr(value)
    if value is None:
        raise TypeError
    return msgspec.json.encode(value).decode().replace("\x7f", "")


def test_a_survey_tells_every_fault_and_reads_the_rest(tmp_path):
    path = tmp_path / "forewave.toml"
    path.write_text(
        'language = "none-such"\ntowns = 3\n[alerts]\nmod = 1\n'
        "[server]\nport = 9000\nstream_port = 9000\n"
        '[[sources]]\nkind = "telex"\n[[sources]]\nkind = "seedlink"\nserver = "a"\nstations = []\n'
    )
    found, faults = survey(path, {"FOREWAVE_SHAKING__FLOOR": "99"})
    named = ("sources 1: kind", "language", "towns", "alerts.mod", "FLOOR", "server.stream_port")
    assert len(faults) == len(named)
    assert not [name for name in named if not any(name in fault for fault in faults)]
    assert found.server.port == 9000
    assert len(found.sources) == 1
