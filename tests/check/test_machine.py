import socket
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from forewave.archive.catalogue.database import engine
from forewave.archive.catalogue.store import Store
from forewave.check.machine import machine
from forewave.health import ntp
from forewave.settings import (
    CatalogueSettings,
    RecordSettings,
    RelaySettings,
    ServerSettings,
    Settings,
    WaveformSettings,
)

SETTINGS = Settings(
    server=ServerSettings(port=0, stream_port=0),
    waveforms=WaveformSettings(gb=0.0),
    record=RecordSettings(gb=0.0),
)


@pytest.fixture(autouse=True)
def well(monkeypatch):
    monkeypatch.setattr(ntp, "synchronised", lambda: True)


def found(root, **change):
    return [(f.severity, f.subject) for f in machine(replace(SETTINGS, **change), root)]


def free(monkeypatch, gb):
    usage = SimpleNamespace(free=gb * 1e9)
    monkeypatch.setattr("forewave.check.machine.shutil.disk_usage", lambda path: usage)


def test_a_machine_that_will_do(tmp_path):
    assert found(tmp_path) == []
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


@pytest.mark.parametrize(
    ("section", "made"),
    [
        ("server", lambda port: ServerSettings(port=port, stream_port=0)),
        ("server", lambda port: ServerSettings(port=0, stream_port=port)),
        ("relay", lambda port: RelaySettings(on=True, port=port)),
    ],
)
def test_a_port_that_is_taken(tmp_path, section, made):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ((severity, subject),) = found(tmp_path, **{section: made(taken.getsockname()[1])})
    assert severity == "error"
    assert subject.startswith(section)


def test_a_relay_that_is_off_needs_no_port(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert found(tmp_path, relay=RelaySettings(port=taken.getsockname()[1])) == []


@pytest.mark.parametrize("below", ["waveforms", "waveforms/deep"])
def test_a_file_where_the_archive_should_be(tmp_path, below):
    (tmp_path / "waveforms").write_text("")
    settings = WaveformSettings(folder=below, gb=0.0)
    assert found(tmp_path, waveforms=settings) == [("warning", "waveforms.folder")]


def test_a_disk_that_is_full(tmp_path, monkeypatch):
    free(monkeypatch, 0.3)
    assert found(tmp_path) == [("warning", "waveforms.folder"), ("warning", "record.folder")]


def test_a_disk_smaller_than_the_archive_may_become(tmp_path, monkeypatch):
    free(monkeypatch, 20.0)
    assert found(tmp_path, waveforms=WaveformSettings(gb=50.0)) == [("note", "waveforms.gb")]


def test_what_is_not_kept_needs_no_folder(tmp_path):
    (tmp_path / "waveforms").write_text("")
    assert found(tmp_path, waveforms=WaveformSettings(folder="")) == []


@pytest.mark.parametrize("now", [0.0, 1.6e9, 4.2e9])
def test_a_clock_that_was_never_set(tmp_path, monkeypatch, now):
    monkeypatch.setattr("forewave.check.machine.time.time", lambda: now)
    assert found(tmp_path) == [("error", "clock")]


def test_a_clock_that_nothing_keeps_right(tmp_path, monkeypatch):
    monkeypatch.setattr(ntp, "synchronised", lambda: False)
    assert found(tmp_path) == [("warning", "clock")]


def of(root, database):
    (finding,) = machine(replace(SETTINGS, catalogue=CatalogueSettings(database)), root)
    return finding.severity, finding.subject, finding.what


def test_a_catalogue_of_which_the_address_is_none_is_an_error(tmp_path):
    assert of(tmp_path, "mysql://x/y") == (
        "error",
        "catalogue.database",
        "expected a file or postgresql://..., found mysql://...",
    )


def test_a_database_that_does_not_answer_is_a_warning_without_its_password(tmp_path):
    severity, _, what = of(tmp_path, "postgresql://anna:secret@127.0.0.1:1/x")
    assert severity == "warning"
    assert what.startswith("postgresql://127.0.0.1:1/x cannot be opened: ")
    assert "secret" not in what


def test_a_catalogue_of_a_newer_forewave_is_a_warning(tmp_path):
    url = f"sqlite:///{tmp_path}/record/catalogue.sqlite"
    Store(url).close()
    assert found(tmp_path) == []
    with engine(url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    severity, subject, what = of(tmp_path, "catalogue.sqlite")
    assert (severity, subject) == ("warning", "catalogue.database")
    assert "newer forewave" in what
