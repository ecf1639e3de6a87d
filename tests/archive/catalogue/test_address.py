import pytest

from forewave.archive.catalogue import address as module
from forewave.archive.catalogue.address import address, is_file, shown
from forewave.errors import ConfigError


def test_a_file_is_beside_the_event_log_unless_it_says_where(tmp_path):
    assert address("catalogue.sqlite", tmp_path) == f"sqlite:///{tmp_path}/catalogue.sqlite"
    assert address("/var/x.sqlite", tmp_path) == "sqlite:////var/x.sqlite"
    assert address("sqlite:///x.sqlite", tmp_path) == f"sqlite:///{tmp_path}/x.sqlite"
    assert is_file(address("x", tmp_path))
    assert shown(address("x", tmp_path)) == f"{tmp_path}/x"


def test_nothing_is_kept_where_nothing_is_named_or_no_folder_is_there(tmp_path):
    assert address("", tmp_path) == ""
    assert address("catalogue.sqlite", None) == ""
    assert address("/var/x.sqlite", None) == "sqlite:////var/x.sqlite"


def test_a_server_is_shown_without_its_password():
    url = address("postgresql://anna:secret@db.example:5433/events", None)
    assert url == "postgresql+psycopg://anna:secret@db.example:5433/events"
    assert shown(url) == "postgresql://db.example:5433/events"
    assert not is_file(url)


@pytest.mark.parametrize(
    "text", ["mysql://x/y", "http://x", "postgresql://host", "postgresql://host:port/x"]
)
def test_what_cannot_be_a_database_is_refused_with_the_key(text):
    with pytest.raises(ConfigError, match=r"^catalogue\.database: expected "):
        address(text, None)


def test_a_server_without_its_driver_names_what_to_install(monkeypatch):
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"forewave\[postgresql\]"):
        address("postgresql://host/events", None)
