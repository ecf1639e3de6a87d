import gzip

import pytest

from forewave.formats.recordings import receipts
from forewave.formats.recordings.receipts import COLUMNS, Receipt

HEAD = ",".join(COLUMNS)
ROWS = (Receipt("XX.AAA", 10.0, 10.5, 32), Receipt("XX.BBB", 9.0, 9.25, 32))


@pytest.fixture
def read(tmp_path):
    def of(*lines, cut=None):
        path = tmp_path / "packets.csv.gz"
        path.write_bytes(gzip.compress("\n".join(lines).encode())[:cut])
        return receipts.read(path, ["XX.AAA", "XX.BBB"])

    return of


def test_what_is_written_is_read_and_twice_the_same(tmp_path):
    path = tmp_path / "packets.csv.gz"
    receipts.write(path, ROWS)
    first = path.read_bytes()
    receipts.write(path, ROWS)
    assert path.read_bytes() == first
    assert receipts.read(path, ["XX.AAA", "XX.BBB"]) == (ROWS, [])


def test_a_station_may_be_named_without_its_network(read):
    assert read(HEAD, "BBB,9,9.25,32") == (ROWS[1:], [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ZZZ,9,9.25,32", "receipt of an unknown station"),
        ("AAA,9", "unreadable receipt"),
        ("AAA,nine,9.25,32", "unreadable receipt"),
        ("AAA,nan,9.25,32", "unreadable receipt"),
        ("AAA,9,inf,32", "unreadable receipt"),
        ("AAA,9,9.25,0", "unreadable receipt"),
        ("AAA,9,9.25,-32", "unreadable receipt"),
        ("AAA,9,9.25,99999999999999999999", "unreadable receipt"),
    ],
)
def test_a_bad_line_is_dropped(read, line, reason):
    kept, dropped = read(HEAD, line, "BBB,9,9.25,32")
    assert kept == ROWS[1:]
    assert [(d.source, d.reason) for d in dropped] == [("packets.csv.gz line 2", reason)]


def test_a_broken_end_keeps_what_came_before(read):
    lines = [f"AAA,{i},{i}.5,32" for i in range(1, 20000)]
    kept, dropped = read(HEAD, *lines, cut=-2000)
    assert len(kept) > 1000
    assert dropped[-1].reason == "unreadable from here on"


def test_no_gzip_at_all(tmp_path):
    path = tmp_path / "packets.csv.gz"
    path.write_text(HEAD)
    kept, dropped = receipts.read(path, [])
    assert kept == ()
    assert [d.reason for d in dropped] == ["unreadable from here on"]
