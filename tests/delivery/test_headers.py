"""What a page may load, who may frame it, and whose requests are refused."""

import httpx
import pytest
from starlette.testclient import TestClient

from forewave.delivery.headers import frame_sources
from forewave.delivery.pages import pages

SCRIPTS = "script-src 'self';"


def test_headers_keep_the_pages_to_themselves(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            page, asset = await net.get(gateway, "/"), await net.get(gateway, "/assets/a-1f.js")
            policy = page.headers["content-security-policy"]
            assert policy.startswith(f"default-src 'none'; {SCRIPTS} style-src 'self';")
            assert "unsafe" not in policy
            own = f"127.0.0.1:{gateway.port}"
            assert f"connect-src 'self' ws://{own} wss://{own};" in policy
            assert policy.endswith("frame-ancestors 'self'")
            assert page.headers["x-frame-options"] == "SAMEORIGIN"
            assert page.headers["cache-control"] == "no-cache"
            assert page.headers["x-content-type-options"] == "nosniff"
            assert page.headers["referrer-policy"] == "no-referrer"
            assert "camera=()" in page.headers["permissions-policy"]
            assert "accelerometer=(self)" in page.headers["permissions-policy"]
            assert "immutable" in asset.headers["cache-control"]
            for other in (asset, await net.get(gateway, "/config.json")):  # no documents
                assert "content-security-policy" not in other.headers
                assert other.headers["x-content-type-options"] == "nosniff"
            assert "set-cookie" not in page.headers
            missing = await net.get(gateway, "/nothing")
            assert "default-src 'none'" in missing.headers["content-security-policy"]
            injected = await net.get(gateway, "/", host="x; script-src *")
            policy = injected.headers.get("content-security-policy", SCRIPTS)
            assert policy.count("script-src") == 1
            named = await net.get(gateway, "/", host="evil;img-src")
            assert "evil" not in named.headers["content-security-policy"]

    net.run(work())


@pytest.mark.parametrize(
    ("host", "stream"),
    [
        ("warn.example", "ws://warn.example wss://warn.example"),
        ("warn.example:8443", "ws://warn.example:8443 wss://warn.example:8443"),
        ("[::1]:8460", "ws: wss:"),
        ("evil;img-src *", "ws: wss:"),
        ("evil *", "ws: wss:"),
        ("evil:80:80", "ws: wss:"),
    ],
)
def test_a_policy_names_the_host_only_where_it_is_nothing_else(web, host, stream):
    client = TestClient(pages({}, {}, web))
    policy = client.get("/", headers={"host": host}).headers["content-security-policy"]
    assert f"connect-src 'self' {stream};" in policy


def test_no_site_may_frame_the_pages_where_that_is_set(net, open_gateway):
    async def work():
        async with open_gateway(frames="") as gateway:
            headers = (await net.get(gateway, "/")).headers
            assert headers["content-security-policy"].endswith("frame-ancestors 'none'")
            assert headers["x-frame-options"] == "DENY"

    net.run(work())


def test_a_site_that_is_named_may_frame_the_pages(net, open_gateway):
    async def work():
        async with open_gateway(frames="'self' https://home.example:8123") as gateway:
            headers = (await net.get(gateway, "/")).headers
            policy = headers["content-security-policy"]
            assert policy.endswith("frame-ancestors 'self' https://home.example:8123")
            assert "x-frame-options" not in headers

    net.run(work())


@pytest.mark.parametrize(
    "text", ["home.example", "https://a; script-src *", "https://a;script-src", "*", "javascript:"]
)
def test_what_is_no_site_is_an_error(text):
    with pytest.raises(ValueError, match="expected 'self' or a site"):
        frame_sources(text)


def test_pages_of_other_sites_change_nothing(net, open_gateway):
    async def work():
        async with (
            open_gateway(origins="https://home.example") as gateway,
            httpx.AsyncClient(base_url=gateway.url) as client,
        ):
            status = {}
            for origin in ("https://evil.example", "null", "https://home.example", None):
                headers = {} if origin is None else {"origin": origin}
                status[origin] = (await client.post("/", headers=headers)).status_code
            assert status["https://evil.example"] == status["null"] == 403
            assert status["https://home.example"] == status[None] == 405  # there is nothing to POST

    net.run(work())
