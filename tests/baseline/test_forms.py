"""What recipients got, each form once with its number."""

from __future__ import annotations

from harness.baseline.forms import flows_of
from harness.findings.verdict import judge
from tests.baseline.runs import LEAKY
from tests.findings.building import facts
from tests.report.items import tracked


def test_equal_forms_are_counted() -> None:
    twice = facts(tracked(name="a"), tracked(name="b"))
    (leak,) = [flow for flow in flows_of(judge(twice)) if not flow.allowed_by]
    assert (leak.count, leak.encoding) == (2, "base64 > json")
    assert leak.beside == ("advertising-id",)
    assert [flow.allowed_by for flow in flows_of(judge(LEAKY))] == ["", "clinic.example"]
