"""The user agent against one that a phone's WebView has sent."""

from __future__ import annotations

from harness.virtual.web.useragent import user_agent

PIXEL = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A.240205.004; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/121.0.6167.178 Mobile Safari/537.36"
)
"""Android 14, System WebView 121."""


def test_as_a_phone() -> None:
    properties = {
        "ro.build.version.release": "14",
        "ro.product.model": "Pixel 8",
        "ro.build.id": "UQ1A.240205.004",
    }
    assert user_agent(properties, "121.0.6167.178") == PIXEL


def test_a_device_that_says_little() -> None:
    assert "(Linux; Android 14; Android; wv)" in user_agent({}, "1.2.3.4")
