import pytest

from forewave.channels.sending.entry import Delivered, Entry
from forewave.channels.sending.memory import FormatError, load, remembered, write
from tests.client.made import place_alert, sealed

ENTRY = Entry(place_alert(), sealed(), 100.0, Delivered(1, 6, 5.0))


def test_what_was_told_comes_back(tmp_path):
    file = tmp_path / "below" / "channels.json"
    write(file, {"siren": remembered([ENTRY, Entry(place_alert(), b"", 1.0)])})
    ((found,),) = load(file).values()
    assert found.delivered == ENTRY.delivered
    assert found.opened().id == "e1"


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path):
    file = tmp_path / "channels.json"
    for _ in range(3):
        write(file, {"siren": []})
    assert [path.name for path in tmp_path.iterdir()] == ["channels.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"a":[{"message":1}]}', b"\xff"])
def test_a_file_that_cannot_be_read_is_as_none(tmp_path, content, caplog):
    file = tmp_path / "channels.json"
    assert load(file) == {}
    file.write_bytes(content)
    assert load(file) == {}
    assert "not readable" in caplog.text


def test_a_stored_message_that_is_none_is_an_error():
    (found,) = remembered([Entry(place_alert(), b"{}", 1.0, Delivered(1, 5, 0.0))])
    with pytest.raises(FormatError):
        found.opened()
