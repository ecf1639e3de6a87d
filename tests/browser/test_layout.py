"""A14 to A16: what fits, what is safe on a TV, and what does not depend on colour.

How each state looks, and that nothing flashes: test_states.py.
"""

import json
from collections.abc import Iterator

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect
from warner import Warner

from forewave.delivery.stream import Readiness
from tests.cases import first_of, further
from tests.page_texts import IN_BROWSER

pytestmark = pytest.mark.slow

EACH = first_of(IN_BROWSER)
WITHDRAWN = [*((language, True) for language in IN_BROWSER), (IN_BROWSER[0], False)]

PROFILES = ("standard", "wheelchair", "seated", "bed", "driving", "outdoors")
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""
VIEWPORTS = {
    "phone": (360, 640, ""),
    "small phone": (320, 568, ""),
    "400 % zoom": (320, 256, ""),
    "landscape": (640, 360, ""),
    "200 % text": (360, 640, "html { font-size: 200% !important; }"),
    "wide spacing": (360, 640, SPACING),
}
# Further screens, for the alert itself.
SCREENS = {
    **VIEWPORTS,
    "tablet": (820, 1180, ""),
    "tablet on its side": (1180, 820, ""),
    "fold": (717, 512, ""),
    "watch": (200, 200, ""),
    "4K": (3840, 2160, ""),
}

BOXES = """() => {
  const box = (one) => {
    const { left, top, right, bottom, width, height } = one.getBoundingClientRect();
    return { left, top, right, bottom, width, height };
  };
  const visible = (one) => one.getClientRects().length > 0;
  const all = [...document.querySelectorAll('#alert *')].filter(visible);
  return {
    width: innerWidth, height: innerHeight,
    scrolls: document.getElementById('alert').scrollWidth > innerWidth + 1,
    action: box(document.querySelector('#alert h1')),
    lines: [...document.querySelectorAll('#alert h1 span')]
      .map((one) => ({ text: one.textContent, ...box(one) })),
    stop: box(document.querySelector('#alert .stop')),
    counts: ['.short', '.number'].map((name) => document.querySelector('#alert ' + name))
      .filter(visible).map(box),
    texts: all.filter((one) => one.children.length === 0 && one.textContent.trim())
      .map((one) => ({ text: one.textContent, size: parseFloat(getComputedStyle(one).fontSize),
        ...box(one) })),
  };
}"""

# What is closer than 8 px to what follows it, or reaches beyond its column, the page or into the
# banner: where, with its text, and what it meets.
TOUCHING = """() => {
  const seen = (one) => one && one.offsetParent && one.getBoundingClientRect().height > 0;
  const box = (one) => one.getBoundingClientRect();
  const named = (one) => `${one.className || one.tagName}: ${one.textContent}`;
  const left = [...document.querySelectorAll('.left > *')].filter(seen);
  const buttons = [...document.querySelectorAll('.left button')].filter(seen);
  const words = [...document.querySelectorAll('.quake-words *')].filter(seen);
  const map = document.querySelector('.map');
  const bottom = seen(banner.firstElementChild.nextElementSibling)
    ? box(banner).top : innerHeight - 53;
  const column = box(document.querySelector('.left')).right;
  const found = [];
  left.forEach((one, i) => {
    const next = left[i + 1];
    if (next && box(next).top - box(one).bottom < 8) found.push([named(one), named(next)]);
  });
  for (const one of [...left, ...document.querySelectorAll('.channels li, .map'), ...buttons])
    if (seen(one) && box(one).bottom > bottom) found.push([named(one), 'bottom']);
  for (const one of [...buttons, ...document.querySelectorAll('.channels li, .status *')])
    if (seen(one) && box(one).right > column) found.push([named(one), 'right']);
  for (const one of words)
    if (seen(map) && box(map).top - box(one).bottom < 8) found.push([named(one), 'map']);
  buttons.forEach((one, i) => buttons.slice(i + 1).forEach((other) => {
    const a = box(one), b = box(other);
    const apart = Math.max(b.top - a.bottom, a.top - b.bottom, b.left - a.right, a.left - b.right);
    if (apart < 8) found.push([one.textContent, other.textContent]);
  }));
  return found;
}"""


