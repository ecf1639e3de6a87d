"""Problems of [[channels]]."""

import pytest

from forewave.check.channels import channel_findings
from forewave.settings import Settings

HOOK = {"type": "webhook", "url": "https://example.org/", "secret": "x"}


def found(tmp_path, *tables):
    settings = Settings(channels=tables)
    return [(f.severity, f.subject, f.what) for f in
            channel_findings(settings, tmp_path / "forewave.toml")]  # fmt: skip


def test_a_good_entry_has_no_findings(tmp_path):
    assert found(tmp_path, HOOK) == []


def test_every_wrong_entry_is_an_error_that_names_it(tmp_path):
    one, two = found(tmp_path, {"type": "x"}, HOOK, HOOK | {"name": "b", "min_mmi": "x"})
    assert one[:2] == ("error", "channels 1")
    assert two[:2] == ("error", "channels 3")
    assert "min_mmi: expected a number" in two[2]


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ({"type": "command", "command": ["no-such-program"]}, "no such program"),
        ({"type": "multicast", "group": "10.0.0.1"}, "expected a multicast address"),
        (HOOK | {"tls_ca": "none.pem"}, "none.pem"),
    ],
)
def test_what_cannot_be_used_is_an_error(tmp_path, table, what):
    ((severity, subject, said),) = found(tmp_path, table)
    assert (severity, subject) == ("error", f"channels: {table['type']}")
    assert what in said


def test_what_others_could_read_is_a_warning_except_on_this_machine(tmp_path):
    ((severity, subject, _),) = found(tmp_path, HOOK | {"url": "http://example.org/"})
    assert (severity, subject) == ("warning", "webhook example.org")
    assert found(tmp_path, HOOK | {"url": "http://127.0.0.1/"}) == []


def test_people_without_a_place_are_told_of_everything(tmp_path):
    ((severity, _, what),) = found(tmp_path, {"type": "apprise", "urls": ["jsons://127.0.0.1/"]})
    assert severity == "note"
    assert "every earthquake" in what
