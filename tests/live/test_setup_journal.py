import pytest
from msgspec.structs import replace

from forewave.config import Settings
from forewave.errors import FormatError
from forewave.live import setup_journal


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
