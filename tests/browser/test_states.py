"""Every state of phone and TV, and in each all that can be seen to be wrong with it.

One page goes through all states, held still in each; a test for each check reads what was found.
"""

import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser
from warner import Warner

from forewave.delivery.pages import built
from forewave.types import Alert
from tests import page_texts
from tests.accessibility import evidence, states, trees
from tests.accessibility.chromium import Chromium
from tests.accessibility.flash import Film
from tests.accessibility.states import State
from tests.accessibility.walk import walk

pytestmark = [pytest.mark.slow, pytest.mark.thorough, pytest.mark.timeout(600)]

SIZES = {"phone": {"width": 360, "height": 640}, "tv": {"width": 1920, "height": 1080}}
FOCUS = "A12 focus"
UNSEEN = 32  # of 255
SEEN = "() => (document.querySelector('#alert:not([hidden])') || document.body).innerText"


@dataclass
class Tour:
    """What was found: check -> state -> faults."""

    screen: str
    found: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    trees: dict[str, str] = field(default_factory=dict)

    def visit(self, window: Chromium, warner: Warner, state: State) -> None:
        """Bring the page there, and look."""
        states.bring(window, warner, state, self.screen)
        window.hold()
        self._note(state.name, states.inspect(window, self.screen, states.readable(state, "en")))
        tree = window.page.locator("body").aria_snapshot()
        self.trees[state.name] = trees.keyed(tree, page_texts.texts("en"))
        usual = window.picture()
        seen = window.run(SEEN)
        evidence.keep_picture(usual, "chromium", self.screen, state.name, seen)
        self._without_motion(window, state, usual)
        self._without_colours(window, state, seen)
        walked = walk(window)
        self._note(state.name, {FOCUS: walked.get("A12", []), "A30": walked.get("A30", [])})
        self._film(window, state)
        window.go_on()

    def _note(self, state: str, faults: states.Faults) -> None:
        for check, what in faults.items():
            if what:
                self.found[check].setdefault(state, []).extend(what)

    def _film(self, window: Chromium, state: State) -> None:
        """A second, with every animation stepped; as if nobody had asked for less motion."""
        film = Film(window)
        film.begin()
        film.run(1.1)
        if flashes := film.flashes():
            self._note(state.name, {"A17": [f"{flashes} flashes a second"]})

    def _without_motion(self, window: Chromium, state: State, usual: bytes) -> None:
        window.page.emulate_media(reduced_motion="reduce")
        if state.phase and not same(usual, window.picture()):
            self._note(state.name, {"A18": ["looks different with reduced motion"]})
        window.page.emulate_media(reduced_motion="no-preference")

    def _without_colours(self, window: Chromium, state: State, seen: str) -> None:
        window.page.emulate_media(forced_colors="active")
        found = states.inspect(window, self.screen, states.readable(state, "en"))
        lost = [*found.get("A14", []), *found.get("words", [])]
        self._note(state.name, {"A14": [f"forced colours: {one}" for one in lost]})
        picture = window.picture()
        evidence.keep_picture(picture, "chromium", self.screen, state.name, seen, "forced-colours")
        window.page.emulate_media(forced_colors="none")


def same(a: bytes, b: bytes) -> bool:
    """Whether two pictures are equal in every point as far as an eye can see.

    The rounded ends of a bar are never drawn quite the same twice.
    """
    images = [Image.open(io.BytesIO(one)).convert("RGB") for one in (a, b)]
    return max(high for _, high in ImageChops.difference(*images).getextrema()) <= UNSEEN


@pytest.fixture(scope="module", params=["phone", "tv"])
def tour(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Tour]:
    if not built():
        pytest.skip("the pages are not built: npm --prefix web ci && npm --prefix web run build")
    tour = Tour(request.param)
    context = browser.new_context(
        viewport=SIZES[tour.screen], has_touch=tour.screen == "phone", locale="en", welcome=True
    )
    with Warner() as warner:
        window = Chromium(context.new_page(), stepped=True)
        for state in states.of(tour.screen):
            tour.visit(window, warner, state)
    yield tour
    context.close()


