"""`forewave after` from end to end: the folder that it writes."""

import pytest
from msgspec.structs import replace

from forewave.after import run
from forewave.after.documents.document import Document, Paragraph, Section
from forewave.after.pages.part import Part
from forewave.after.request import Request
from forewave.after.shaking.part import ABOUT
from forewave.errors import FormatError
from tests.after import pdf_rules

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def done(event_folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "deep" / "folder"
    said = []
    found = run.run(Request(event=event_folder, out=out), said.append)
    assert said == ["Replaying the recording", "Writing the report"]
    return out, found


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_folder_has_page_pdf_and_data(done):
    out, found = done
    pages = {"index.html", "shaking.html", "everybody.html", "report.pdf", "report.json"}
    assert set(found.files) == pages | set(ABOUT)
    assert set(contents(out)) == {*found.files, "versions.json"}
    assert found.versions.this.number == 1
    assert pdf_rules.faults((out / "report.pdf").read_bytes()) == []


def test_links_of_the_page_lead_to_files_of_the_folder(done):
    out, _ = done
    page = (out / "index.html").read_text()
    for name in ("report.pdf", "report.json"):
        assert f'href="{name}"' in page


def test_a_second_run_gives_the_same_bytes(done, event_folder):
    out, _ = done
    before = contents(out)
    again = run.run(Request(event=event_folder, out=out))
    assert not again.versions.is_new
    assert contents(out) == before


def test_another_solution_is_a_new_version_that_says_what_changed(event_folder, tmp_path):
    request = Request(event=event_folder, out=tmp_path)
    run.run(request)
    (tmp_path / "other.txt").write_text(
        "x|2030-01-01T00:00:20|24.1|121.5|10|a|b|c|d|Mw|5.6|e|Somewhere else\n"
    )
    again = run.run(replace(request, catalogue=str(tmp_path / "other.txt")))
    assert again.versions.this.number == 2
    assert "Magnitude" in [change.name for change in again.versions.changes]
    assert "What changed" in (tmp_path / "index.html").read_text()


def test_a_part_has_its_page_its_short_form_and_its_files(report, tmp_path):
    section = Section("Hospitals first", (Paragraph("Two of them."),))
    page = Document("Hospitals", "Facilities", "All of them", (), (section,))
    part = Part(
        "Facilities",
        "facilities.html",
        page,
        short=(section,),
        annex=(Section("All hospitals", (Paragraph("One by one."),), annex=True),),
        files={"list.csv": b"name\n"},
        about={"list.csv": "every hospital"},
        figures={"Hospitals": "2"},
        told=("line 3: refused",),
    )
    request = Request(event=tmp_path, out=tmp_path / "out")
    done = run.write(request, report, (part,))
    assert done.told == ("line 3: refused",)
    index = (request.out / "index.html").read_text()
    assert index.index("Hospitals first") < index.index("Right and wrong")
    for word in ('href="facilities.html"', 'href="list.csv"', "every hospital"):
        assert word in index
    assert 'aria-current="page">Facilities' in (request.out / "facilities.html").read_text()
    assert (request.out / "list.csv").read_bytes() == b"name\n"
    assert pdf_rules.faults((request.out / "report.pdf").read_bytes()) == []
    fuller = replace(part, files={"list.csv": b"name\nA\n"}, figures={"Hospitals": "3"})
    again = run.write(request, report, (fuller,))
    assert [(c.name, c.before, c.now) for c in again.versions.changes] == [("Hospitals", "2", "3")]


def test_a_record_gives_a_folder_too(record, tmp_path):
    found = run.run(Request(event=record, out=tmp_path))
    assert not found.report.replayed
    assert "none was sent to people" not in (tmp_path / "index.html").read_text()


def test_a_folder_that_is_neither_is_named(tmp_path):
    with pytest.raises(FormatError, match=r"expected stations\.xml or stations\.csv"):
        run.run(Request(event=tmp_path, out=tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_text_that_is_named_is_one_short_line():
    assert run.shortened("a\n\tb") == "'a b'"
    assert run.shortened("\u202e" + "W" * 300).startswith("'\\u202eWWW")
    assert len(run.shortened("W" * 300)) < 70


def test_the_folder_has_the_name_of_the_event(tmp_path):
    assert run.folder_of(tmp_path / "ridgecrest", None).name == "ridgecrest-after"
    assert run.folder_of(tmp_path / "record", "fw2030").name == "fw2030-after"
