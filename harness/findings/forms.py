"""In which form was a term sent? What stays the same when another word is typed.

Input: a sighting. Output: what of the term it was, and the encoding that leads to it. What depends
on the word (percent escapes around its letters, its case) is no part of a form, so that runs with
other terms compare. Pure.
"""

from __future__ import annotations

from harness.detection.decoders import ESCAPES
from harness.detection.sighting import Sighting
from harness.detection.terms import CASES, FORMS

TERM, BEGINNING, DIGEST = "term", "beginning of the term", "digest of the term"
DATA = (TERM, BEGINNING, DIGEST)
PLAIN = "plain"
_TEXTUAL = {name for name, _ in (*FORMS, *CASES)}


def data_of(sighting: Sighting) -> str:
    """What of the term it was; one of `DATA`."""
    if sighting.prefix:
        return BEGINNING
    return TERM if sighting.variant.partition("+")[0] in _TEXTUAL else DIGEST


def encoding_of(sighting: Sighting) -> str:
    """The decoders that lead to it, and the digest, outermost first: `base64 > json`."""
    steps = [step for step in sighting.decoding if step not in ESCAPES]
    if data_of(sighting) == DIGEST:
        steps.append(sighting.variant)
    return " > ".join(steps) or PLAIN
