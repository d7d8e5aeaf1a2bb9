"""Commands as GitHub's documentation has them; untrusted text stays text."""

from __future__ import annotations

from dataclasses import replace

from harness.report.annotations import workflow_commands
from tests.report.items import blind, leaking, passing

GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": "/checkout"}


def test_a_leak_is_an_error_a_blind_item_a_warning_a_pass_nothing() -> None:
    leak, inconclusive = workflow_commands([leaking("hépatite"), blind(), passing()], GITHUB)
    assert leak.startswith("::error file=scenarios/search.yaml,title=leak%3A hépatite")
    assert "::api-js.mixpanel.com got hépatite" in leak
    assert inconclusive.startswith(
        "::warning file=scenarios/search.yaml,title=inconclusive%3A hépatite%2C"
    )
    assert "%0A" in inconclusive


def test_a_term_cannot_begin_a_command() -> None:
    item = replace(leaking("x"), term="x\n::add-mask::%0A", file="a,title=b:1.yaml")
    (line,) = workflow_commands([item], GITHUB)
    assert "\n" not in line
    assert line.startswith("::error file=a%2Ctitle=b%3A1.yaml,title=leak%3A x")
    assert line.count("::") <= 4


def test_files_are_named_from_the_checkout() -> None:
    item = replace(leaking("x"), file="/checkout/scenarios/search.yaml")
    (line,) = workflow_commands([item], GITHUB)
    assert line.startswith("::error file=scenarios/search.yaml,")
    assert list(workflow_commands([item], {"GITHUB_ACTIONS": "false"})) == []
