"""Documents as pages and PDFs: escaped, accessible, the same bytes every time."""

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pypdf import PdfReader

from forewave.after.documents import fonts as known_fonts
from forewave.after.documents import html as pages
from forewave.after.documents import intensity_class, pdf
from forewave.after.documents.document import (
    Cell,
    Document,
    Facts,
    Figure,
    Links,
    Listing,
    Notice,
    Paragraph,
    Section,
    Table,
    row,
)
from forewave.after.documents.html import html
from forewave.after.documents.pdf import pdf as pdf_of
from forewave.errors import ForewaveError
from tests.after import pdf_rules

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"><rect width="1" height="1"/>'
SVG += "</svg>"
ROOT = Path(__file__).parents[2]
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '#panic("x") $x$ *b* _i_ `c` @ref <label> \\ // /* */ #let',
    "]]] }}} ))) \" ' & &amp; \u202e \u0000 \ud800 \x1b[31m",
    '=HYPERLINK("http://x")',
    "A" * 400,
)


def document(text="Text", **changed):
    table = Table(
        f"Caption {text}",
        ("name", "value", "class"),
        (
            row(text, "1", Cell("VI (5.8)", mmi=5.8)),
            row("b", Cell("late", "bad"), Cell("?", mmi=9.0)),
        ),
        numeric=(1,),
        note=text,
    )
    usual = Document(
        title=f"Title {text}",
        kind="Event report",
        about=text,
        top=(Notice("Mark", text, "fair"), Facts((("name", text),)), Paragraph(text, lead=True)),
        sections=(
            Section(
                "First",
                (table, Figure("Picture", text, SVG, SVG), Listing((text,), "List", "good")),
            ),
            Section(
                "Long", (replace(table, folded=True), Links((("a.csv", text, text),))), annex=True
            ),
        ),
        footer=text,
    )
    return replace(usual, **changed)


