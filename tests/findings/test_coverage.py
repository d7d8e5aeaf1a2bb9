"""A layer's state follows from its hooks, what fired and what was seen."""

from __future__ import annotations

from dataclasses import dataclass

from harness.findings.coverage import LayerState, layer_states
from harness.traffic.exchange import Layer


@dataclass(frozen=True)
class Row:
    layer: str
    target: str
    state: str
    detail: str = ""


@dataclass(frozen=True)
class Checked:
    layer: Layer
    way: str
    sent: bool = True
    seen: bool = True


def one(*hooks: Row, **fields: object) -> LayerState:
    fired = fields.pop("fired", {})
    (state,) = layer_states(hooks, fired, **fields)  # type: ignore[arg-type]
    return state


def test_a_layer_is_installed_when_one_hook_is_and_none_failed() -> None:
    state = one(Row("tls", "a", "installed"), Row("tls", "b", "missing"))
    assert (state.layer, state.installed, state.in_use, state.detail) == (Layer.TLS, True, True, "")
    assert not state.proved


def test_a_failed_hook_makes_its_layer_dead_and_says_which() -> None:
    state = one(Row("tls", "a", "installed"), Row("tls", "b", "failed", "no such overload"))
    assert not state.installed
    assert state.in_use
    assert state.detail == "b: no such overload"
    assert one(Row("tls", "b", "failed")).detail == "b: failed"


def test_a_required_layer_without_hooks_is_dead_and_in_use() -> None:
    state = one()
    assert state == LayerState(
        Layer.TLS, False, 0, False, "no hook of it could be installed", in_use=True
    )


def test_a_layer_whose_classes_the_app_lacks_is_not_in_use() -> None:
    state = one(Row("webview", "a", "missing"), required=())
    assert not state.installed
    assert not state.in_use


def test_firing_seeing_or_a_canary_proves_a_layer() -> None:
    hook = Row("tls", "a", "installed")
    assert one(hook, hook, fired={"a": 2, "z": 9}).fired == 2
    assert one(hook, fired={"a": 1}).proved
    assert one(hook, seen=[Layer.TLS]).proved
    state = one(hook, checks=[Checked(Layer.TLS, "a"), Checked(Layer.TLS, "b", sent=False)])
    assert state.proved
    assert state.canary
    assert not one(hook, checks=[Checked(Layer.TLS, "b", sent=False, seen=False)]).canary
    assert not one(hook, seen=[Layer.JAVA_HTTP]).proved


def test_a_self_check_that_was_not_seen_makes_its_layer_dead_whatever_else_was_seen() -> None:
    hook = Row("tls", "a", "installed")
    checks = [Checked(Layer.TLS, "jsse"), Checked(Layer.TLS, "conscrypt", seen=False)]
    state = one(hook, fired={"a": 9}, seen=[Layer.TLS], checks=checks)
    assert (state.installed, state.canary) == (False, False)
    assert state.detail == "a self-check through conscrypt was sent and not seen"


def test_a_layer_without_any_hook_is_in_use_when_the_self_check_could_be_sent_through_it() -> None:
    sent = Checked(Layer.JAVA_HTTP, "okhttp3", seen=False)
    (state,) = layer_states([], {}, required=(), checks=[sent])
    assert (state.layer, state.installed, state.in_use) == (Layer.JAVA_HTTP, False, True)


def test_hand_overs_are_never_asked_for() -> None:
    assert not one(Row("sdk-api", "a", "installed"), required=()).in_use
    assert not one(Row("ipc", "a", "failed"), required=()).in_use


def test_layers_come_in_the_order_of_the_enumeration() -> None:
    states = layer_states([Row("tls", "a", "installed"), Row("java-http", "b", "installed")], {})
    assert [state.layer for state in states] == [Layer.JAVA_HTTP, Layer.TLS]


def test_a_layer_of_which_nothing_is_told_did_nothing() -> None:
    bare = LayerState(Layer.TLS, False)
    assert (bare.fired, bare.proved, bare.in_use, bare.canary) == (0, False, True, False)
