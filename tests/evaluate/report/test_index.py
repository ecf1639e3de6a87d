from html.parser import HTMLParser

from forewave.evaluate.report.index import write_index, write_page
from forewave.evaluate.scoring.playback import USUAL

VOID = {"meta", "img", "br", "link"}


class Checker(HTMLParser):
    """Elements are closed in the order they were opened; headings do not jump."""

    def __init__(self):
        super().__init__()
        self.open, self.levels = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"h1", "h2", "h3"}:
            self.levels.append(int(tag[1]))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_index_links_to_every_page(tmp_path, case, missed):
    write_page(tmp_path, case, [])
    write_index(tmp_path, [case, missed], [("broken", "event.json: <bad>")], USUAL)
    text = (tmp_path / "index.html").read_text("utf-8")
    assert f'<a href="{case.score.id}.html">' in text
    assert (tmp_path / f"{case.score.id}.html").exists()
    assert "1 of 2" in text
    assert "<h3>Misses</h3>" in text
    assert "event.json: &lt;bad&gt;" in text


def test_the_pages_are_well_formed(tmp_path, case, missed):
    write_page(tmp_path, case, [])
    write_index(tmp_path, [case, missed], [], USUAL)
    for name in ("index.html", f"{case.score.id}.html"):
        checker = Checker()
        checker.feed((tmp_path / name).read_text("utf-8"))
        assert checker.open == []
        assert checker.levels[0] == 1
        steps = zip(checker.levels, checker.levels[1:], strict=False)
        assert all(after - before <= 1 for before, after in steps)


def test_an_index_of_noise_alone(tmp_path, case):
    write_index(tmp_path, [], [("gem", "holds no *.mseed file")], USUAL)
    assert "holds no *.mseed file" in (tmp_path / "index.html").read_text("utf-8")
