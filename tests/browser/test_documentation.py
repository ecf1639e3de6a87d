"""The documentation site in a browser, opened from a folder: contrast, search, no other host."""

import pytest

from tests import documentation
from tests.cases import first_of

PAGES = ("index", "tutorial", "how-to/run-live", "reference/api-types", "reference/commands")
LEAST_CONTRAST = 4.5  # WCAG 2.2, level AA, for text of any size

# What is drawn with too little contrast: by element, its contrast and its words.
FAINT = r"""least => {
  const parse = c => {
    const n = c.match(/[\d.]+/g).map(Number), unit = c.startsWith("color(") ? 255 : 1;
    return [n[0] * unit, n[1] * unit, n[2] * unit, n[3] ?? 1];
  };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const part = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = c => 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]);
  const found = {}, words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (words.nextNode()) {
    const text = words.currentNode.textContent.trim(), e = words.currentNode.parentElement;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (!text || !box.width || !box.height || style.visibility === "hidden") continue;
    let opacity = 1, behind = [255, 255, 255, 1];
    const layers = [];
    for (let p = e; p; p = p.parentElement) {
      opacity *= +getComputedStyle(p).opacity;
      layers.unshift(parse(getComputedStyle(p).backgroundColor));
    }
    if (opacity < 0.05) continue;
    for (const layer of layers) behind = over(layer, behind);
    const ink = parse(style.color);
    ink[3] *= opacity;
    const [a, b] = [light(over(ink, behind)), light(behind)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    seen += 1;
    if (contrast < least) found[`${e.tagName}.${e.className}`] = [contrast, text.slice(0, 30)];
  }
  return [seen, found];
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    documentation.build(folder)
    return folder.as_uri()


@pytest.fixture
def page(browser, request):
    """A page in the reader's choice of light or dark, and the addresses that it asks for."""
    context = browser.new_context(color_scheme=getattr(request, "param", "light"))
    page = context.new_page()
    page.asked = []
    page.on("request", lambda asked: page.asked.append(asked.url))
    yield page
    context.close()


@pytest.mark.parametrize("page", first_of(["light", "dark"]), indirect=True)
@pytest.mark.parametrize("name", first_of(PAGES))
def test_its_text_can_be_read_in_light_and_dark(site, page, name):
    page.goto(f"{site}/{name}.html")
    seen, faint = page.evaluate(FAINT, LEAST_CONTRAST)
    assert seen > 50
    assert faint == {}


def test_faint_text_is_found(page):
    page.set_content("<p style='color: #999'>faint</p><p>clear</p>")
    seen, faint = page.evaluate(FAINT, LEAST_CONTRAST)
    assert seen == 2
    assert [text for _, text in faint.values()] == ["faint"]


def test_search_works_without_a_server_and_asks_no_other_host(site, page):
    page.goto(f"{site}/index.html")
    page.fill("input[name=query]", "silence")
    page.get_by_text("matching documents").wait_for()
    page.locator(".md-search-result__link").first.wait_for()
    assert [url for url in page.asked if not url.startswith(("file:", "data:", "blob:"))] == []
