"""Versions of a folder."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.after import versions
from forewave.errors import FormatError


def test_the_same_input_is_the_same_version():
    one = versions.next_version((), "a", {"x": "1"})
    again = versions.next_version(one.all, "a", {"x": "1"})
    assert (one.this.number, one.is_new, again.this, again.is_new) == (1, True, one.this, False)
    assert again.changes == one.changes == ()


def test_other_input_is_a_new_version_with_its_changes():
    one = versions.next_version((), "a", {"x": "1", "gone": "g", "same": "s"})
    two = versions.next_version(one.all, "b", {"x": "2", "same": "s", "new": "n"})
    assert two.this.number == 2
    changed = {change.name: (change.before, change.now) for change in two.changes}
    assert changed == {"x": ("1", "2"), "gone": ("g", ""), "new": ("", "n")}
    again = versions.next_version(two.all, "b", {"x": "2"})
    assert again.changes == two.changes


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=20))
def test_numbers_count_up_by_the_changes(digests):
    every = ()
    for digest in digests:
        every = versions.next_version(every, digest, {}).all
    runs = 1 + sum(one != other for one, other in pairwise(digests))
    assert [version.number for version in every] == list(range(1, runs + 1))


def test_the_digest_tells_parts_apart():
    assert versions.digest_of(b"ab", b"c") != versions.digest_of(b"a", b"bc")


def test_versions_survive_their_file(tmp_path):
    one = versions.next_version((), "a", {"x": "1"})
    versions.write(tmp_path, one.all)
    assert versions.read(tmp_path) == one.all
    assert versions.read(tmp_path / "nowhere") == ()


@pytest.mark.parametrize("content", [b"", b"{}", b"[[1]]", b'[{"number": "x"}]', b"\xff"])
def test_a_file_that_is_none_is_named(content, tmp_path):
    (tmp_path / versions.NAME).write_bytes(content)
    with pytest.raises(FormatError, match=r"versions\.json"):
        versions.read(tmp_path)