def choose(page: Page, **settings: object) -> None:
    page.evaluate("s => localStorage.setItem('forewave.settings', s)", json.dumps(settings))
    page.reload()


@pytest.fixture
def warned(browser: Browser, warner: Warner) -> Iterator[tuple[Warner, Browser]]:
    warner.publish(warner.alert(left=100, magnitude=8.3, expires=warner.now() + 400))
    return warner, browser


def inside(box: dict, seen: dict) -> bool:
    return (
        box["top"] >= -1
        and box["left"] >= -1
        and box["right"] <= seen["width"] + 1
        and (box["bottom"] <= seen["height"] + 1)
    )


@pytest.mark.timeout(120)
@pytest.mark.parametrize("language", EACH)
@pytest.mark.parametrize("mode", first_of(["actual", "drill"]))
def test_a15_action_stop_and_count_are_in_the_first_view(browser, warner, language, mode):
    warner.publish(warner.alert(left=100, magnitude=8.3, mode=mode))
    page = browser.new_context(locale=language).new_page()
    page.goto(warner.url())
    wrong = []
    for version, profile in enumerate(PROFILES, 2):
        later = {"version": version, "kind": "update"}  # so that it stays a countdown
        warner.publish(warner.alert(left=100, magnitude=8.3, mode=mode, **later))
        choose(page, language=language, profile=profile)
        expect(page.locator("#alert")).to_be_visible()
        for name, (width, height, css) in SCREENS.items():
            page.set_viewport_size({"width": width, "height": height})
            restyle(page, css)
            page.evaluate("() => new Promise(requestAnimationFrame)")
            wrong += [f"{profile}, {name}: {what}" for what in _faults(page.evaluate(BOXES))]
    page.context.close()
    assert wrong == []


def restyle(page, css: str) -> None:
    """Other rules after those of the page; its policy lets no style tag in."""
    page.evaluate(
        """css => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(css);
          document.adoptedStyleSheets = [sheet];
        }""",
        css,
    )


def _faults(seen: dict) -> list[str]:
    faults = ["scrolls sideways"] if seen["scrolls"] else []
    faults += [] if inside(seen["stop"], seen) else ["stop is out of view"]
    faults += [f"action is cut: {x['text']}" for x in seen["lines"] if not inside(x, seen)]
    counted = any(inside(count, seen) for count in seen["counts"])
    faults += [] if counted else ["no count in view"]
    if seen["stop"]["height"] < 47.5:
        faults.append(f"stop is {seen['stop']['height']:.0f} px high")
    return faults


@pytest.mark.parametrize("language", EACH)
@pytest.mark.parametrize("mode", first_of(["actual", "drill"]))
def test_a16_the_tv_keeps_to_its_safe_area_and_sizes(tv, warner, language, mode):
    warner.publish(warner.alert(left=100, magnitude=8.3, mode=mode))
    page = tv.new_page()
    page.goto(warner.url("/tv"))
    for profile in PROFILES:
        choose(page, language=language, profile=profile)
        expect(page.locator("#alert")).to_be_visible()
        seen = page.evaluate(BOXES)
        for box in seen["texts"]:
            assert box["size"] >= 40, box
            assert 95 <= box["left"] <= box["right"] <= 1825, box
            assert 53 <= box["top"] <= box["bottom"] <= 1027, box
        assert (
            page.locator("#alert h1").evaluate("h => parseFloat(getComputedStyle(h).fontSize)")
            >= 120
        )
        assert seen["stop"]["height"] >= 96
        _apart(seen["texts"])


def _apart(boxes: list[dict]) -> None:
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            across = min(a["right"], b["right"]) - max(a["left"], b["left"])
            down = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
            assert across <= 1 or down <= 30, f"{a['text']!r} lies on {b['text']!r}"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("language", EACH)
