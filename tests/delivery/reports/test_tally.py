"""The counts of reports: kept on disk, in sum, and for a year."""

import pytest

from forewave.delivery.reports.tally import KEPT_DAYS, Row, Tally

NOW = 30_000_000  # minutes


def test_counts_are_summed_and_kept(tmp_path):
    path = tmp_path / "record" / "reports.sqlite"
    tally = Tally(path)
    for _ in range(3):
        tally.add("felt", NOW, "wm3y", 6)
    tally.write(NOW)
    tally.add("felt", NOW, "wm3y", 6)
    tally.add("drill", NOW, "own", 30)
    tally.write(NOW)
    tally.close()
    again = Tally(path)
    assert again.since("felt", NOW - 1) == [Row(NOW, "wm3y", 6, 4)]
    assert again.since("drill", NOW) == [Row(NOW, "own", 30, 1)]
    assert again.since("felt", NOW + 1) == []
    assert path.stat().st_mode & 0o077 == 0


def test_what_is_too_old_is_deleted():
    tally = Tally()
    old = NOW - KEPT_DAYS * 1440 - 1
    tally.add("felt", old, "wm3y", 6)
    tally.write(old)
    assert len(tally.since("felt", 0)) == 1
    tally.write(NOW)
    assert tally.since("felt", 0) == []


def test_a_file_that_cannot_be_used_loses_no_count_of_later(tmp_path):
    path = tmp_path / "reports.sqlite"
    path.write_bytes(b"no database" * 100)
    tally = Tally(path)
    tally.add("felt", NOW, "wm3y", 6)
    with pytest.raises(OSError, match=r"reports\.sqlite"):
        tally.write(NOW)
    path.unlink()
    tally.close()
    tally.write(NOW)
    assert tally.since("felt", NOW) == [Row(NOW, "wm3y", 6, 1)]
