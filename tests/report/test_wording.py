"""One voice, and never surer than the verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.errors import LabError
from harness.findings.finding import Judgement, Verdict
from harness.report.model import ItemReport, judgement_of_error
from harness.report.wording import (
    CLOSING,
    counts_line,
    failure_text,
    junit_properties,
    one_line,
    summary,
    title,
)
from tests.findings.building import TYPED_S, facts, handover, scanned, sighting
from tests.report.items import blind, leaking, passing, report, tracked

LEAKY = [leaking(term) for term in ("hépatite", "cancer", "covid")]


def test_the_summary_reads_well() -> None:
    assert (
        "\n".join(summary([*LEAKY, blind(), passing()], width=100))
        == """\
5 items: 3 leak, 1 inconclusive, 1 pass
  LEAK          search.yaml::search[hépatite]
  LEAK          search.yaml::search[cancer]
  LEAK          search.yaml::search[covid]
  INCONCLUSIVE  search.yaml::search[blind] (hépatite, consent accepted)
  PASS          search.yaml::search[hépatite]
                nothing found; exchanges read: 1 (by java-http, tls, witness); the term reached
                api.clinic.example

Who got what was typed
  Mixpanel of Mixpanel, Inc. (api-js.mixpanel.com)
      got       hépatite (1x), cancer (1x), covid (1x)
      where     body.form[data].json$[0].properties.query (decoded: form, base64, json)
      form      nfc
      through   com.mixpanel.android.util.HttpService.performRequest(HttpService.java:180)
                org.example.clinic.SearchActivity.search(SearchActivity.java:88)
      beside    advertising-id 38400000-8cf0-11bd-b23e-10b96e40000d
      seen by   java-http, tls, witness

Where the run was blind
  - 2 messages of the agent were lost
    do: run again on a less busy machine
  - positive control missing: 'hépatite' was not seen on its way to any allowed host
    do: check that the search was submitted, and that control names who must receive it

A pass means: nothing was found in what was read. What the first party passes on from its own
servers can never be seen from here."""
    )


@pytest.mark.parametrize("width", [80, 100, 120])
def test_lines_keep_the_width_where_words_allow(width: int) -> None:
    for line in summary([*LEAKY, blind(), passing()], width=width):
        assert len(line) <= width or len(line.split()) <= 2


def test_a_pass_is_never_said_of_what_is_none() -> None:
    for item in (blind(), leaking()):
        text = "\n".join(summary([item])).replace(" ".join(CLOSING.split()[:3]), "")
        assert "PASS" not in text
        assert "nothing found;" not in text
    assert counts_line([]) == "0 items: nothing was judged"
    assert counts_line([passing()]) == "1 item: 1 pass"


def test_the_closing_sentence_is_always_there() -> None:
    for items in ([], [passing()], LEAKY):
        assert CLOSING in " ".join(" ".join(summary(items)).split())


def test_reasons_that_several_items_share_are_told_once() -> None:
    text = "\n".join(summary([blind(), replace(blind(), id="other[hépatite]")]))
    assert "2 messages of the agent were lost (2 items)" in text


def test_colour_is_the_callers() -> None:
    lines = summary([leaking(), passing()], style=lambda text, role: f"<{role}:{text}>")
    assert lines[0] == "<leak:2 items: 1 leak, 1 pass>"
    assert any(line.startswith("<pass:  PASS") for line in lines)
    assert "<head:Who got what was typed>" in lines
    assert lines[-1].startswith("<dim:")


def test_a_revised_verdict_says_what_it_was() -> None:
    text = "\n".join(summary([replace(leaking(), revised=Verdict.PASS)]))
    assert "revised: it had closed as pass" in text


def test_a_failure_names_recipient_form_code_and_companions() -> None:
    text = failure_text(leaking())
    assert text.splitlines()[0].endswith(" got hépatite (leak, consent accepted)")
    for part in ("Mixpanel", "api-js.mixpanel.com", "base64", "HttpService", "advertising-id"):
        assert part in text
    assert "why:" not in text


def test_an_inconclusive_item_says_why_and_what_to_do() -> None:
    text = failure_text(blind())
    assert text.splitlines()[0].endswith(" (inconclusive, hépatite, consent accepted)")
    assert text.startswith("2 messages of the agent were lost (")
    assert text.count("2 messages of the agent were lost") == 1
    assert "do:  run again on a less busy machine" in text


def test_a_leak_that_was_blind_too_says_both() -> None:
    item = report(facts(tracked(), crashed="boom"))
    assert "why: the app crashed: boom" in failure_text(item)
    assert "Mixpanel" in failure_text(item)


def test_notes_are_told() -> None:
    early = scanned(replace(tracked().exchange, started_s=TYPED_S - 5))
    assert "note: before_input" in failure_text(report(facts(early)))


def test_hand_overs_late_and_cleartext_findings_are_called_so() -> None:
    handed = failure_text(report(facts(handover())))
    assert "com.google.android.gms: handed over on the device, no sending seen" in handed
    late = failure_text(report(facts(tracked(at_s=TYPED_S + 500))))
    assert "sent after the item had ended" in late


def test_many_places_are_cut_with_their_number() -> None:
    places = [sighting(location=f"url.query[q{n}]", range=(n, n + 1)) for n in range(5)]
    text = failure_text(report(facts(scanned(None, *places))))
    assert "and 2 more (see report.json)" in text
    assert "q2" in text
    assert "q3" not in text


def test_untrusted_text_is_escaped_everywhere() -> None:
    evil = "evil\x1b[31m\n.example"
    place = sighting(location=evil, variant=evil)
    what = scanned(replace(tracked().exchange, host=evil), place)
    what = replace(what, exchange=replace(what.exchange, stack=replace(what.exchange.stack)))
    item = report(facts(what, failed_steps=(evil,)), evil, term="hépatite")
    for text in ("\n".join(summary([item])), failure_text(item), one_line(item)):
        assert "\x1b" not in text
    assert all("\x1b" not in value for value in junit_properties(item).values())


def test_one_line_is_verdict_and_first_reason() -> None:
    assert one_line(passing()) == "pass: nothing found in what was read"
    empty = Judgement(Verdict.INCONCLUSIVE, (), (), ())
    assert one_line(replace(passing(), judgement=empty)) == "inconclusive"


def test_junit_properties_have_no_empty_values() -> None:
    assert junit_properties(leaking()) == {
        "leak.verdict": "leak",
        "leak.term": "hépatite",
        "leak.consent": "accepted",
        "leak.recipients": "Mixpanel of Mixpanel, Inc. (api-js.mixpanel.com)",
        "leak.reasons": "sent",
        "leak.app": "org.example.clinic 1.4.0",
        "leak.device": "127.0.0.1:6001",
    }
    bare = ItemReport("x", "x.yaml", "", "", judgement_of_error(LabError("no device")))
    assert junit_properties(bare) == {"leak.verdict": "inconclusive", "leak.reasons": "error"}
    assert title(bare) == ""
