"""forewave keys: signing keys, an offline root and its lists, each as it is typed."""

import stat

import pytest

from forewave.delivery import key_list, signing
from tests.cli.commands import forewave

DAY = 86_400.0


@pytest.fixture
def made(tmp_path):
    """A root, a signing key and the first list of it."""
    for words in (("root", "-o", "root.key"), ("new", "-o", "a.key"), ("new", "-o", "b.key")):
        assert forewave("keys", *words[:-1], tmp_path / words[-1]).exit_code == 0
    typed = ["--root", tmp_path / "root.key", "-o", tmp_path / "keys.json", tmp_path / "a.key"]
    assert forewave("keys", "sign", *typed).exit_code == 0
    return tmp_path


def current(folder):
    data = (folder / "keys.json").read_bytes()
    return key_list.read(data, [public(folder / "root.key")])


def public(path):
    keys = signing.load(path)
    return signing.base64url(keys.trusted[keys.id])


def id_of(path):
    return signing.load(path).id


def next_list(folder, what, *words, root="root.key"):
    return forewave("keys", what, folder / "keys.json", *words, "--root", folder / root)


def test_a_key_is_written_once(tmp_path):
    path = tmp_path / "keys" / "mine.key"
    made = forewave("keys", "new", "-o", path)
    assert made.exit_code == 0, made.output
    assert signing.load(path).id in made.output
    before = path.read_bytes()
    again = forewave("keys", "new", "-o", path)
    assert again.exit_code == 2
    assert str(path) in again.stderr
    assert path.read_bytes() == before


def test_the_first_list_has_the_key_and_its_root(made):
    found = current(made)
    assert (found.n, [key.id for key in found.keys]) == (1, [id_of(made / "a.key")])
    assert found.roots == (public(made / "root.key"),)
    assert found.until - found.made == 400 * DAY * 1000
    assert stat.S_IMODE((made / "root.key").stat().st_mode) == 0o600


def test_a_list_can_be_signed_with_the_public_key_alone(made):
    printed = forewave("keys", "list", made / "b.key").stdout.split()
    assert printed == [id_of(made / "b.key"), public(made / "b.key")]
    assert next_list(made, "rotate", printed[1]).exit_code == 0
    assert [key.id for key in current(made).keys] == [id_of(made / "a.key"), printed[0]]
    assert current(made).n == 2


@pytest.mark.parametrize("begin", ["-h", "-Xh", "-oh", "-xo", "--", "-d"])
def test_a_key_may_begin_as_an_option_does(made, begin):
    """One in 64 does, and click would find -h in the middle of it."""
    typed = begin.ljust(42, "a") + "A"
    done = next_list(made, "rotate", typed)
    assert done.exit_code == 0, done.output
    assert typed in [key.key for key in current(made).keys]
    signed = forewave(
        "keys", "sign", typed, "--spare", typed, "--root", made / "root.key", "-o", made / "k.json"
    )
    assert signed.exit_code == 0, signed.output


def test_an_id_may_begin_as_an_option_does(made):
    refused = next_list(made, "revoke", "-Xhabcde")
    assert "lists no key -Xhabcde" in refused.stderr


def test_a_key_is_revoked_for_ever(made):
    old = id_of(made / "a.key")
    next_list(made, "rotate", made / "b.key")
    assert next_list(made, "revoke", old).exit_code == 0
    found = current(made)
    assert (found.n, found.revoked) == (3, (old,))
    assert [key.id for key in found.keys] == [id_of(made / "b.key")]
    again = next_list(made, "rotate", made / "a.key")
    assert again.exit_code == 1
    assert "is revoked for ever" in again.stderr
    assert current(made).n == 3


@pytest.mark.parametrize(
    ("what", "words", "root", "error"),
    [
        ("revoke", ["unknown1"], "root.key", "lists no key unknown1"),
        ("rotate", [], "b.key", "is no root of"),
        ("rotate", ["nonsense"], "root.key", "expected an Ed25519 public key"),
    ],
)
def test_what_devices_would_refuse_is_not_signed(made, what, words, root, error):
    before = (made / "keys.json").read_bytes()
    done = next_list(made, what, *words, root=root)
    assert done.exit_code == 1
    assert error in done.stderr
    assert (made / "keys.json").read_bytes() == before


def public_keys(count):
    """Of new keys; not such as begin like an option."""
    found = []
    while len(found) < count:
        keys = signing.generate()
        public = signing.base64url(keys.trusted[keys.id])
        found += [] if public.startswith("-") else [public]
    return found


def test_a_list_with_more_keys_than_devices_read_is_not_written(made):
    assert next_list(made, "rotate", *public_keys(key_list.MOST - 1)).exit_code == 0
    before = (made / "keys.json").read_bytes()
    done = next_list(made, "rotate", *public_keys(1))
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "not written, devices would refuse it: key list: malformed" in done.stderr
    assert (made / "keys.json").read_bytes() == before
    typed = ["--root", made / "root.key", "-o", made / "too.json"]
    assert forewave("keys", "sign", *typed, *public_keys(key_list.MOST + 1)).exit_code == 1
    assert not (made / "too.json").exists()


def test_a_spare_root_signs_later_lists(made):
    forewave("keys", "root", "-o", made / "spare.key")
    typed = ["--root", made / "root.key", "--spare", public(made / "spare.key")]
    typed += ["-o", made / "two.json", made / "a.key"]
    assert forewave("keys", "sign", *typed).exit_code == 0
    (made / "two.json").replace(made / "keys.json")
    assert next_list(made, "rotate", root="spare.key").exit_code == 0
    data = (made / "keys.json").read_bytes()
    assert key_list.read(data, [public(made / "spare.key")]).n == 2


def test_a_list_is_printed(made):
    printed = forewave("keys", "list", made / "keys.json").stdout
    assert "version 1" in printed
    assert public(made / "a.key") in printed
    altered = (made / "keys.json").read_text().replace('"n":1', '"n":2')
    (made / "keys.json").write_text(altered)
    done = forewave("keys", "list", made / "keys.json")
    assert done.exit_code == 1
    assert "bad signature" in done.stderr
