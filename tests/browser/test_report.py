"""The page about accessibility keeps to what it is about."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from test_access import violations

from tests.accessibility import evidence, report
from tests.accessibility.checks import CHECKS
from tests.accessibility.defects import DEFECTS
from tests.accessibility.results import Case, results

pytestmark = pytest.mark.slow


def test_it_has_every_check_and_picture_and_axe_finds_nothing(
    browser: Browser, tmp_path, monkeypatch
):
    monkeypatch.setenv(evidence.VARIABLE, str(tmp_path))
    png = io.BytesIO()
    Image.new("RGB", (360, 640), "#ffc400").save(png, "PNG")
    evidence.keep_picture(png.getvalue(), "webkit", "phone", "shaking", "Stay down.\n<b>", "ar")
    rows = [{"defect": one.name, "check": one.check, "found": True, "axe": []} for one in DEFECTS]
    evidence.keep_table("defects", rows)
    cases = [Case(test, "passed") for check in CHECKS[:40] for test in check.tests]
    cases.append(Case(f"{CHECKS[20].tests[0]}[Enter]", "failed", (("pixel_ms", 12),)))
    report.write(tmp_path, results(cases))
    page = browser.new_context(bypass_csp=True).new_page()
    page.goto((tmp_path / "index.html").as_uri())
    expect(page.locator("#checks + div tbody tr")).to_have_count(42)
    expect(page.get_by_role("row", name="A21 The")).to_contain_text("FAILS")
    expect(page.get_by_role("row", name="A33 With")).to_contain_text("for people")
    picture = page.get_by_role("img", name="Phone, WebKit, ar: Stay down. / <b>")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 360)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert violations(page) == []