@pytest.mark.parametrize("level", first_of(["action", "aware"]))
def test_a_notice_from_one_station_fits_a_phone(browser, warner, language, level):
    warner.publish(warner.notice(left=100, level=level, mode="drill"))
    page = browser.new_context(locale=language).new_page()
    page.goto(warner.url())
    button = page.locator("#alert .stop" if level == "action" else "#banner button")
    choose(page, language=language)
    expect(button).to_be_visible()
    for name, (width, height, css) in VIEWPORTS.items():
        page.set_viewport_size({"width": width, "height": height})
        seen = {"width": width, "height": height}
        restyle(page, css)
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        edges = {"right": box["x"] + box["width"], "bottom": box["y"] + box["height"]}
        assert inside({"left": box["x"], "top": box["y"], **edges}, seen), name
        assert box["height"] >= 47.5, name
        assert page.evaluate("() => document.body.scrollWidth <= innerWidth + 1"), name
    page.context.close()


@pytest.mark.parametrize("language", EACH)
def test_a_notice_from_one_station_fits_the_tv(tv, warner, language):
    warner.publish(warner.notice(left=100, level="action", mode="drill"))
    page = tv.new_page()
    page.goto(warner.url("/tv"))
    choose(page, language=language)
    expect(page.locator("#alert")).to_be_visible()
    seen = page.evaluate(BOXES)
    assert all(box["size"] >= 40 and box["bottom"] <= 1027 for box in seen["texts"])
    _apart(seen["texts"])


@pytest.mark.parametrize("size", [(1280, 720), *map(further, [((3840, 2160),), ((1920, 1080),)])])
def test_the_tv_page_scales_with_the_screen(browser, warner, size):
    warner.publish(warner.alert(left=100, magnitude=8.3))
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = ready_alert(context, warner, "/tv")
    seen = page.evaluate(BOXES)
    unit = size[0] / 1920
    assert seen["stop"]["height"] == pytest.approx(96 * unit, abs=3)
    context.close()


def ready_alert(context, warner, path: str) -> Page:
    page = context.new_page()
    page.goto(warner.url(path))
    expect(page.locator("#alert")).to_be_visible()
    return page


@pytest.mark.parametrize(("screen", "path"), first_of([("phone", "/"), ("tv", "/tv")]))
def test_a14_word_and_shape_stay_without_colours(request, warner, screen, path):
    context = request.getfixturevalue(screen)
    warner.publish(warner.alert(left=100, magnitude=8.3))
    page = ready_alert(context, warner, path)
    page.emulate_media(forced_colors="active")
    expect(page.locator("#alert .word")).to_have_text("Very strong shaking")
    expect(page.locator("#alert .shape")).to_have_attribute("data-shape", "octagon")
    assert page.locator("#alert .shape .icon").bounding_box()["width"] >= 28
    fill = "path => getComputedStyle(path).fill"
    assert page.locator("#alert .shape path").evaluate(fill) != page.locator("#alert").evaluate(
        "one => getComputedStyle(one).backgroundColor"
    )


@pytest.mark.parametrize("theme", first_of(["light", "dark"]))
def test_who_asks_for_more_contrast_gets_no_grey(browser, warner, theme):
    page = browser.new_context(color_scheme=theme, contrast="more", locale="en").new_page()
    page.goto(warner.url())
    expect(page.locator(".status")).to_have_attribute("data-link", "ready")
    colours = """() => ['--text', '--second', '--line', '--hair'].map(name => {
        const probe = document.body.appendChild(document.createElement('i'));
        probe.style.color = `var(${name})`;
        return getComputedStyle(probe).color;
    })"""
    assert len(set(page.evaluate(colours))) == 1
    page.emulate_media(contrast="no-preference")
    assert len(set(page.evaluate(colours))) == 4


def bring_calm(page: Page, warner: Warner, banner: bool) -> None:
    """A withdrawn alert, beside an earthquake that lies in the banner or not."""
    alert = warner.alert(left=100, event="twin", id="twin.1")
    if banner:
        warner.publish(warner.alert(left=90, magnitude=5.5))
    warner.publish(alert)
    warner.publish(msgspec.structs.replace(alert, version=2, kind="cancel", why="false"))
    expect(page.locator("#alert")).to_have_attribute("data-phase", "cancelled")
    expect(page.locator("#banner")).to_be_visible(visible=banner)


