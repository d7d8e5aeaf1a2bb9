"""How a web view of the device names itself.

Pure. Input: the device's properties and the engine's version. Output: the user agent in the form
of Android's WebView (https://developer.chrome.com/docs/multidevice/user-agent/, "WebView UA in
Lollipop and Above"), which servers tell from Chrome by `; wv` and `Version/4.0`.
"""

from __future__ import annotations

from collections.abc import Mapping


def user_agent(properties: Mapping[str, str], version: str) -> str:
    """`version`: of the engine, four numbers."""
    release = properties.get("ro.build.version.release", "14")
    model = properties.get("ro.product.model", "Android")
    build = properties.get("ro.build.id", "")
    device = f"{model} Build/{build}" if build else model
    return (
        f"Mozilla/5.0 (Linux; Android {release}; {device}; wv) AppleWebKit/537.36 "
        f"(KHTML, like Gecko) Version/4.0 Chrome/{version} Mobile Safari/537.36"
    )
