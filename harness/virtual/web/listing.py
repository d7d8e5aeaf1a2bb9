"""The devtools server's JSON, reworded as a web view of a phone says it.

Pure. Input: a request's head and Chromium's answer. Output: which path to ask Chromium for, and the
body with what Android adds: the package, Chrome's own name, `/devtools/browser` without a secret,
and for each page a description of its view (Chromium `android_webview/browser/
aw_devtools_manager_delegate.cc`, `content/browser/devtools/devtools_http_handler.cc`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_HEAD_BYTES = 64 * 1024
BROWSER_PATH = "/devtools/browser"
DETACHED: Mapping[str, Any] = {
    "attached": False, "empty": True, "height": 0, "never_attached": True, "screenX": 0,
    "screenY": 0, "visible": False, "width": 0,
}  # fmt: skip
"""What is said of a page whose view is unknown; the same keys are said of the others."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a request."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]

    @property
    def host(self) -> str:
        """As the client names the server, empty when it does not."""
        return next((value for name, value in self.headers if name.lower() == "host"), "")

    @property
    def is_json(self) -> bool:
        return self.path.partition("?")[0].rstrip("/").startswith("/json")

    def bytes_for(self, port: int, browser_path: str) -> bytes:
        """The head as Chromium takes it: it answers only to names of this machine, and its
        browser's path carries a secret."""
        path = browser_path if self.path.rstrip("/") == BROWSER_PATH else self.path
        kept = [
            (name, value)
            for name, value in self.headers
            if name.lower() not in ("host", "origin", "accept-encoding")
        ]
        lines = [f"{self.method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += [f"{name}: {value}" for name, value in kept]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def parse_head(raw: bytes) -> Head:
    """Raises `ValueError` when it is no HTTP request."""
    first, *rest = raw.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise ValueError(f"not an HTTP request: {first[:80]!r}")
    pairs = [line.partition(":") for line in rest if line]
    return Head(
        words[0], words[1], tuple((name.strip(), value.strip()) for name, _, value in pairs)
    )


def reworded(
    head: Head, body: bytes, port: int, package: str, views: Mapping[str, Mapping[str, Any]]
) -> bytes:
    """The body of a `/json*` answer; one that is no JSON stays as it is."""
    try:
        said = json.loads(body)
    except ValueError:
        return body
    host = head.host
    if isinstance(said, dict) and "Browser" in said:
        said = _version(said, host, package)
    elif isinstance(said, list):
        said = [_page(entry, host, port, views) for entry in said if _is_page(entry)]
    elif isinstance(said, dict) and "webSocketDebuggerUrl" in said:
        said = _page(said, host, port, views)
    return json.dumps(said, indent=3, ensure_ascii=False).encode() + b"\n"


def _version(said: Mapping[str, Any], host: str, package: str) -> dict[str, Any]:
    return {
        "Android-Package": package,
        **said,
        "Browser": str(said["Browser"]).replace("HeadlessChrome/", "Chrome/"),
        "webSocketDebuggerUrl": f"ws://{host}{BROWSER_PATH}",
    }


def _is_page(entry: object) -> bool:
    """Pages that no view has loaded anything into are nothing that a phone would list."""
    return isinstance(entry, dict) and not (
        entry.get("type") == "page" and entry.get("url") == "about:blank"
    )


def _page(
    entry: Mapping[str, Any], host: str, port: int, views: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    real = f"127.0.0.1:{port}"
    page = {
        name: value.replace(real, host) if isinstance(value, str) else value
        for name, value in entry.items()
    }
    if entry.get("type") == "page":
        page["description"] = json.dumps({**DETACHED, **views.get(str(entry.get("id")), {})})
    return page
