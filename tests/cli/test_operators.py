"""forewave operators, operator and audit, as they are typed."""

import json

import pytest

from forewave.operators.accounts import Accounts
from tests.cli.commands import forewave

PASSWORD = "correct horse battery"


def test_accounts_are_added_listed_and_removed_and_that_is_in_the_audit_log(tmp_path):
    file = tmp_path / "operators.json"
    for name in ("anna", "bob", "anna"):
        done = forewave("operators", "add", name, "-f", file, "--password", PASSWORD)
        assert done.exit_code == 0, done.output
    assert Accounts(file).verify("anna", PASSWORD)
    assert forewave("operators", "list", "-f", file).stdout.split() == ["anna", "bob"]
    assert forewave("operators", "remove", "bob", "-f", file).exit_code == 0
    assert forewave("operators", "list", "-f", file).stdout.split() == ["anna"]
    log = tmp_path / "audit.jsonl"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(line["what"], line["account"]) for line in lines] == [
        ("account added", "anna"),
        ("account added", "bob"),
        ("account changed", "anna"),
        ("account removed", "bob"),
    ]
    assert PASSWORD not in log.read_text()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["add", "Anna", "--password", PASSWORD], "name 'Anna'"),
        (["add", "anna", "--password", "short"], "at least 12 characters"),
        (["remove", "carol"], "no account 'carol'"),
    ],
)
def test_what_is_wrong_is_one_line_and_changes_nothing(tmp_path, words, why):
    done = forewave("operators", words[0], words[1], "-f", tmp_path / "o.json", *words[2:])
    assert done.exit_code == 1
    assert why in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_audit_log_is_checked_and_its_head_can_be_noted(tmp_path):
    file, log = tmp_path / "operators.json", tmp_path / "audit.jsonl"
    for name in ("anna", "bob"):
        forewave("operators", "add", name, "-f", file, "--password", PASSWORD)
    good = forewave("audit", "verify", log)
    assert good.exit_code == 0
    head = good.stdout.split()[-1]
    assert "2 lines, unchanged" in good.stdout
    log.write_bytes(log.read_bytes().splitlines(keepends=True)[0])
    assert forewave("audit", "verify", log).exit_code == 0
    missed = forewave("audit", "verify", log, "--head", head)
    assert missed.exit_code == 1
    assert "lines were taken away or changed" in missed.stderr
    log.write_text(log.read_text().replace("anna", "alma") + '{"what":"x","before":"y"}\n')
    changed = forewave("audit", "verify", log)
    assert changed.exit_code == 1
    assert "line 2 does not follow" in changed.stderr


def test_an_action_where_nobody_listens_is_one_line():
    done = forewave(
        "operator", "cancel", "http://127.0.0.1:1", "e1", "--name", "anna", "--password", PASSWORD
    )
    assert done.exit_code == 1
    assert "refused" in done.stderr
