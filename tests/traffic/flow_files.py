"""Flow files in memory, by mitmproxy's own writer."""

from __future__ import annotations

import io

from mitmproxy.io import FlowWriter


def written(*flows: object) -> bytes:
    buffer = io.BytesIO()
    writer = FlowWriter(buffer)
    for flow in flows:
        writer.add(flow)  # type: ignore[arg-type]
    return buffer.getvalue()