def test_words_of_every_state_can_be_read(tour: Tour):
    assert tour.found["words"] == {}


def test_a08_each_text_is_marked_with_its_language(tour: Tour):
    assert tour.found["A08"] == {}


def test_a12_each_text_is_7_to_1(tour: Tour):
    assert tour.found["A12"] == {}


def test_a12_the_focus_can_be_seen(tour: Tour):
    assert tour.found[FOCUS] == {}


def test_a14_the_level_has_a_word_and_a_shape_in_forced_colours_too(tour: Tour):
    assert tour.found["A14"] == {}


def test_a15_action_stop_and_count_are_in_view_and_nothing_scrolls_sideways(tour: Tour):
    assert tour.found["A15"] == {}


def test_what_can_be_pressed_is_large(tour: Tour):
    assert tour.found["targets"] == {}


def test_a16_the_tv_keeps_to_its_safe_area_in_every_state(tour: Tour):
    assert tour.found["A16"] == {}


def test_a17_nothing_flashes_in_any_state(tour: Tour):
    assert tour.found["A17"] == {}


def test_a18_reduced_motion_changes_no_point_of_an_alert(tour: Tour):
    assert tour.found["A18"] == {}


def test_a19_no_text_is_a_picture_in_any_state(tour: Tour):
    assert tour.found["A19"] == {}


def test_a21_whatever_sounds_has_a_button_that_stops_it(tour: Tour):
    assert tour.found["A21"] == {}


def test_a26_the_live_regions_can_be_heard_in_every_state(tour: Tour):
    assert tour.found["A26"] == {}


def test_a26_the_tree_of_every_state_is_as_recorded(tour: Tour):
    if trees.WRITES:
        trees.record(tour.screen, tour.trees)
    assert tour.trees == trees.recorded(tour.screen), trees.__doc__


def test_a28_the_number_is_a_timer_in_every_state(tour: Tour):
    assert tour.found["A28"] == {}


def test_a29_the_focus_is_on_the_alert_in_every_state(tour: Tour):
    assert tour.found["A29"] == {}


def test_a30_tab_reaches_all_in_the_order_seen_and_is_never_caught(tour: Tour):
    assert tour.found["A30"] == {}


def followed_up(warner: Warner, first: Alert) -> list[Alert]:
    """Stronger, cancelled, and a drill that a real one ends; no wave comes meanwhile."""
    stronger = warner.alert(left=30.0, magnitude=8.3, version=2, kind="update")
    cancel = msgspec.structs.replace(stronger, version=3, kind="cancel", why="false")
    drill = warner.alert(left=20.0, mode="drill", event="e2", id="e2.1")
    real = warner.alert(left=15.0, event="e3", id="e3.1")
    return [first, stronger, cancel, drill, real]


@pytest.mark.parametrize("screen", ["phone", "tv"])
def test_a17_nothing_flashes_from_one_state_to_the_next(browser: Browser, warner: Warner, screen):
    """Messages 1.4 s apart, then as fast as a page takes them, which WCAG's three allow for."""
    context = browser.new_context(viewport=SIZES[screen], locale="en", welcome=True)
    window = Chromium(context.new_page(), stepped=True)
    states.bring(window, warner, states.BY_NAME["home"], screen)
    window.hold()
    film = Film(window)
    film.begin()
    film.run(0.5)
    for message in followed_up(warner, warner.alert(left=31.0)):
        send(window, warner, message)
        film.run(1.4)
    assert film.pictures > 5
    assert film.flashes() <= 1, "the large digits change once a second"
    film.run(7.0)  # it shakes
    quick = warner.alert(left=9.0, event="e4", id="e4.1", magnitude=8.3)
    back = msgspec.structs.replace(quick, version=2, kind="cancel", why="false")
    again = msgspec.structs.replace(quick, version=3, kind="update")
    for message in (quick, back, again):
        send(window, warner, message)
        film.run(0.15)
    film.run(1.0)
    assert film.flashes() <= 3
    context.close()


def send(window: Chromium, warner: Warner, message: Alert) -> None:
    """Send it, and wait until the page has it: its clock stands, the connection does not."""
    warner.publish(message)
    window.wait(0.15)
