from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.formats.waveforms import sds
from forewave.types import StreamId

STREAM = StreamId("XX", "ABC", "", "HNZ")


def test_the_layout():
    time = datetime(2024, 2, 29, 12, tzinfo=UTC).timestamp()
    assert sds.place(STREAM, time) == Path("2024/XX/ABC/HNZ.D/XX.ABC..HNZ.D.2024.060")


@given(st.floats(0, 4e9))
def test_a_files_name_says_what_is_in_it(time):
    stream, day = sds.named(sds.place(STREAM, time))
    assert stream == STREAM
    assert day <= time < day + sds.DAY == sds.next_day(time)


@pytest.mark.parametrize(
    "name", ["notes.txt", "XX.ABC..HNZ.D.2024", "XX.ABC..HNZ.D.2024.367", "XX.ABC..HNZ.D.2024.000"]
)
def test_other_files_are_nothing_of_it(name):
    assert sds.named(Path(name)) is None


def test_only_the_archives_own_files_are_listed(tmp_path):
    file = tmp_path / sds.place(STREAM, 1.6e9)
    file.parent.mkdir(parents=True)
    file.touch()
    (file.parent / "XX.ABC..HNZ.D.old").touch()
    (tmp_path / "README").touch()
    assert [(found, stream) for found, stream, _ in sds.files(tmp_path)] == [(file, STREAM)]
