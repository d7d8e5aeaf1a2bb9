"""A sighting can be replayed by hand."""

from __future__ import annotations

import base64
import gzip

from harness.detection.engine import Engine
from harness.detection.explain import excerpt, explain
from tests.detection.chains import in_form


def test_each_step_is_shown_with_its_bytes() -> None:
    packed = base64.b64encode(gzip.compress('{"q":"hépatite"}'.encode(), mtime=0))
    ((sighting, match),) = Engine(["hépatite"]).found(in_form(packed))
    lines = list(explain(sighting, match))
    text = "\n".join(lines)
    assert "1. base64: bytes" in text.replace("form", "") or "base64" in text
    assert text.index("base64") < text.index("gzip")
    assert "⟦hépatite⟧" in lines[-2]
    assert lines[-1].strip() == "is the term itself of 'hépatite'"


def test_what_is_no_text_is_shown_as_bytes() -> None:
    assert excerpt(b"ab\x00\xffcd", 2, 4) == "ab⟦\\x00\\xff⟧cd"
