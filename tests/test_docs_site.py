"""The documentation site: complete, readable for everybody, and nothing comes from elsewhere."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest

import forewave
from forewave import types
from scripts import accessibility_checks, command_help, docs_hooks, http_api, policy_table
from tests import documentation

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
LARGEST_FIGURE = 300_000  # bytes
# Attributes by which a page makes a browser load something without a click.
LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}


class Parsed(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The pages by name, as `make docs` builds them: a warning ends the build."""
    folder = tmp_path_factory.mktemp("site")
    documentation.build(folder)
    pages = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*.html")}
    return {name: Parsed(page.read_text("utf-8")) for name, page in pages.items()}, folder


def test_every_document_is_a_page_of_the_site(site):
    pages, _ = site
    documents = [p.relative_to(DOCS) for p in DOCS.rglob("*.md")] + list(map(Path, docs_hooks.TOP))
    missing = [d for d in documents if d.with_suffix(".html").as_posix() not in pages]
    assert missing == []


def test_no_page_loads_anything_from_elsewhere(site):
    pages, folder = site
    for name, page in pages.items():
        loaded = [a[key] for tag, a in page.tags for t, key in LOADED if t == tag and key in a]
        assert [url for url in loaded if re.match(r"(\w+:)?//", url)] == [], name
    for sheet in folder.rglob("*.css"):
        assert not re.search(r"(@import|url\()\W*(\w+:)?//", sheet.read_text("utf-8")), sheet.name


def test_every_page_says_its_language_and_lets_readers_skip_to_the_content(site):
    pages, _ = site
    for name, page in pages.items():
        assert page.all("html")[0].get("lang") == "en", name
        skips = [a["href"] for a in page.all("a") if "md-skip" in a.get("class", "")]
        ids = {a["id"] for _, a in page.tags if "id" in a}
        assert name == "404.html" or (skips and skips[0].removeprefix("#") in ids), name


def test_every_picture_says_what_it_shows(site):
    pages, _ = site
    for name, page in pages.items():
        silent = [a.get("src") for a in page.all("img") if not a.get("alt", "").strip()]
        assert silent == [], name


def test_every_public_name_has_its_place(site):
    pages, _ = site
    described = {a.get("id") for page in pages.values() for _, a in page.tags}
    own = [n for n, v in vars(types).items() if getattr(v, "__module__", "") == types.__name__]
    public = [f"forewave.types.{name}" for name in own if not name.startswith("_")]
    public += [f"forewave.{name}" for name in getattr(forewave, "__all__", ())]
    assert len(public) > 15
    assert [name for name in public if name not in described] == []


def test_the_navigation_is_the_list_of_documents():
    nav = docs_hooks.navigation(
        "- [A](a.md): of it\n\n## Decisions\n\n- [0001](decisions/1.md): One\n- [B](../B.md)\n"
    )
    assert nav == [
        {"Start": [{"Overview": "index.md"}, {"A": "a.md"}]},
        {"Decisions": ["decisions/1.md", {"B": "B.md"}]},
    ]


@pytest.mark.parametrize(
    ("source", "written", "linked"),
    [
        ("index.md", "[a](../ARCHITECTURE.md#x)", "[a](ARCHITECTURE.md#x)"),
        ("how-to/run-live.md", "[a](../reference/api.md)", "[a](../reference/api.md)"),
        ("how-to/run-live.md", "[a](../../SECURITY.md)", "[a](../SECURITY.md)"),
        ("SECURITY.md", "[a](docs/reference/api.md)", "[a](reference/api.md)"),
        ("CONTRIBUTING.md", "[a](docs/decisions/)", "[a](index.md)"),
        ("CONTRIBUTING.md", "[the licence](LICENSE)", "the licence"),
        ("index.md", "[a](https://example.org/b.md) [c](#d)", None),
    ],
)
def test_links_between_documents_lead_to_their_pages(source, written, linked):
    assert docs_hooks.relinked(written, source) == (linked or written)


def test_a_link_to_a_source_file_leads_to_the_repository():
    found = docs_hooks.relinked("[a](LICENSE)", "SECURITY.md", "https://example.org/x/")
    assert found == "[a](https://example.org/x/blob/main/LICENSE)"


def test_the_page_of_commands_is_their_help():
    assert command_help.PAGE.read_text("utf-8") == command_help.page(), (
        "python scripts/command_help.py --write"
    )


def test_the_page_of_the_http_api_is_its_description():
    assert http_api.PAGE.read_text("utf-8") == http_api.page(), "python scripts/http_api.py --write"


def test_every_command_and_option_is_on_its_page():
    page = command_help.page()
    for name, command in command_help.commands(command_help.forewave, "forewave"):
        section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
        assert section, name
        options = [o for p in command.params for o in p.opts if o.startswith("-")]
        assert [option for option in options if f"`{option}`" not in section] == []


def test_the_page_of_the_alert_policy_has_the_table_of_the_code():
    page = policy_table.PAGE.read_text("utf-8")
    assert page == policy_table.replaced(page, policy_table.table()), (
        "python scripts/policy_table.py --write"
    )


def test_the_page_of_accessibility_has_the_table_of_the_checks():
    page = accessibility_checks.PAGE.read_text("utf-8")
    assert page == accessibility_checks.replaced(page, accessibility_checks.table()), (
        "python scripts/accessibility_checks.py --write"
    )
    with pytest.raises(ValueError, match="no place"):
        accessibility_checks.replaced("", "")


def test_a_page_without_a_place_for_the_table_is_refused():
    with pytest.raises(ValueError, match="no place"):
        policy_table.replaced("# Policy\n", policy_table.table())


@pytest.mark.parametrize("figure", sorted(DOCS.glob("images/*.svg")), ids=lambda path: path.name)
def test_a_figure_is_small_and_needs_no_other_file(figure):
    assert figure.stat().st_size < LARGEST_FIGURE
    links = [v for e in ET.parse(figure).iter() for k, v in e.attrib.items() if k.endswith("href")]
    assert [link for link in links if not link.startswith(("#", "data:"))] == []
