"""The catalogue's entry points as the agent takes them; real SDKs are driven in test_on_android."""

from __future__ import annotations

import pytest

from harness.agent.sinks import class_get_name, flushes_of, sink_row, sink_rows
from harness.attribution.catalogue import Catalogue
from harness.errors import BugError
from harness.traffic.exchange import Exchange, Kind, Layer, Request, Stack


def test_every_sink_of_the_catalogue_is_a_row() -> None:
    rows = sink_rows()
    assert len(rows) > 400
    assert {
        "cls": "com.google.firebase.analytics.FirebaseAnalytics",
        "method": "logEvent",
        "overload": ["java.lang.String", "android.os.Bundle"],
    } in rows


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        ("int", "int"),
        ("java.util.Map", "java.util.Map"),
        ("int[]", "[I"),
        ("java.lang.String[]", "[Ljava.lang.String;"),
        ("java.lang.String...", "[Ljava.lang.String;"),
        ("a.B[][]", "[[La.B;"),
    ],
)
def test_types_are_spelled_as_java_spells_classes(spelled: str, name: str) -> None:
    # JVMS 4.3.2 and Class.getName: the reference for these names.
    assert class_get_name(spelled) == name


def test_a_malformed_sink_is_refused() -> None:
    with pytest.raises(BugError, match="malformed"):
        sink_row("a.b.C.method(int)")


def test_only_sdks_that_were_at_work_are_flushed() -> None:
    def names(fired: dict[str, int], *frames: str) -> list[str]:
        sent = Exchange(
            "1", Kind.HTTP, (Layer.TLS,), "h", 1, 0.0, Request("GET", "https://h/"),
            stack=Stack(frames),
        )  # fmt: skip
        return [chain for _, chain in flushes_of(fired.items(), [sent])]

    track = "com.mixpanel.android.mpmetrics.MixpanelAPI.track(java.lang.String)"
    flush = "com.mixpanel.android.mpmetrics.MixpanelAPI#flush()"
    assert names({track: 0}, "org.example.A.b(A.java:1)") == []
    assert names({track: 1}) == [flush]
    assert names(
        {}, "com.mixpanel.android.util.HttpService.performRequest(HttpService.java:1)"
    ) == [flush]


def test_every_flush_of_the_catalogue_is_a_chain_of_calls() -> None:
    chains = [chain for sdk in Catalogue.load().sdks for chain in sdk.flush]
    assert len(chains) >= 20
    for chain in chains:
        name, _, calls = chain.partition("#")
        assert name.rpartition(".")[2][0].isupper(), chain
        assert all(call.endswith(("(", "(long")) for call in calls.split(")")[:-1]), chain
