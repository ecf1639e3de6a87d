import msgspec
import pytest
from msgspec.structs import replace

from forewave.config import Settings
from forewave.errors import FormatError
from forewave.live.persistence import setup_journal


@pytest.fixture
def setup(recording, somewhere):
    return setup_journal.setup_of(Settings().pipeline, recording.stations, tuple(somewhere))


def test_it_comes_back_as_it_was(setup, tmp_path):
    name = setup_journal.keep(setup, tmp_path)
    assert setup_journal.load(tmp_path, name) == setup
    assert setup_journal.decider(setup).deadline() is None


def test_the_same_is_kept_once_and_another_beside_it(setup, tmp_path):
    names = [
        setup_journal.keep(each, tmp_path) for each in (setup, setup, replace(setup, places=()))
    ]
    assert names[0] == names[1] != names[2]
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted({*names})


@pytest.mark.parametrize("data", [None, b"", b"nonsense", b"\x91" * 3000, b"\x81\xa1\xff"])
def test_what_is_not_there_or_damaged_is_one_line(tmp_path, data):
    if data is not None:
        (tmp_path / "setup-1.msgpack").write_bytes(data)
    with pytest.raises(FormatError, match=r"setup-1\.msgpack: .+"):
        setup_journal.load(tmp_path, "setup-1.msgpack")


def older(setup, **events):
    """The same as a version before the renames wrote it."""
    kept = msgspec.to_builtins(setup)
    alerts = kept["settings"]["alerts"]
    alerts["notices"] = alerts.pop("single_station")
    alerts["max_notice_sigma_km"] = alerts.pop("max_single_station_sigma_km")
    kept["settings"]["events"] |= {"minimum_likelihood": 0.8, "widest_km": 60.0} | events
    kept["settings"]["phones_alone"] = kept["settings"].pop("phones")["alone"]
    return msgspec.msgpack.encode(kept)


def test_keys_of_older_versions_are_read_by_their_new_names(setup, tmp_path):
    alerts = replace(setup.settings.alerts, single_station=False, max_single_station_sigma_km=9.0)
    phones = replace(setup.settings.phones, alone=True)
    setup = replace(setup, settings=replace(setup.settings, alerts=alerts, phones=phones))
    (tmp_path / "setup-1.msgpack").write_bytes(older(setup))
    assert setup_journal.load(tmp_path, "setup-1.msgpack") == setup


def test_two_thresholds_that_were_different_cannot_be_one(setup, tmp_path):
    (tmp_path / "setup-1.msgpack").write_bytes(older(setup, minimum_likelihood=0.5))
    with pytest.raises(FormatError, match="minimum_likelihood"):
        setup_journal.load(tmp_path, "setup-1.msgpack")