@pytest.mark.thorough
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("language", "banner"), WITHDRAWN)
def test_a_withdrawn_alert_fits_a_phone_and_can_be_read(browser, warner, language, banner):
    page = browser.new_context(locale=language).new_page()
    page.goto(warner.url())
    expect(page.locator(".status")).to_have_attribute("data-link", "ready")
    bring_calm(page, warner, banner)
    buttons = ["#alert .stop", *["#banner button"] * banner]
    for name, (width, height, css) in VIEWPORTS.items():
        page.set_viewport_size({"width": width, "height": height})
        restyle(page, css)
        page.wait_for_timeout(300)
        for button in buttons:
            page.locator(button).scroll_into_view_if_needed()
            page.locator(button).click(trial=True)
        assert page.evaluate("() => document.body.scrollWidth <= innerWidth + 1"), name
        detail = page.locator("#alert .detail")
        detail.scroll_into_view_if_needed()
        page.locator("#alert").evaluate("one => one.scrollTo(0, one.scrollHeight)")
        words, stop = detail.bounding_box(), page.locator("#alert .stop").bounding_box()
        assert words["y"] + words["height"] <= stop["y"] + 1, f"{name}: the button hides the words"
        page.locator("#alert").evaluate("one => one.scrollTo(0, 0)")
    page.context.close()


@pytest.mark.parametrize(("language", "banner"), first_of(WITHDRAWN))
def test_a_withdrawn_alert_fits_the_tv(tv, warner, language, banner):
    page = tv.new_page()
    page.goto(warner.url("/tv"))
    choose(page, language=language)
    expect(page.locator(".status")).to_have_attribute("data-link", "ready")
    bring_calm(page, warner, banner)
    page.locator("#alert .why p").evaluate("folded => folded.remove()")
    page.wait_for_timeout(300)
    seen = page.evaluate(BOXES)
    assert all(box["size"] >= 40 and box["bottom"] <= 1027 for box in seen["texts"])
    _apart(seen["texts"])
    if banner:
        assert seen["stop"]["bottom"] <= page.locator("#banner").bounding_box()["y"]


@pytest.mark.parametrize("language", EACH)
def test_why_it_would_not_warn_fits_the_home_pages(browser, warner, language):
    for path, size in (("/tv", (1920, 1080)), ("/", (360, 640))):
        context = browser.new_context(
            locale=language, viewport={"width": size[0], "height": size[1]}
        )
        page = context.new_page()
        page.clock.install()
        page.clock.set_system_time(warner.now() + 3 * 86_400)
        page.goto(warner.url(path))
        expect(page.locator(".status")).to_have_attribute("data-ready", "drills")
        if path == "/tv":
            for button in page.locator("#page button:visible").all():
                box = button.bounding_box()
                assert box["y"] + box["height"] <= 1080 - 54 + 1
        else:
            restyle(page, "html { font-size: 200% !important; }")
            assert page.evaluate("() => document.body.scrollWidth <= innerWidth + 1")
        context.close()


@pytest.mark.parametrize("language", EACH)
@pytest.mark.parametrize("state", first_of(["not ready", "ready", "drill", "test"]))
@pytest.mark.parametrize("locked", first_of([True, False]))
def test_nothing_on_the_tv_touches_or_is_cut_with_a_banner_or_without(
    browser, warner, language, state, locked
):
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale=language)
    if locked:
        context.add_init_script(
            "Object.defineProperty(BaseAudioContext.prototype, 'state', {get: () => 'suspended'})"
        )
    warner.able = Readiness(state, ("a live source",) if state == "not ready" else ())
    page = context.new_page()
    page.goto(warner.url("/tv"))
    shown = {"not ready": "unable", "drill": "drills"}.get(state, state)
    shown = "silent" if locked and state == "ready" else shown
    expect(page.locator(".status")).to_have_attribute("data-ready", shown)
    page.wait_for_timeout(300)
    assert page.evaluate(TOUCHING) == []
    warner.publish(warner.alert(magnitude=5.6))
    expect(page.locator("#banner")).to_be_visible()
    expect(page.locator(".channels li").last).to_be_visible()
    page.wait_for_timeout(300)
    assert page.evaluate(TOUCHING) == []
    context.close()
