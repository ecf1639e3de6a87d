from forewave.evaluate.report import markup


def test_whatever_comes_from_data_is_escaped():
    evil = "<script>alert(1)</script>"
    actual = [
        markup.page(evil, ""),
        markup.table(evil, [evil], []),
        markup.figure(evil, "data:,", f'"{evil}'),
        markup.folded(evil, ""),
        markup.tiles([(evil, evil)]),
        markup.link(f'"{evil}', evil),
    ]
    assert not any("<script>" in text for text in actual)
    assert 'alt="&quot;&lt;script' in actual[2]


def test_a_page_is_whole_and_leads_back():
    text = markup.page("T", "<h1>T</h1>", "index.html")
    assert text.startswith("<!doctype html>")
    assert '<html lang="en">' in text
    assert '<a href="index.html">' in text
    assert "<style>" in text


def test_a_row_is_named_by_its_first_cell():
    assert '<th scope="row">a</th><td>b</td>' in markup.table("c", ["x", "y"], [["a", "b"]])
