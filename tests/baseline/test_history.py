"""First and last version of every recipient, terms or not."""

from __future__ import annotations

from harness.baseline.store import Store
from tests.baseline.runs import CLEAN, LEAKY, put_run, record
from tests.findings.building import PACKAGE, exchange, facts, silent


def test_every_recipient_with_its_versions(store: Store) -> None:
    cdn = facts(silent(exchange("cdn.example", at_s=1_000_020.0)))
    put_run(store, "a", record(CLEAN, "1.0"), at_s=1.0)
    put_run(store, "b", record(LEAKY, "2.0"), at_s=2.0)
    put_run(store, "c", record(cdn, "3.0"), at_s=3.0)
    seen = {each.recipient.host: each for each in store.reader.history(PACKAGE)}
    assert sorted(seen) == ["api-js.mixpanel.com", "api.clinic.example", "cdn.example"]
    assert seen["api.clinic.example"].runs == 3
    assert seen["api-js.mixpanel.com"].first_version == "2.0"
    assert (seen["api-js.mixpanel.com"].got_term, seen["cdn.example"].got_term) == (True, False)
    assert store.reader.history("org.example.other") == ()
