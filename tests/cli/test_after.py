"""`forewave after`: what is typed, what is printed."""

import pytest
from click.testing import CliRunner

from forewave.after import run
from forewave.after.report.report import FinalMessage, Report, Verdict
from forewave.after.request import Done
from forewave.after.versions import next_version
from forewave.cli.main import main
from forewave.errors import FormatError


@pytest.fixture
def asked(monkeypatch):
    """The requests, each answered with a second version."""
    requests = []
    verdict, final = Verdict("right", "Sentence.", (), ()), FinalMessage("true", "Final.")
    nothing = (None, None, None, (), (), (), (), (), (), (), {}, (), ())
    report = Report("id", "e", None, "Title", False, True, verdict, final, *nothing)
    one = next_version((), "a", {"Magnitude": "5.0"})
    two = next_version(one.all, "b", {"Magnitude": "5.2"})

    def done(request, say):
        requests.append(request)
        return Done(report, two, ("index.html",), ("told first \x1b[31m\n",))

    monkeypatch.setattr(run, "run", done)
    return requests


def typed(*words):
    return CliRunner().invoke(main, ["after", *(str(word) for word in words)])


def test_what_must_be_known_is_printed_first(asked, tmp_path):
    result = typed(tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "told first ?[31m?"
    assert "  Magnitude: 5.0 -> 5.2" in lines
    assert lines[-1] == str(tmp_path / "out" / "index.html")


def test_options_reach_the_request(asked, tmp_path):
    file = tmp_path / "q.xml"
    file.write_text("<x/>")
    typed(tmp_path, "--event", "fw1", "--catalogue", file, "--latency", 2, "--out", tmp_path / "o")
    (request,) = asked
    assert (request.name, request.catalogue, request.pace.latency) == ("fw1", str(file), 2.0)


def test_the_folder_is_named_after_the_event(asked, tmp_path):
    typed(tmp_path, "--event", "fw1")
    assert asked[0].out.name == "fw1-after"


@pytest.mark.parametrize(
    "words", [("nowhere",), (".", "--catalogue", "nowhere.xml"), (".", "--catalogue", "."), ()]
)
def test_wrong_use_is_refused_in_one_line(asked, words):
    result = typed(*words)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert not asked


def test_a_fault_of_the_input_is_one_line(monkeypatch, tmp_path):
    def fails(request, say):
        raise FormatError("event.json: broken")

    monkeypatch.setattr(run, "run", fails)
    result = typed(tmp_path, "--out", tmp_path / "o")
    assert result.exit_code == 1
    assert result.stderr == "Error: event.json: broken\n"


def test_a_record_is_followed_only_where_it_is_one(asked, tmp_path):
    assert "expected without --follow" in typed(tmp_path, "--follow", "--event", "x").stderr
    result = typed(tmp_path, "--follow")
    assert result.exit_code == 2
    assert "expected the record folder of a live machine" in result.stderr


def test_the_demo_of_what_follows_takes_no_options_of_pages(monkeypatch, tmp_path):
    for words in (["--after", "--port", "1"], ["--out", str(tmp_path / "x")]):
        result = CliRunner().invoke(main, ["demo", *words])
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1


def test_a_server_may_be_the_catalogue(asked, tmp_path):
    address = "https://example.org/fdsnws/event/1/query?eventid=1"
    assert typed(tmp_path, "--catalogue", address, "--out", tmp_path / "o").exit_code == 0
    assert asked[0].catalogue == address