class Tags(HTMLParser):
    """The tags of a page, with their attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)

    @property
    def shape(self):
        """Its tags, without those that only say that a text is long."""
        return [tag for tag, attributes in self.tags if attributes.get("class") != "long"]

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_users_is_never_markup_on_a_page(text):
    found, usual = Tags(html(document(text))), Tags(html(document()))
    assert found.shape == usual.shape
    assert not [a for _, attributes in found.tags for a in attributes if a.startswith("on")]


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=25)
def test_any_text_stays_text(text):
    found, usual = Tags(html(document(text))), Tags(html(document()))
    assert found.shape == usual.shape
    html(document(text)).encode()


def test_a_page_allows_no_script_and_nothing_from_elsewhere():
    page = html(document())
    policy = next(
        a["content"]
        for a in Tags(page).all("meta")
        if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "form-action 'none'" in policy
    assert "<script" not in page
    assert ' style="' not in page
    assert not re.search(r'(src|srcset|href)="(https?:)?//', page)


def test_the_style_is_the_one_that_the_policy_allows():
    import base64
    import hashlib

    page = html(document())
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page


def test_a_page_has_what_a_screen_reader_needs():
    tags = Tags(html(document(language="ar", direction="rtl")))
    assert tags.all("html") == [{"lang": "ar", "dir": "rtl"}]
    assert len(tags.all("h1")) == 1
    assert all(a.get("scope") in ("col", "row") for a in tags.all("th"))
    assert all(a["alt"] for a in tags.all("img"))
    assert len(tags.all("caption")) == len(tags.all("table")) == 2
    regions = [a for a in tags.all("div") if a.get("role") == "region"]
    assert all(a["tabindex"] == "0" and a["aria-label"] for a in regions)
    named = {a["id"] for a in tags.all("h2")}
    assert {a["aria-labelledby"] for a in tags.all("section")} == named


def test_the_colours_are_those_of_the_house():
    """tokens.css of the pages; ours have a warning red beside."""
    tokens = (ROOT / "web" / "core" / "drawing" / "tokens.css").read_text()
    house = set(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", tokens))
    ours = set(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", pages.style().split("@media print")[0]))
    assert {pair for pair in ours if not pair[0].startswith("--bad")} <= house


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_a_contrast_of_seven(scheme):
    blocks = re.findall(r":root \{(.*?)\}", pages.style(), re.DOTALL)
    colours = dict(
        re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[0 if scheme == "light" else 1])
    )
    grounds = ("card", "ground")
    pairs = [(ink, ground) for ink in ("text", "second", "accent") for ground in grounds]
    pairs += [(kind, f"{kind}-tint") for kind in ("good", "unready", "bad")]
    pairs += [("text", f"{kind}-tint") for kind in ("good", "unready", "bad")]
    pairs += [(kind, "card") for kind in ("good", "unready", "bad")] + [("on-accent", "accent")]
    assert {p: c for p in pairs if (c := contrast(colours[p[0]], colours[p[1]])) < 7.0} == {}


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_an_intensity_has_its_class_and_words():
    assert intensity_class.label(5.8) == "VI (5.8)"
    assert intensity_class.label(None) == intensity_class.label(float("nan")) == "not known"
    assert intensity_class.in_words(6.6) == "VII, very strong"
    assert intensity_class.css_class(9.9) == "c8"
    assert ".c8 {" in intensity_class.colours()


def test_a_pdf_keeps_the_rules_of_pdf_ua():
    assert pdf_rules.faults(pdf_of(document(), 1.9e9).content) == []


def test_the_rules_find_a_pdf_that_breaks_them(monkeypatch):
    import typst

    compiled = typst.compile
    monkeypatch.setattr(
        typst,
        "compile",
        lambda *a, pdf_standards=None, **k: compiled(*a, pdf_tags=False, **k),
    )
    found = pdf_rules.faults(pdf_of(document(), 1.9e9).content)
    assert "not tagged" in found
    assert "not marked UA-1" in found


def read(content):
    return PdfReader(io.BytesIO(content))


def plain(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("text", [*HOSTILE[:3], HOSTILE[4]])
def test_text_of_users_is_never_markup_in_a_pdf(text):
    reader = read(pdf_of(document(text), 1.9e9).content)
    shown = plain("".join(page.extract_text() for page in reader.pages))
    assert plain(text) in shown
    assert reader.metadata.title == f"Title {text}"


def test_a_pdf_has_language_title_and_date():
    reader = read(pdf_of(document(language="es"), 1.9e9).content)
    assert reader.trailer["/Root"]["/Lang"] == "es"
    assert reader.metadata.creation_date.strftime("%Y-%m-%d") == "2030-03-17"


def test_the_same_document_gives_the_same_bytes():
    assert pdf_of(document(), 1.9e9) == pdf_of(document(), 1.9e9)
    assert html(document()) == html(document())


def test_a_private_character_is_its_number_even_if_a_font_has_it():
    used = known_fonts.fonts(map(chr, range(0xE000, 0xE100)))
    private = min(code for code in used.characters if 0xE000 <= code <= 0xF8FF)
    assert used.shown(chr(private)) == f"[U+{private:04X}]"


def test_a_character_without_a_font_is_shown_as_its_number_and_named():
    text = "Hospital \U000130a7 \ue000 \ud800 X"
    found = pdf_of(document(text), 1.9e9)
    shown = "".join(page.extract_text() for page in read(found.content).pages)
    assert "[U+E000]" in shown
    assert any(text in each for each in found.unprintable)


@pytest.mark.parametrize(
    "text", ["Hôpital Łódź Ωμέγα Больница", "بیمارستان مستشفى", "Ţ ẞ ½ ° − ≥ 1 234"]
)
def test_scripts_of_the_main_font_are_printed_everywhere(text):
    used = known_fonts.fonts([text])
    assert used.shown(text) == text
    assert used.families == (known_fonts.MAIN,)
    assert pdf_of(document(text), 1.9e9).unprintable == ()


def test_a_direction_cannot_turn_other_text_around():
    assert "\u202e" not in html(document("a \u202e b"))
    assert known_fonts.fonts().shown("a \u202e b") == "a [U+202E] b"


def test_fonts_of_the_system_are_taken_for_what_is_missing(monkeypatch):
    characters = known_fonts._characters
    monkeypatch.setattr(known_fonts, "_others", lambda: ("Other", "Unused"))
    paths = {**known_fonts._paths(), "Other": "other", "Unused": "unused"}
    monkeypatch.setattr(known_fonts, "_paths", lambda: paths)
    have = {"other": frozenset({0x82B1}), "unused": frozenset({0x84EE, 0x82B1})}
    monkeypatch.setattr(known_fonts, "_characters", lambda p: have.get(p) or characters(p))
    assert known_fonts.fonts(["\u82b1"]).families == (known_fonts.MAIN, "Other")
    assert known_fonts.fonts(["x"]).families == (known_fonts.MAIN,)
    assert known_fonts.fonts(["\u84ee"]).families == (known_fonts.MAIN, "Unused")


def test_a_picture_that_is_none_is_an_error_of_one_line():
    broken = document(sections=(Section("P", (Figure("P", "alt", "no svg", "no svg"),)),))
    with pytest.raises(ForewaveError, match="the PDF cannot be made") as error:
        pdf_of(broken, 1.9e9)
    assert "\n" not in str(error.value)


def test_wide_columns_wrap_and_narrow_ones_do_not():
    table = {
        "type": "table",
        "head": ["a", "b"],
        "rows": [[{"text": "x", "mmi": None}, {"text": "long " * 20, "mmi": 6.0}]],
    }
    made = pdf._table(table)
    assert made["widths"] == [0, 3.0]
    assert made["rows"][0][1]["mmi"] == ["#F8A600", "#000000"] or made["rows"][0][1]["mmi"]
