import pytest
from msgspec.structs import replace

from tests.mutations.__main__ import main, share
from tests.mutations.table import ROOT, Defect, TableError, defects, planted, rooms

ALL = [defect for room in rooms() for defect in defects(room)]


@pytest.mark.parametrize("room", rooms())
def test_every_defect_can_be_planted(room):
    """A refactoring that moves a line must move its entry as well."""
    for defect in defects(room):
        planted(defect, ROOT)


def test_the_tests_of_every_defect_exist():
    missing = {test for defect in ALL for test in defect.tests if not (ROOT / test).is_file()}
    assert missing == set()


def test_every_defect_has_a_name_of_its_own():
    assert len({defect.name for defect in ALL}) == len(ALL)


def test_an_entry_whose_text_has_gone_or_is_twice_there_is_named(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\nx = 1\ny = 2\n")
    defect = Defect("room", "one", "a.py", "y = 2", "y = 3", ())
    assert planted(defect, tmp_path) == "x = 1\nx = 1\ny = 3\n"
    for old, count in (("x = 1", 2), ("z", 0)):
        with pytest.raises(TableError, match=rf"room/one: .* occurs {count} times in a\.py"):
            planted(replace(defect, old=old), tmp_path)
    with pytest.raises(TableError, match="room/one: changes nothing"):
        planted(replace(defect, new=defect.old), tmp_path)


def test_the_share_is_of_the_defects_that_change_a_result():
    found = ("caught", "survived", "equivalent", "caught")
    assert share("room", found) == "room: 2 of 3 caught (67 %), 1 equivalent"
    assert share("room", ["equivalent"]) == "room: 0 of 0 caught (none planted), 1 equivalent"


def test_a_defect_that_does_not_exist_is_an_error(capsys):
    assert main(["--only", "no-such-defect"]) == 2
    assert "no-such-defect" in capsys.readouterr().err
