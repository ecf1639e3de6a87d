"""Keys change while pages are open: no alert is lost, and a revoked key is refused at once."""

import time

import pytest
from playwright.sync_api import expect
from test_countdown import PAGES, ready, surface
from warner import Warner

from forewave.delivery import key_list, signing
from tests.cases import first_of

pytestmark = pytest.mark.slow

ROOT, OTHER_ROOT = signing.generate(), signing.generate()
FIRST, NEXT = signing.generate(), signing.generate()
DAY = 86_400.0


def served(n, *keys, root=ROOT, revoked=(), until=10 * DAY):
    now = time.time()
    entries = [key_list.listed(key.trusted[key.id], now - DAY, now + DAY) for key in keys]
    data = key_list.make(root, entries, n=n, made=now, until=now + until, revoked=revoked)
    return key_list.read(data, [public(root)]), data


def public(keys):
    return signing.base64url(keys.trusted[keys.id])


@pytest.fixture
def warner():
    with Warner(keys=FIRST, key_list=served(1, FIRST)) as warner:
        yield warner


def wait_for_list(page, n):
    """Until the page has a version of the list; it asks within 5 s of the heartbeat."""
    kept = "JSON.parse(localStorage['forewave.keys'] ?? '{}').list?.n"
    for _ in range(150):
        if page.evaluate(kept) == n:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the page has version {page.evaluate(kept)}")


def status(page):
    return page.locator(".status")


@pytest.mark.parametrize(("screen", "path"), first_of(PAGES))
def test_no_page_loses_an_alert_when_the_signing_key_changes(request, warner, screen, path):
    page = ready(request.getfixturevalue(screen), warner.url(path))
    warner.rekey(FIRST, served(2, FIRST, NEXT))
    wait_for_list(page, 2)
    warner.rekey(NEXT, served(2, FIRST, NEXT))
    warner.publish(warner.alert())
    expect(surface(page)).to_have_attribute("data-phase", "countdown", timeout=2000)
    expect(status(page)).to_have_attribute("data-ready", "ready")


def test_an_alert_arrives_that_is_signed_before_the_page_has_the_next_list(phone, warner):
    """Switched without notice: the page asks for the list as soon as it sees the unknown key."""
    page = ready(phone, warner.url())
    page.wait_for_timeout(5000)  # the list is asked for at most every 5 s by what others send
    warner.rekey(NEXT, served(2, FIRST, NEXT))
    warner.publish(warner.alert())
    expect(surface(page)).to_have_attribute("data-phase", "countdown", timeout=3000)


@pytest.mark.thorough
def test_what_a_revoked_key_signs_is_refused_at_once(phone, warner):
    page = ready(phone, warner.url())
    warner.rekey(NEXT, served(2, NEXT, revoked=[FIRST.id]))
    wait_for_list(page, 2)
    stolen = FIRST.seal(warner.alert())
    warner.send(stolen)
    page.wait_for_timeout(1500)
    expect(surface(page)).to_be_hidden()
    warner.publish(warner.alert(event="e2", id="e2.1"))
    expect(surface(page)).to_have_attribute("data-phase", "countdown")


def test_an_alert_in_force_reaches_who_comes_after_its_key_was_revoked(phone, warner):
    warner.publish(warner.alert(left=30))
    warner.rekey(NEXT, served(2, NEXT, revoked=[FIRST.id]))
    page = phone.new_page()
    page.goto(warner.url("/", lat=30.66, lon=104.06))
    expect(surface(page)).to_have_attribute("data-phase", "countdown")


@pytest.mark.parametrize(
    ("keys", "listed"),
    [
        (FIRST, served(1, FIRST, until=-DAY)),
        (NEXT, served(1, FIRST)),
        (NEXT, served(7, NEXT, root=OTHER_ROOT)),
        (NEXT, None),
    ],
    ids=["expired", "not listed", "another root", "no list any more"],
)
def test_a_page_that_knows_a_root_believes_nothing_else(phone, keys, listed):
    with Warner(keys=FIRST, key_list=served(2, FIRST)) as warner:
        ready(phone, warner.url())
        port = warner.gateway.port
    with Warner(port=port, keys=keys, key_list=listed) as warner:
        page = phone.new_page()
        page.goto(warner.url("/", lat=30.66, lon=104.06))
        if keys is FIRST:  # the list of before is still in force
            expect(status(page)).to_have_attribute("data-ready", "ready", timeout=15_000)
            return
        warner.publish(warner.alert(left=30))
        expect(status(page)).to_have_attribute("data-ready", "untrusted", timeout=15_000)
        expect(surface(page)).to_be_hidden()


def test_a_root_in_the_address_counts_from_the_first_load(phone, warner):
    page = phone.new_page()
    page.goto(f"{warner.url('/', lat=30.66, lon=104.06)}&root={public(OTHER_ROOT)}")
    expect(status(page)).to_have_attribute("data-ready", "untrusted", timeout=15_000)
    page = phone.new_page()
    page.goto(f"{warner.url('/', lat=30.66, lon=104.06)}&root={public(ROOT)}")
    expect(status(page)).to_have_attribute("data-ready", "ready", timeout=15_000)
